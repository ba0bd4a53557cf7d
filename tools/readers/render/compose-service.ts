import { createHash } from "node:crypto";
import { isUnknown, type PlanResource, type PlanValue } from "../../plan/plan";
import type { ComposeFile } from "./compose-files";
import { known } from "./known";

export interface ServiceContext {
  readonly files: readonly ComposeFile[];
  /** A physical name without the stack's prefix. */
  readonly short: (name: string) => string;
  /** Takes a line for each thing that could not be said in Compose. */
  readonly leftOut: string[];
}

/** A container that runs to its end, such as a migration. */
export function isOneShot({ inputs }: PlanResource): boolean {
  return inputs["mustRun"] === false;
}

/** A container's inputs in Compose's words, but for its image, its build and what it waits for. */
export function composeService(container: PlanResource, { files, short, leftOut }: ServiceContext): object {
  const { envs, labels, image: _, ...rest } = container.inputs;
  const of = `${short(container.name)}: `;
  const lost: string[] = [];
  const inputs = known(rest, "", lost) as unknown as Inputs;
  leftOut.push(...lost.map((line) => of + line));
  leftOut.push(...Object.keys(rest).flatMap((key) => (key in rows || notOfCompose.has(key) ? [] : [`${of}${key}`])));

  const read = (inputs.mounts ?? []).flatMap((mount) =>
    files
      .filter(({ volume }) => volume === mount.source)
      .map((file) => ({ ...file, target: `${mount.target}/${file.file}` })),
  );
  const configs = read.filter(({ content }) => content !== undefined);
  const secrets = read.filter(({ content }) => content === undefined);
  return {
    ...environment(envs, of, leftOut),
    labels: { ...knownLabels(labels), ...versionLabel(configs) },
    ...Object.fromEntries(
      Object.entries(rows).flatMap(([key, row]) => (key in inputs ? Object.entries(row(inputs, short)) : [])),
    ),
    ...listed("volumes", volumes(inputs.mounts ?? [], files, short)),
    ...listed(
      "configs",
      configs.map(({ name: source, target }) => ({ source, target })),
    ),
    ...listed(
      "secrets",
      secrets.map(({ name: source, target }) => ({ source, target })),
    ),
  };
}

interface Inputs {
  readonly user: string;
  readonly command: readonly string[];
  readonly entrypoints: readonly string[];
  readonly readOnly: boolean;
  readonly capabilities: { readonly drops?: readonly string[]; readonly adds?: readonly string[] };
  readonly securityOpts: readonly string[];
  readonly init: boolean;
  readonly restart: string;
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly cpus: string;
  readonly memory: number;
  readonly memorySwap: number;
  readonly shmSize: number;
  readonly logDriver: string;
  readonly logOpts: Readonly<Record<string, string>>;
  readonly networksAdvanced: readonly { readonly name: string; readonly aliases?: readonly string[] }[];
  readonly networkMode: string;
  readonly ports: readonly {
    readonly ip?: string;
    readonly external: number;
    readonly internal: number;
    readonly protocol?: string;
  }[];
  readonly mounts?: readonly Mount[];
  readonly healthcheck: Healthcheck;
  readonly stopSignal: string;
  readonly stopTimeout: number;
}

interface Mount {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly readOnly?: boolean;
}

interface Healthcheck {
  readonly tests: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly retries?: number;
  readonly startPeriod?: string;
}

