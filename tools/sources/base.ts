import { execFile, spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import type { Plan } from "../plan/plan";
import { hasStack, projectFolder } from "./in-process/project";

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
  /** Ends what still runs. The checkout stays, for the next time. */
  close(): void;
}

/** Of what is checked out, so many commits stay: writing hundreds of files takes longer than a preview. */
const keptCommits = 3;

/**
 * Checks out, aside, the commit at which the working tree left `ref`, so that what others merged since
 * then does not count as this change's doing. Nothing in the working tree is touched.
 */
export async function checkOutBase(from: string, ref: string): Promise<Base> {
  // As git names folders: absolute, and not by a link to one.
  const projectDir = realpathSync(projectFolder(from));
  const git: Git = async (args, env) =>
    (await run("git", args, { cwd: projectDir, env: { ...process.env, ...env } })).stdout.trim();
  const commit = await commitOf(git, ref);
  try {
    const folder = await filesOf(git, commit, join(projectDir, "node_modules", ".cache", "slipway", "base"));
    const project = join(folder, relative(await git(["rev-parse", "--show-toplevel"]), projectDir));
    await provideDependencies(projectDir, project);
    return { commit, projectDir: project, ...previews(project) };
  } catch (error) {
    if (error instanceof BaseError) throw error;
    throw new BaseError(`The base ${ref} cannot be checked out: ${messageOf(error)}`);
  }
}

type Git = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<string>;

async function commitOf(git: Git, ref: string): Promise<string> {
  // No repository, or one of somebody else ("dubious ownership"): git says so, and what to do, better than a guess.
  await git(["rev-parse", "--show-toplevel"]).catch((error: unknown) => {
    throw new BaseError(`The base ${ref} cannot be looked up: ${messageOf(error)}`);
  });
  const tip = await git(["rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`]).catch(() => {
    throw new BaseError(`The base ${ref} is not known here. Fetch it first: git fetch origin ${ref}`);
  });
  // A shallow clone does not reach back to where they parted: the tip is the best there is.
  return git(["merge-base", tip, "HEAD"]).catch(() => tip);
}

/** A folder with the files of a commit: whole or not there, as two of us may ask at once. */
async function filesOf(git: Git, commit: string, kept: string): Promise<string> {
  const folder = join(kept, commit);
  if (!existsSync(folder)) {
    mkdirSync(kept, { recursive: true });
    const fresh = mkdtempSync(join(kept, "new-"));
    const remove = () => rmSync(fresh, { recursive: true, force: true });
    const stop = whenInterrupted(remove);
    try {
      const index = { GIT_INDEX_FILE: join(fresh, "index") };
      await git(["read-tree", commit], index);
      await git(["checkout-index", "--all", `--prefix=${join(fresh, "files")}/`], index);
      rename(join(fresh, "files"), folder);
    } finally {
      stop();
      remove();
    }
  }
  utimesSync(folder, new Date(), new Date());
  const oldest = readdirSync(kept)
    .map((name) => join(kept, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    .slice(keptCommits);
  for (const old of oldest) rmSync(old, { recursive: true, force: true });
  return folder;
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** The same lock file means the same dependencies: then a link does, and takes no time. */
async function provideDependencies(here: string, there: string): Promise<void> {
  const locks = [here, there].map((folder) => join(folder, "package-lock.json"));
  const same = locks.every((lock) => existsSync(lock)) && readFileSync(locks[0]!).equals(readFileSync(locks[1]!));
  const modules = join(there, "node_modules");
  const isLink = lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (same) {
    if (isLink) return;
    rmSync(modules, { recursive: true, force: true });
    symlinkSync(join(here, "node_modules"), modules, "dir");
    return;
  }
  if (isLink) rmSync(modules);
  // npm writes this file last.
  else if (existsSync(join(modules, ".package-lock.json"))) return;
  try {
    await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: there, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw new BaseError(`npm ci failed in the base: ${messageOf(error)}`);
  }
}

/** The base previews itself, with its own command line: its code may differ from ours in anything but that. */
function previews(project: string): Pick<Base, "preview" | "close"> {
  const children = new Set<ChildProcess>();
  const kill = () => children.forEach((child) => child.kill("SIGKILL"));
  const stop = whenInterrupted(kill);
  return {
    preview: (stack) => previewThere(project, stack, children),
    close: () => {
      kill();
      stop();
    },
  };
}

async function previewThere(project: string, stack: string, children: Set<ChildProcess>): Promise<Plan | undefined> {
  if (!hasStack(project, stack)) return undefined;
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

/** Until the function that it returns is called: also when the process ends, by itself or by a signal. */
function whenInterrupted(clean: () => void): () => void {
  const interrupted = (signal: NodeJS.Signals) => {
    clean();
    stop();
    process.kill(process.pid, signal);
  };
  const stop = () => {
    process.off("exit", clean);
    for (const signal of signals) process.off(signal, interrupted);
  };
  process.once("exit", clean);
  for (const signal of signals) process.once(signal, interrupted);
  return stop;
}

const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function messageOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).slice(-2000);
}
