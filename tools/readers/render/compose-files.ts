import { isSecret, isUnknown, type Plan, type PlanResource, type PlanValue } from "../../plan/plan";

/** A file that a container that is never started would copy into a volume: components/shared/docker-files.ts. */
export interface ComposeFile {
  /** The volume, by its full name. */
  readonly volume: string;
  /** File name in the volume. */
  readonly file: string;
  /** Absent: a secret. */
  readonly content?: string;
  /** The component whose file it is, such as the database. */
  readonly owner: PlanResource;
  /** What the owner calls it: `password`. */
  readonly key: string;
  /** What the Compose file calls it. */
  readonly name: string;
  /** Relative to the Compose file. */
  readonly path: string;
}

export function containerFiles(
  plan: Plan,
  writers: readonly PlanResource[],
  short: (name: string) => string,
): ComposeFile[] {
  const files = writers.flatMap((writer) => filesOf(plan, writer, short)).sort((a, b) => (a.path < b.path ? -1 : 1));
  files.forEach(({ path, volume }, index) => {
    const next = files[index + 1];
    if (next?.path === path) throw new Error(`${volume} and ${next.volume} both have a file for ${path}`);
  });
  return files;
}

function filesOf(plan: Plan, writer: PlanResource, short: (name: string) => string): ComposeFile[] {
  const { mounts, uploads } = writer.inputs as unknown as WriterInputs;
  const of = (urn: string | undefined) => plan.resources.find((resource) => resource.urn === urn);
  const owner = of(of(writer.parent)?.parent) ?? writer;
  // The application's own secrets are in a store; everything else is with what uses it.
  const folder = owner.type === "slipway:secrets:DockerSecrets" ? "app" : short(owner.name);
  return mounts.flatMap(({ source, target }) =>
    uploads
      .filter(({ file }) => file.startsWith(`${target}/`))
      .map(({ file: path, content }) => {
        const file = path.slice(target.length + 1);
        const key = target.slice(target.lastIndexOf("/") + 1);
        const secret = isSecret(content);
        return {
          volume: source,
          file,
          ...(!secret && { content: textOf(plan, content, short) }),
          owner,
          key,
          name: `${folder}-${secret ? key : file.replaceAll(".", "-")}`,
          path: secret ? `secrets/${folder}-${key}` : `configuration/${folder}/${file}`,
        };
      }),
  );
}

/** A container is named by Docker when it is created; within a Compose project, its service's name leads to it. */
function textOf(plan: Plan, content: PlanValue, short: (name: string) => string): string {
  if (!isUnknown(content)) return content as string;
  return (content.template ?? "{0}").replace(/\{(\d+)\}/g, (hole, index: string) => {
    const [urn, property] = content.$unknown[Number(index)]?.split("#") ?? [];
    const container = plan.resources.find((resource) => resource.urn === urn);
    return container === undefined || property !== "name" ? hole : serviceName(container, short);
  });
}

/** The name that other containers know it by; a replica has none of its own. */
export function serviceName({ name, inputs }: PlanResource, short: (name: string) => string): string {
  return short(typeof inputs["name"] === "string" ? inputs["name"] : name);
}

interface WriterInputs {
  readonly mounts: readonly { readonly source: string; readonly target: string }[];
  readonly uploads: readonly { readonly file: string; readonly content: PlanValue }[];
}
