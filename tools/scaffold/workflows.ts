import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { isMap, isScalar, parseDocument, type Document, type YAMLMap } from "yaml";
import { packageFolder } from "../../components/shared/documentation";

/**
 * GitHub's workflows for a repository that has its project in a folder: those of this package, with the paths of that
 * repository. By path from the repository's top, with their text.
 *
 * @throws Error when the folder is in no repository.
 */
export function workflowFiles(folder: string): { readonly top: string; readonly files: Record<string, string> } {
  // The folder itself may be yet to be made.
  let cwd = folder;
  while (!existsSync(cwd)) cwd = dirname(cwd);
  const { status, stdout } = spawnSync("git", ["rev-parse", "--show-toplevel"], { cwd, encoding: "utf8" });
  if (status !== 0)
    throw new RunError(
      `${folder} is in no git repository, at whose top GitHub looks for workflows: git init makes one`,
    );
  const top = stdout.trim();
  const at = relative(top, join(realpathSync(cwd), relative(cwd, folder))).replaceAll("\\", "/") || ".";
  const source = join(packageFolder(), ".github", "workflows");
  const files = readdirSync(source).map((name) => [
    `.github/workflows/slipway-${name}`,
    adapted(readFileSync(join(source, name), "utf8"), at),
  ]);
  return { top, files: Object.fromEntries(files) as Record<string, string> };
}

/** A workflow whose commands run in a folder of the repository, with the packages of that folder. */
function adapted(text: string, folder: string): string {
  const document = parseDocument(text);
  for (const job of jobsOf(document)) {
    const steps = stepsOf(job);
    if (!steps.some((step) => step.get("run") === "npm ci")) continue;
    // Where the repository is checked out: a job that keeps files beside it says so.
    const checkout = steps.find((step) => (step.get("uses") as string | undefined)?.startsWith("actions/checkout@"));
    const root = checkout?.getIn(["with", "path"]) as string | undefined;
    for (const step of steps) {
      inFolder(step, folder, root);
    }
  }
  return (
    document
      .toString({ lineWidth: 120, flowCollectionPadding: false })
      // zizmor looks for its remark on the line that it is about.
      .replace(/:\n +(# zizmor: )/g, ": $1")
      .replace("|| 'app/Dockerfile'", "|| 'Dockerfile'")
  );
}

function inFolder(step: YAMLMap, folder: string, root: string | undefined): void {
  const uses = (step.get("uses") as string | undefined) ?? "";
  const project = posix.join(root ?? ".", folder);
  const isCached = step.getIn(["with", "cache"]) !== undefined;
  if (uses.startsWith("actions/setup-node@") && isCached)
    step.setIn(["with", "cache-dependency-path"], posix.join(project, "package-lock.json"));
  if (uses.startsWith("actions/upload-artifact@") && root === undefined) {
    step.setIn(["with", "path"], posix.join(project, step.getIn(["with", "path"]) as string));
  }
  const run = step.get("run", true);
  if (!isScalar<string>(run) || (root !== undefined && step.get("working-directory") !== root)) return;
  if (project !== ".") step.set("working-directory", project);
  const up = folder === "." ? "" : "../".repeat(folder.split("/").length);
  run.value = run.value
    .replace(/(?<![\w./-])((?:\.\.\/)?)(review|receipts)\//g, `${up}$1$2/`)
    .replace("--policy-pack policy ", "--policy-pack node_modules/slipway/dist/policy ");
}

function jobsOf(document: Document): YAMLMap[] {
  const jobs = document.get("jobs");
  return isMap(jobs) ? jobs.items.map(({ value }) => value as YAMLMap) : [];
}

function stepsOf(job: YAMLMap): YAMLMap[] {
  return (job.get("steps") as { items: YAMLMap[] } | undefined)?.items ?? [];
}
