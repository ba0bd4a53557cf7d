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
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { launcher } from "../launchers";
import type { Plan } from "../plan/plan";
import { UsageError } from "../plan/usage-error";
import { endedBy, tailOf } from "./ended";
import { hasStack, projectFolder, stackNames } from "./in-process/project";

const run = promisify(execFile);

/** The base could not be checked out or previewed; the message says why. */
export class BaseError extends UsageError {}

export interface Base {
  /** Full id of the commit that is compared with. */
  readonly commit: string;
  /** Folder with the Pulumi.yaml of the base. */
  readonly projectDir: string;
  /** The stacks that the base has. */
  readonly stacks: readonly string[];
  /** Files that differ from it, by their path from the top of the repository: edited, added, deleted, not committed. */
  readonly changedFiles: readonly string[];
  /** The working tree holds what no commit does. */
  readonly dirty: boolean;
  /** The plan of a stack there; undefined when the base has no such stack. */
  preview(stack: string): Promise<Plan | undefined>;
  /** What the base's own command line prints as JSON; a rule that fails is no error. */
  ask(args: readonly string[]): Promise<unknown>;
  /** Calls `use` with a file that holds `text` for as long as it takes: what a command reads. */
  withFile<Result>(text: string, use: (file: string) => Promise<Result>): Promise<Result>;
  /** Ends what still runs. The checkout stays, for the next time. */
  close(): void;
}

/** Of what is checked out, so many commits stay: writing hundreds of files takes longer than a preview. */
const keptCommits = 3;

/** Lists of files of a large repository are longer than the megabyte that Node.js allows a command to print. */
const maxBuffer = 64 * 1024 * 1024;

/**
 * Checks out, aside, the commit at which the working tree left `ref`, so that what others merged since
 * then does not count as this change's doing. Nothing in the working tree is touched.
 */
export async function checkOutBase(from: string, ref: string): Promise<Base> {
  // As git names folders: absolute, and not by a link to one.
  const projectDir = realpathSync(projectFolder(from));
  const git: Git = async (args, env) =>
    (await run("git", args, { cwd: projectDir, env: { ...process.env, ...env }, maxBuffer })).stdout.replace(/\n$/, "");
  // No repository, or one of somebody else ("dubious ownership"): git says so, and what to do, better than a guess.
  const top = await git(["rev-parse", "--show-toplevel"]).catch((error: unknown) => {
    throw new BaseError(`The base ${ref} cannot be looked up: ${messageOf(error)}`);
  });
  const commit = await commitOf(git, ref);
  try {
    const folder = await filesOf(git, { commit, top }, join(projectDir, "node_modules", ".cache", "slipway", "base"));
    const [edited, status] = await Promise.all([
      git(["diff", "--name-only", "-z", "--no-renames", commit]),
      git(["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"]),
    ]);
    const added = status.split("\0").flatMap((line) => (line.startsWith("?? ") ? [line.slice(3)] : []));
    const project = join(folder, relative(top, realpathSync(projectDir)));
    if (!existsSync(project)) throw new BaseError(`The base ${ref} has no such folder.`);
    await provideDependencies(projectDir, project);
    return {
      commit,
      projectDir: project,
      // A base from before there was a project has none.
      stacks:
        existsSync(join(project, "Pulumi.yaml")) || existsSync(join(project, "Pulumi.yml")) ? stackNames(project) : [],
      changedFiles: [...new Set([...edited.split("\0"), ...added])].filter((file) => file !== ""),
      dirty: status !== "",
      ...previews(project),
    };
  } catch (error) {
    if (error instanceof BaseError) throw error;
    throw new BaseError(`The base ${ref} cannot be checked out: ${messageOf(error)}`);
  }
}

type Git = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<string>;

