import { posix } from "node:path";
import { isUnknown, type Plan, type PlanResource } from "../../plan/plan";
import type { ComposeSecret } from "./compose-secrets";
import { isOneShot } from "./compose-service";

export interface ComposeBuild {
  readonly users: readonly PlanResource[];
  /** What a service says of its image: one carries the build, the others never pull a stranger's of the same name. */
  readonly sourceFor: (user: PlanResource) => object;
  /** The secrets that a person makes. */
  readonly secrets: readonly ComposeSecret[];
  /** For the top-level `secrets`. */
  readonly declared: Readonly<Record<string, { readonly file: string }>>;
}

export interface BuildOptions {
  /** The project's folder, as seen from the Compose file: build contexts are relative to it. */
  readonly project: string;
  /** Files for `RUN --mount=type=secret`, by id: the plan hides them. Relative to the project. */
  readonly buildSecrets: Readonly<Record<string, string>>;
  readonly short: (name: string) => string;
}

export function composeBuilds(plan: Plan, running: readonly PlanResource[], options: BuildOptions): ComposeBuild[] {
  const isBuilt = ({ type, inputs }: PlanResource) =>
    type === "docker-build:index:Image" ||
    (type === "docker:index/remoteImage:RemoteImage" && inputs["build"] !== undefined);
  return plan.resources.filter(isBuilt).flatMap((image) => {
    const users = running.filter((container) => {
      const source = imageSource(plan, container);
      return source === image || source?.dependencies.includes(image.urn) === true;
    });
    const builder = users.find(isOneShot) ?? users[0];
    if (builder === undefined) return [];
    const { build, ...rest } = composeBuild(plan, image, options);
    const sourceFor = (user: PlanResource) =>
      user === builder ? { build, pull_policy: "build" } : { pull_policy: "never" };
    return [{ users, sourceFor, ...rest }];
  });
}

function composeBuild(plan: Plan, image: PlanResource, { project, buildSecrets, short }: BuildOptions) {
  const { context, dockerfile, buildArgs } = buildInputs(image);
  const prefix = `${image.name.replace(/-build$/, "")}-`;
  const generated = plan.resources
    .filter(
      ({ urn, type }) =>
        type === "random:index/randomBytes:RandomBytes" && image.propertyDependencies["secrets"]?.includes(urn),
    )
    .map(({ name, inputs }) => ({
      name: short(name),
      id: name.slice(prefix.length).replaceAll("-", "_"),
      file: `secrets/${short(name)}`,
      how: [`openssl rand -base64 ${inputs["length"] as number} | tr -d '\\n' | keep secrets/${short(name)}`],
    }));
  const given = Object.entries(buildSecrets).map(([id, path]) => ({
    name: short(prefix + id.replaceAll("_", "-")),
    id,
    file: posix.isAbsolute(path) ? path : posix.join(project, path),
  }));
  const all = [...generated, ...given];
  return {
    secrets: generated.map(({ name, file, how }) => ({ name, files: [file], how })),
    declared: Object.fromEntries(all.map(({ name, file }) => [name, { file: fromHere(file) }])),
    build: {
      context: fromHere(posix.join(project, context.location)),
      ...(dockerfile && { dockerfile: posix.relative(context.location, dockerfile.location) }),
      ...(buildArgs && { args: buildArgs }),
      ...(all.length > 0 && { secrets: all.map(({ name, id }) => ({ source: name, target: id })) }),
    },
  };
}

/** As docker-build has them, for both providers. */
function buildInputs({ inputs }: PlanResource): BuildInputs {
  if (inputs["build"] === undefined) return inputs as unknown as BuildInputs;
  const { context, buildArgs } = inputs["build"] as { context: string; buildArgs?: Readonly<Record<string, string>> };
  return { context: { location: context }, buildArgs };
}

interface BuildInputs {
  readonly context: { readonly location: string };
  readonly dockerfile?: { readonly location: string };
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/** Containers name their image by its id, which only the host knows; the plan knows what was asked for. */
export function imageOf(plan: Plan, container: PlanResource): string {
  const { image } = container.inputs;
  if (typeof image === "string") return image;
  const source = imageSource(plan, container);
  if (source === undefined) throw new Error(`The image of ${container.name} does not come from a resource of the plan`);
  return source.inputs["name"] as string;
}

function imageSource(plan: Plan, { inputs: { image } }: PlanResource): PlanResource | undefined {
  const [source] = isUnknown(image) ? image.$unknown : [];
  return plan.resources.find(({ urn }) => source === `${urn}#imageId`);
}

/** Compose takes a path without `./` for one, too, but people do not. */
export function fromHere(path: string): string {
  return posix.isAbsolute(path) || /^\.{1,2}(\/|$)/.test(path) ? path : `./${path}`;
}
