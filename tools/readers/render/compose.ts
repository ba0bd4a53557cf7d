import { stringify } from "yaml";
import { customResources, type Plan, type PlanResource } from "../../plan/plan";
import { composeBuilds, fromHere, imageOf } from "./compose-build";
import { type ComposeFile, containerFiles, serviceName } from "./compose-files";
import { prepareScript } from "./compose-prepare";
import { type ComposeSecret, howToMake } from "./compose-secrets";
import { composeService, isOneShot } from "./compose-service";
import { documentation } from "../../../components/shared/documentation";

export interface ComposeProject {
  /** `compose.yaml`. */
  readonly compose: string;
  /** What belongs beside it, by relative path: configuration, and the script that makes the secrets. */
  readonly files: Readonly<Record<string, string>>;
  /** What the script makes, each with the shell commands for it. */
  readonly secrets: readonly ComposeSecret[];
}

export interface ComposeOptions {
  /** The project's folder, as seen from the Compose file: build contexts are relative to it. Default: `.`. */
  readonly project?: string;
  /** Files for `RUN --mount=type=secret`, by id: the plan hides them. Relative to the project. */
  readonly buildSecrets?: Readonly<Record<string, string>>;
}

/**
 * The stack as a Compose project: the same containers, networks and volumes, with configuration as files beside it and
 * secrets as references to files that a script makes. No value of a secret is in any of it.
 *
 * Compose copies a `content:` into the container, which a read-only root refuses; so every file is mounted from the host.
 */
export function renderCompose(plan: Plan, { project = ".", buildSecrets = {} }: ComposeOptions = {}): ComposeProject {
  // The networks are called as everything begins: slipway:docker.name.
  const prefix = plan.resources.find(({ type }) => type === "slipway:network:DockerNetworks")?.name ?? "slipway";
  const short = (name: string) => name.replace(`${prefix}-`, "");
  const resources = customResources(plan);
  const containers = ofType(resources, "docker:index/container:Container");
  // One without files is for the owner of a volume, and runs to its end as a migration does.
  const writers = containers.filter(({ inputs }) => inputs["start"] === false && inputs["uploads"] !== undefined);
  const running = containers.filter((container) => !writers.includes(container));

  const files = containerFiles(plan, writers, short);
  const configs = files.filter(({ content }) => content !== undefined);
  const secretFiles = files.filter(({ content }) => content === undefined);
  const builds = composeBuilds(plan, running, { project, buildSecrets, short });
  const secrets = [...secretFiles.map((file) => howToMake(plan, file)), ...builds.flatMap((build) => build.secrets)];

  const volumes = ofType(resources, "docker:index/volume:Volume").filter(
    ({ inputs }) => !files.some(({ volume }) => volume === inputs["name"]),
  );
  const kept = volumes.filter(({ options }) => options.protect).map(({ inputs }) => inputs["name"] as string);

  const leftOut: string[] = [];
  const services = running.map((container): [string, object] => {
    const build = builds.find(({ users }) => users.includes(container))?.sourceFor(container);
    const service = composeService(container, { files, short, leftOut });
    const waits = dependsOn(plan, container, running, short);
    return [serviceName(container, short), { image: imageOf(plan, container), ...build, ...service, ...waits }];
  });
  const document = {
    // Compose takes lower case alone.
    name: `slipway-${plan.stack.toLowerCase().replaceAll(".", "-")}`,
    services: sharingReplicas(services),
    networks: named(ofType(resources, "docker:index/network:Network"), short, ({ inputs: { driver, internal } }) => ({
      driver,
      ...(internal === true && { internal }),
    })),
    volumes: named(volumes, short, ({ inputs: { name, driverOpts } }) => ({
      name,
      ...(driverOpts !== undefined && { driver_opts: driverOpts }),
      ...(kept.includes(name as string) && { external: true }),
    })),
    configs: topLevel(configs),
    secrets: Object.assign(topLevel(secretFiles), ...builds.map(({ declared }) => declared)),
  };
  const others = resources.filter(({ type }) => !/^(docker|docker-build|random|tls):/.test(type));
  return {
    compose:
      preamble(plan, kept, leftOut, others) +
      stringify(escaped(document), { lineWidth: 0, anchorPrefix: "replica", compat: "yaml-1.1" }),
    files: {
      ...Object.fromEntries(configs.map(({ path, content }) => [path, content!])),
      "prepare.sh": prepareScript(secrets, kept),
    },
    secrets,
  };
}