async function commitOf(git: Git, ref: string): Promise<string> {
  await git(["rev-parse", "--verify", "HEAD"]).catch(() => {
    throw new BaseError("This repository has no commit yet, so there is nothing to compare with.");
  });
  const tip = await git(["rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`]).catch(() => {
    const branch = ref.replace(/^origin\//, "");
    throw new BaseError(`The base ${ref} is not known here. Fetch it first: git fetch origin ${branch}`);
  });
  return git(["merge-base", tip, "HEAD"]).catch(async () => {
    // The tip of the base holds what others merged since: comparing with it would blame this branch for undoing that.
    if ((await git(["rev-parse", "--is-shallow-repository"])) === "true")
      throw new BaseError(
        `This clone is shallow and does not reach back to where the branch left ${ref}. Fetch the history first: git fetch --unshallow (in GitHub's checkout, fetch-depth: 0)`,
      );
    throw new BaseError(`This branch and ${ref} have no commit in common, so there is nothing to compare with.`);
  });
}

/** A folder with the files of a commit: whole or not there, as two of us may ask at once. */
async function filesOf(git: Git, { commit, top }: { commit: string; top: string }, kept: string): Promise<string> {
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
      await addSubmodules(git, { commit, top }, join(fresh, "files"), fresh);
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

/** Repositories within this one, each at the commit that it had; one that is not here stays an empty folder. */
async function addSubmodules(
  git: Git,
  { commit, top }: { commit: string; top: string },
  files: string,
  scratch: string,
): Promise<void> {
  const listed = (await git(["ls-tree", "-r", "-z", "--full-tree", commit])).split("\0");
  const links = listed.flatMap((line) => /^160000 commit ([0-9a-f]+)\t([^]+)$/.exec(line)?.slice(1) ?? []);
  if (links.length === 0) return;
  for (let at = 0; at < links.length; at += 2) {
    const [id, path] = [links[at]!, links[at + 1]!];
    const index = { GIT_INDEX_FILE: join(scratch, `index-${at}`) };
    const there = (...args: string[]) => git(["-C", join(top, path), ...args], index);
    // Not initialised, its folder is one of the repository around it: that has no such commit.
    await there("read-tree", id)
      .then(() => there("checkout-index", "--all", `--prefix=${join(files, path)}/`))
      .catch(() => mkdirSync(join(files, path), { recursive: true }));
  }
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** How each package manager installs exactly what its lock file says. */
const installers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "package-lock.json": ["npm", "ci", "--no-audit", "--no-fund"],
  "npm-shrinkwrap.json": ["npm", "ci", "--no-audit", "--no-fund"],
  "pnpm-lock.yaml": ["pnpm", "install", "--frozen-lockfile"],
  "yarn.lock": ["yarn", "install", "--frozen-lockfile"],
  "bun.lock": ["bun", "install", "--frozen-lockfile"],
};

/** The same lock file means the same dependencies: then a link does, and takes no time. */
async function provideDependencies(here: string, there: string): Promise<void> {
  const lock = Object.keys(installers).find((name) => existsSync(join(there, name)));
  const decisive = lock ?? "package.json";
  const modules = join(there, "node_modules");
  const isLink = lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (sameFile(join(here, decisive), join(there, decisive))) {
    if (isLink) return;
    rmSync(modules, { recursive: true, force: true });
    const installed = installedFor(here);
    if (installed !== undefined) symlinkSync(installed, modules, "dir");
    return;
  }
  if (isLink) rmSync(modules);
  // The last thing that each of them writes.
  else if ([".package-lock.json", ".modules.yaml", ".yarn-integrity"].some((file) => existsSync(join(modules, file))))
    return;
  if (lock === undefined) {
    if (!existsSync(join(there, "package.json"))) return;
    throw new BaseError(
      "The base has no lock file and another package.json, so which dependencies it had is not known. Commit a lock file.",
    );
  }
  const [command, ...args] = installers[lock]!;
  try {
    await run(command, args, { cwd: there, maxBuffer });
  } catch (error) {
    throw new BaseError(`${command} ${args[0]} failed in the base:\n${messageOf(error)}`);
  }
}

function sameFile(left: string, right: string): boolean {
  return existsSync(left) && existsSync(right) && readFileSync(left).equals(readFileSync(right));
}

/** A workspace installs at its top. */
function installedFor(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    if (existsSync(join(modules, "@pulumi")) || (at === folder && existsSync(modules))) return modules;
    if (at === dirname(at)) return undefined;
  }
}

/**
 * The base previews and judges itself, with its own command line where it has one: its code may differ from ours in
 * anything but that. A program that has none is previewed by ours.
 */
function previews(project: string): Pick<Base, "preview" | "ask" | "withFile" | "close"> {
  const children = new Set<ChildProcess>();
  const kill = () => children.forEach((child) => child.kill("SIGKILL"));
  const stop = whenInterrupted(kill);
  const ask = (args: readonly string[]) => askThere(project, args, children);
  return {
    ask,
    withFile,
    preview: async (stack) =>
      hasStack(project, stack) ? ((await ask(["preview", stack, "--json"])) as Plan) : undefined,
    close: () => {
      kill();
      stop();
    },
  };
}

/** Not by standard input: a command that reads it whole finds nothing there yet, as ours did. */
async function withFile<Result>(text: string, use: (file: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-ask-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = whenInterrupted(remove);
  try {
    const file = join(folder, "plan.json");
    writeFileSync(file, text, { mode: 0o600 });
    return await use(file);
  } finally {
    stop();
    remove();
  }
}

/** The command line that a project has of its own, in its tree or installed; undefined when it has none. */
export function commandLineOf(project: string): string | undefined {
  return [join(project, "tools"), join(project, "node_modules", "slipway", "tools")]
    .map((folder) => join(folder, "slipway.cjs"))
    .find((file) => existsSync(file));
}

async function askThere(project: string, args: readonly string[], children: Set<ChildProcess>): Promise<unknown> {
  const child = spawn(process.execPath, [commandLineOf(project) ?? launcher("slipway.cjs"), ...args], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  const said = tailOf(child.stderr);
  const chunks: Buffer[] = [];
  const isRead = new Promise<true>((resolve) =>
    child.stdout.on("data", (bytes: Buffer) => chunks.push(bytes)).once("close", () => resolve(true)),
  );
  const end = await new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve, reject) =>
    child.once("error", reject).once("exit", (code, signal) => resolve({ code, signal })),
  );
  children.delete(child);
  // What a program starts and leaves running may hold on to these: then nothing comes any more, and they stay open.
  for (let seen = -1; seen !== chunks.length;) {
    seen = chunks.length;
    if (await Promise.race([isRead, sleep(1000, false)])) break;
  }
  const printed = Buffer.concat(chunks).toString("utf8");
  for (const stream of child.stdio) stream?.destroy();
  // 2 says that a policy failed, which is not what is asked here.
  if (end.code !== 0 && end.code !== 2) {
    const isSaid = end.code === 1 && said().trim() !== "";
    throw new BaseError(
      `The ${args[0]} of the base failed:\n${isSaid ? said().trim() : endedBy("Its program", end, said())}`,
    );
  }
  const value = lastJson(printed);
  if (value === undefined)
    throw new BaseError(`The ${args[0]} of the base printed no JSON:\n${lastLines(printed.slice(0, 400))}`);
  return value;
}

/** What stands last: what a program starts may have printed before it. */
function lastJson(text: string): unknown {
  for (const { index } of text.matchAll(/^[[{]/gm)) {
    try {
      return JSON.parse(text.slice(index));
    } catch {
      // It begins further down.
    }
  }
  return undefined;
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

function messageOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return lastLines(stderr?.trim() || message);
}

/** Whole lines from the end: the reason of a failure stands there. */
function lastLines(text: string, limit = 2000): string {
  if (text.length <= limit) return text;
  const end = text.slice(-limit);
  const line = end.indexOf("\n");
  return `…\n${line === -1 ? end : end.slice(line + 1)}`;
}
