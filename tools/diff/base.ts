import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import type { Plan } from "../plan/plan";

const run = promisify(execFile);

/** The base could not be checked out or previewed; the message says why. */
export class BaseError extends Error {}

export interface Base {
  /** Full id of the commit that is compared with. */
  readonly commit: string;
  /** Folder with the Pulumi.yaml of the base. */
  readonly projectDir: string;
  /** The plan of a stack there; undefined when the base has no such stack. */
  preview(stack: string): Promise<Plan | undefined>;
  remove(): void;
}

/**
 * Checks out, aside, the commit at which the working tree left `ref`, so that what others merged since
 * then does not count as this change's doing. Nothing in the working tree is touched.
 */
export async function checkOutBase(projectDir: string, ref: string): Promise<Base> {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: projectDir, encoding: "utf8", stdio: "pipe" }).trim();
  const commit = commitOf(git, ref);
  const top = git("rev-parse", "--show-toplevel");
  const folder = mkdtempSync(join(tmpdir(), "slipway-base-"));
  const children = new Set<ChildProcess>();
  const remove = () => {
    for (const child of children) child.kill("SIGKILL");
    process.off("exit", remove);
    for (const signal of signals) process.off(signal, interrupted);
    rmSync(folder, { recursive: true, force: true });
    git("worktree", "prune");
  };
  const interrupted = (signal: NodeJS.Signals) => {
    remove();
    process.kill(process.pid, signal);
  };
  process.once("exit", remove);
  for (const signal of signals) process.once(signal, interrupted);

  try {
    git("worktree", "add", "--detach", "--force", folder, commit);
    const project = join(folder, relative(top, projectDir));
    await provideDependencies(projectDir, project);
    return { commit, projectDir: project, remove, preview: (stack) => previewThere(project, stack, children) };
  } catch (error) {
    remove();
    throw error instanceof BaseError
      ? error
      : new BaseError(`The base ${ref} cannot be checked out: ${messageOf(error)}`);
  }
}

const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

function commitOf(git: (...args: string[]) => string, ref: string): string {
  try {
    const tip = git("rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`);
    try {
      return git("merge-base", tip, "HEAD");
    } catch {
      // A shallow clone does not reach back that far: the tip is the best there is.
      return tip;
    }
  } catch {
    throw new BaseError(`The base ${ref} is not known here. Fetch it first: git fetch origin ${ref}`);
  }
}

/** The same lock file means the same dependencies: then a link does, and takes no time. */
async function provideDependencies(here: string, there: string): Promise<void> {
  const lock = "package-lock.json";
  const [ours, theirs] = [join(here, lock), join(there, lock)];
  const same = existsSync(ours) && existsSync(theirs) && readFileSync(ours).equals(readFileSync(theirs));
  if (same && existsSync(join(here, "node_modules"))) {
    symlinkSync(join(here, "node_modules"), join(there, "node_modules"), "dir");
    return;
  }
  try {
    await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: there, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw new BaseError(`npm ci failed in the base: ${messageOf(error)}`);
  }
}

/** The base previews itself, with its own command line: its code may differ from ours in anything but that. */
async function previewThere(project: string, stack: string, children: Set<ChildProcess>): Promise<Plan | undefined> {
  if (!existsSync(join(project, `Pulumi.${stack}.yaml`))) return undefined;
  const program = join(project, "tools", "slipway.cjs");
  if (!existsSync(program)) throw new BaseError("The base has no tools/slipway.cjs: it is older than the preview.");
  const child = spawn(process.execPath, [program, "preview", stack, "--json"], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  const [output, errors, status] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve)),
  ]);
  children.delete(child);
  // 2 says that a policy failed, which is not what is asked here.
  if (status !== 0 && status !== 2)
    throw new BaseError(`The preview of the base failed: ${errors.trim().slice(-2000)}`);
  try {
    return JSON.parse(output) as Plan;
  } catch {
    throw new BaseError(`The base printed no plan: ${output.slice(0, 200)}`);
  }
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function messageOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).slice(-2000);
}
