import { existsSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { editedGuards, type Relaxation } from "../judge/relaxed/relaxed";
import { type Base, commandLineOf } from "../sources/base";

/** Where this repository keeps what judges: all that a preview runs but the program itself. */
const judging = /^(tools|policy|stacks\/settings)\/|^package(-lock)?\.json$/;
const tool = /^tools\//;

/** Files by which changes are judged, and that this change edits. */
export function editedGuardsOf(base: Base): Relaxation[] {
  return editedGuards(base.changedFiles, {
    packs: packsIn(base),
    tools: hasTool(base) ? tool : undefined,
  });
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
