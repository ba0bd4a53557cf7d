import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type EditedFile, editedLock, editedManifest, letThrough } from "../judge/relaxed/edited-files";
import { editedGuards, isPipeline, type Relaxation, relaxation } from "../judge/relaxed/relaxed";
import { type Base, commandLineOf } from "../sources/base";
import { projectFolder } from "../sources/in-process/project";

/** Where this repository keeps what judges: all that a preview runs but the program itself. */
const judging = /^(tools|policy|stacks\/settings)\/|^package(-lock)?\.json$/;
const tool = /^tools\//;

/** Files by which changes are judged, and that this change edits. */
export function editedGuardsOf(base: Base, projectDir: string): Relaxation[] {
  const { changedFiles } = base;
  const tops = topsOf(base, projectDir);
  const sides = (file: string): EditedFile => ({
    file,
    before: tops && textOf(join(tops.before, file)),
    after: tops && textOf(join(tops.after, file)),
  });
  const named = editedGuards(changedFiles, { packs: packsIn(base), tools: hasTool(base) ? tool : undefined });
  const known = new Set(named.map(({ subject }) => subject));
  const of = (pattern: RegExp) => changedFiles.filter((file) => pattern.test(file) && !known.has(file)).map(sides);
  return [
    ...named.map((one) => {
      const more = isPipeline(one.subject) ? letThrough(sides(one.subject)) : undefined;
      return more === undefined ? one : { ...one, message: `${one.message}; ${more}` };
    }),
    ...of(/(^|\/)package\.json$/).flatMap(editedManifest),
    ...of(/(^|\/)(package-lock|npm-shrinkwrap)\.json$/).flatMap(editedLock),
    ...readByPipelines(base, known, tops?.before),
  ];
}

/** Files beside the pipelines that these name: a configuration of the policies, a script. */
function readByPipelines({ changedFiles }: Base, known: ReadonlySet<string>, top: string | undefined): Relaxation[] {
  if (top === undefined) return [];
  const folder = join(top, ".github", "workflows");
  const pipelines = existsSync(folder) ? readdirSync(folder).map((name) => `.github/workflows/${name}`) : [];
  const texts = [...pipelines, ".gitlab-ci.yml"].map((file) => [file, textOf(join(top, file)) ?? ""] as const);
  return changedFiles
    .filter((file) => !known.has(file) && /\.(json|ya?ml|sh|[cm]?[jt]s|py|env)$|(^|\/)Makefile$/.test(file))
    .filter((file) => !/(^|\/)(package(-lock)?\.json|Pulumi\.[^/]*ya?ml)$/.test(file))
    .flatMap((file) => {
      const by = texts.find(([, text]) => new RegExp(`(^|[\\s"'=/])${literal(file)}($|[\\s"':])`, "m").test(text));
      return by ? [relaxation("source", file, `is read by ${by[0]}, which checks this change`)] : [];
    });
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The tops of the two trees; undefined where the base does not lie in a folder of its commit. */
function topsOf({ projectDir: there, commit }: Base, here: string) {
  const start = there.indexOf(commit);
  if (start < 0) return undefined;
  const before = there.slice(0, start + commit.length);
  const below = relative(before, there);
  const folder = realpathSync(projectFolder(here));
  return { before, after: below === "" ? folder : folder.slice(0, -below.length - 1) };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Whether the base's rules may answer otherwise than ours: then they are asked themselves. */
export function judgesEdited(base: Base, projectDir: string): boolean {
  if (hasTool(base)) return base.changedFiles.some((file) => judging.test(file));
  // Installed, its rules are those of its version.
  return commandLineOf(base.projectDir) !== undefined && installed(base.projectDir) !== installed(projectDir);
}

function installed(project: string): string {
  const file = join(project, "node_modules", "slipway", "package.json");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function hasTool({ projectDir }: Base): boolean {
  return existsSync(join(projectDir, "tools", "slipway.cjs"));
}

/** Folders with a policy pack, above any file that changed, on either side. */
function packsIn({ changedFiles, projectDir, commit }: Base): string[] {
  const top = projectDir.slice(0, projectDir.indexOf(commit) + commit.length);
  const folders = new Set(
    changedFiles.flatMap((file) => {
      const parts = file.split("/").slice(0, -1);
      return parts.map((_, depth) => parts.slice(0, depth + 1).join("/"));
    }),
  );
  const named = changedFiles
    .filter((file) => /(^|\/)PulumiPolicy\.yaml$/.test(file))
    .map((file) => file.replace(/\/?PulumiPolicy\.yaml$/, ""));
  return [...[...folders].filter((folder) => existsSync(join(top, folder, "PulumiPolicy.yaml"))), ...named].filter(
    (folder) => folder !== "" && relative(top, join(top, folder)).split(sep)[0] !== "..",
  );
}