/** One row an input of `docker.Container`, in the order in which a person reads a service. */
const rows: Readonly<Record<string, (inputs: Inputs, short: (name: string) => string) => object>> = {
  user: ({ user }) => ({ user }),
  entrypoints: ({ entrypoints }) => ({ entrypoint: entrypoints }),
  command: ({ command }) => ({ command }),
  readOnly: ({ readOnly }) => ({ read_only: readOnly }),
  capabilities: ({ capabilities: { drops, adds } }) => ({
    ...(drops && { cap_drop: drops }),
    ...(adds && { cap_add: adds }),
  }),
  securityOpts: ({ securityOpts }) => ({ security_opt: securityOpts }),
  tmpfs: ({ tmpfs }) => ({ tmpfs: Object.entries(tmpfs).map(([folder, options]) => `${folder}:${options}`) }),
  init: ({ init }) => ({ init }),
  restart: ({ restart }) => ({ restart }),
  cpus: ({ cpus }) => ({ cpus }),
  memory: ({ memory }) => ({ mem_limit: `${memory}m` }),
  memorySwap: ({ memorySwap }) => ({ memswap_limit: `${memorySwap}m` }),
  shmSize: ({ shmSize }) => ({ shm_size: `${shmSize}m` }),
  logDriver: ({ logDriver, logOpts }) => ({ logging: { driver: logDriver, options: logOpts } }),
  networksAdvanced: ({ networksAdvanced }, short) => ({
    networks: Object.fromEntries(
      networksAdvanced.map(({ name, aliases }) => [short(name), aliases ? { aliases } : {}]),
    ),
  }),
  networkMode: ({ networkMode }) => ({ network_mode: networkMode }),
  ports: ({ ports }) => ({
    ports: ports.map(({ ip, external, internal, protocol = "tcp" }) => ({
      ...(ip !== undefined && { host_ip: ip }),
      published: String(external),
      target: internal,
      protocol,
    })),
  }),
  healthcheck: ({ healthcheck }) => ({ healthcheck: healthcheckOf(healthcheck) }),
  stopSignal: ({ stopSignal }) => ({ stop_signal: stopSignal }),
  stopTimeout: ({ stopTimeout }) => ({ stop_grace_period: `${stopTimeout}s` }),
};

/** Rendered elsewhere, or of no meaning outside of Pulumi: how its provider waits. */
const notOfCompose = new Set(
  "mounts name logOpts attach logs mustRun wait waitTimeout destroyGraceSeconds start".split(" "),
);

function healthcheckOf({ tests, interval, timeout, retries, startPeriod }: Healthcheck): object {
  if (tests[0] === "NONE") return { disable: true };
  return { test: tests, interval, timeout, retries, ...(startPeriod && { start_period: startPeriod }) };
}

function environment(envs: PlanValue | undefined, of: string, leftOut: string[]): object {
  if (!Array.isArray(envs)) return {};
  const variables = (envs as readonly PlanValue[]).flatMap((env): [string, string][] => {
    if (typeof env !== "string") {
      const name = isUnknown(env) ? (env.template?.split("=")[0] ?? "a variable") : "a variable";
      leftOut.push(`${of}${name}, known only after deployment`);
      return [];
    }
    const at = env.indexOf("=");
    return [[env.slice(0, at), env.slice(at + 1)]];
  });
  return { environment: Object.fromEntries(variables) };
}

/** Without those whose value Pulumi makes to replace a container. */
function knownLabels(labels: PlanValue | undefined): Record<string, string> {
  const all = (labels ?? []) as unknown as readonly { readonly label: string; readonly value: PlanValue }[];
  return Object.fromEntries(
    all.flatMap(({ label, value }) => (typeof value === "string" ? [[label, value] as const] : [])),
  );
}

/** Compose does not see that a mounted file has changed: the label makes it replace the container. */
function versionLabel(configs: readonly ComposeFile[]): object {
  if (configs.length === 0) return {};
  const hash = createHash("sha256");
  for (const { path, content } of configs) hash.update(`${path}\0${content}\0`);
  return { "app.slipway.configuration": hash.digest("hex").slice(0, 12) };
}

function volumes(mounts: readonly Mount[], files: readonly ComposeFile[], short: (name: string) => string): object[] {
  return mounts
    .filter(({ source }) => !files.some(({ volume }) => volume === source))
    .map(({ type, source, target, readOnly }) => ({
      type,
      source: type === "volume" ? short(source) : source,
      target,
      ...(readOnly && { read_only: true }),
      // A folder that is not there is a mistake, not a wish for an empty one.
      ...(type === "bind" && { bind: { create_host_path: false } }),
    }));
}

const listed = (key: string, items: readonly object[]) => (items.length === 0 ? {} : { [key]: items });