/** In the order of names, so that two renderings can be compared. */
function ofType(resources: readonly PlanResource[], asked: string): PlanResource[] {
  return resources.filter(({ type }) => type === asked).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function named(
  resources: readonly PlanResource[],
  short: (name: string) => string,
  content: (resource: PlanResource) => object,
): Record<string, object> {
  return Object.fromEntries(resources.map((resource) => [short(resource.inputs["name"] as string), content(resource)]));
}

function topLevel(files: readonly ComposeFile[]): Record<string, { file: string }> {
  return Object.fromEntries(files.map(({ name, path }) => [name, { file: fromHere(path) }]));
}

function preamble(
  plan: Plan,
  kept: readonly string[],
  leftOut: readonly string[],
  others: readonly PlanResource[],
): string {
  return [
    `Stack "${plan.stack}", rendered by Slipway. Nothing in here is a secret: ${documentation("docker.md#without-pulumi")}`,
    "",
    "  sh prepare.sh && docker compose up -d --wait",
    "",
    "prepare.sh makes each file under secrets/ that is not there yet, and keeps those that are.",
    ...(kept.length === 0 ? [] : ["The external volumes hold data: prepare.sh makes them, and `down -v` leaves them."]),
    ...(leftOut.length === 0 ? [] : ["", "Left out:", ...leftOut.map((line) => `  ${line}`)]),
    ...(others.length === 0
      ? []
      : ["", "Not of Docker, and so not in here:", ...others.map(({ type, name }) => `  ${name} (${type})`)]),
  ]
    .map((line) => (line === "" ? "#\n" : `# ${line}\n`))
    .join("");
}

/** What the container, or a component around it, waits for, as far as it is a container that runs. */
function dependsOn(
  plan: Plan,
  container: PlanResource,
  running: readonly PlanResource[],
  short: (name: string) => string,
): object {
  const waited = new Set<string>();
  for (let each: PlanResource | undefined = container; each !== undefined;) {
    each.dependencies.forEach((urn) => waited.add(urn));
    const { parent }: PlanResource = each;
    each = plan.resources.find(({ urn }) => urn === parent);
  }
  const first = running.filter(({ urn }) => waited.has(urn));
  if (first.length === 0) return {};
  return {
    depends_on: Object.fromEntries(
      first.map((other) => [serviceName(other, short), { condition: conditionOf(other) }]),
    ),
  };
}

function conditionOf(other: PlanResource): string {
  if (isOneShot(other)) return "service_completed_successfully";
  return other.inputs["wait"] === true ? "service_healthy" : "service_started";
}

/** Replicas are equal: the same object, which YAML then writes once. */
function sharingReplicas(services: readonly (readonly [string, object])[]): Record<string, object> {
  const seen = new Map<string, object>();
  return Object.fromEntries(
    services.map(([name, service]) => {
      const key = JSON.stringify(service);
      if (!seen.has(key)) seen.set(key, service);
      return [name, seen.get(key)!];
    }),
  );
}

/** Compose reads `$` as the start of a variable. Objects that are the same stay the same. */
function escaped(value: unknown, done = new Map<object, unknown>()): unknown {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (typeof value !== "object" || value === null) return value;
  if (!done.has(value)) {
    done.set(
      value,
      Array.isArray(value)
        ? value.map((item) => escaped(item, done))
        : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escaped(item, done)])),
    );
  }
  return done.get(value);
}
