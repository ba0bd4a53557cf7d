import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { runInNewContext } from "node:vm";
import { parse } from "yaml";
import { projectDir } from "../project";
import { assumeRole } from "./oidc";

/**
 * Runs the jobs of a workflow as GitHub's runner would, as far as these workflows go: expressions, `if`, environments of
 * steps, outputs, artifacts. Actions are stand-ins; scripts are run as they are, but `npm ci`, which is a link.
 */
export interface Surroundings {
  /** Contexts of expressions: `github`, `vars` of the repository, `environmentVars`, `secrets`, `needs`, `matrix`. */
  readonly contexts: Readonly<Record<string, unknown>>;
  /** Commands that stand for others, by name: a script for `sh`. It finds `$LOG`. */
  readonly commands?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Where artifacts are kept between workflows. */
  readonly artifacts: string;
  /** Makes what `actions/checkout` would. */
  checkout(folder: string): void;
}

export interface Outcome {
  readonly ran: boolean;
  readonly status: number;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the stand-ins were called with. */
  readonly log: string;
  readonly printed: string;
  readonly folder: string;
}

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly "working-directory"?: string;
}

export interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

export function jobsOf(file: string): Readonly<Record<string, Job>> {
  const text = readFileSync(join(projectDir, ".github", "workflows", file), "utf8");
  return (parse(text) as { jobs: Record<string, Job> }).jobs;
}

/** A variable or secret that nobody set is an empty text. */
function orEmpty(values: unknown): unknown {
  return new Proxy((values ?? {}) as Record<string, unknown>, { get: (all, name: string) => all[name] ?? "" });
}

export function runJob(job: Job, { contexts, commands = {}, env = {}, artifacts, checkout }: Surroundings): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "slipway-workflow-"));
  const [log, bin, work, output] = ["log", "bin", "work", "output"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const made of [bin, work, artifacts]) mkdirSync(made, { recursive: true });
  for (const [name, script] of Object.entries(commands))
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> "$LOG"\n${script}\n`, { mode: 0o755 });
  writeFileSync(log, "");
  const outputs: Record<string, Record<string, string>> = {};
  const { environmentVars, ...given } = contexts;
  const steps = new Proxy({}, { get: (_, id: string) => ({ outputs: orEmpty(outputs[id]) }) });
  const known = {
    ...given,
    ...{ vars: orEmpty(contexts["vars"]), secrets: orEmpty(contexts["secrets"]), steps },
    ...{ cancelled: () => false, always: () => true, fromJSON: (text: string): unknown => JSON.parse(text) },
  };
  const evaluate = (expression: string): unknown => runInNewContext(expression.replace(/^\$\{\{|\}\}$/g, ""), known);
  const shown = (value: unknown) =>
    ["string", "number", "boolean"].includes(typeof value) ? `${value as string}` : "";
  const filled = (text: unknown): string =>
    shown(text).replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => shown(evaluate(expression)));
  const none: Outcome = { ran: false, status: 0, outputs, log: "", printed: "", folder };
  if (job.if !== undefined && !evaluate(job.if)) return none;
  // "Available after their environment is declared by the runner", so not to the condition of the job.
  known.vars = orEmpty({ ...(contexts["vars"] as object), ...(environmentVars as object) });

  let [status, printed] = [0, ""];
  for (const step of job.steps) {
    // After a failure only what says `always()`.
    if (status !== 0 && !step.if?.includes("always()")) continue;
    if (step.if !== undefined && !evaluate(step.if)) continue;
    const inputs = Object.fromEntries(Object.entries(step.with ?? {}).map(([name, value]) => [name, filled(value)]));
    const action = step.uses?.split("@")[0];
    if (action === "actions/checkout") checkout(join(work, inputs["path"] ?? "."));
    else if (action === "actions/upload-artifact") copy(join(work, inputs["path"]!), join(artifacts, inputs["name"]!));
    else if (action === "actions/download-artifact") {
      const wanted = inputs["pattern"]?.replace(/\*$/, "");
      for (const name of readdirSync(artifacts))
        if (wanted === undefined ? name === inputs["name"] : name.startsWith(wanted))
          cpSync(join(artifacts, name), join(work, inputs["path"]!), { recursive: true });
    } else if (action === "aws-actions/configure-aws-credentials" && env["STS_URL"] !== undefined) {
      // A job without the permission is not told where tokens are to be had.
      const token = job.permissions?.["id-token"] === "write" ? {} : { ACTIONS_ID_TOKEN_REQUEST_URL: "" };
      const assumed = spawnSync(process.execPath, ["-e", assumeRole], {
        encoding: "utf8",
        env: { ...env, ...token, ROLE: inputs["role-to-assume"] },
      });
      printed += assumed.stdout + assumed.stderr;
      status = assumed.status ?? 1;
      appendFileSync(log, `assumes ${inputs["role-to-assume"]}: ${status}\n`);
    } else if (action !== undefined) appendFileSync(log, `uses ${action} ${JSON.stringify(inputs)}\n`);
    if (step.run === undefined || step.run === "npm ci") continue;
    writeFileSync(output, "");
    const run = spawnSync("bash", ["-eo", "pipefail", "-c", filled(step.run)], {
      cwd: join(work, step["working-directory"] ?? "."),
      encoding: "utf8",
      env: {
        ...{
          PATH: `${bin}:${join(projectDir, "node_modules", ".bin")}:${process.env["PATH"]}`,
          HOME: folder,
          NO_COLOR: "1",
        },
        ...{ LOG: log, RUNNER_TEMP: folder, GITHUB_OUTPUT: output, ...env },
        ...texts(job.env, filled),
        ...texts(step.env, filled),
      },
    });
    printed += run.stdout + run.stderr;
    status = run.status ?? 1;
    if (step.id)
      outputs[step.id] = Object.fromEntries(
        readFileSync(output, "utf8")
          .split("\n")
          .filter(Boolean)
          .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
      );
  }
  return { ran: true, status, outputs, log: readFileSync(log, "utf8"), printed, folder };
}

function texts(env: Readonly<Record<string, unknown>> = {}, filled: (text: unknown) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]));
}

function copy(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  cpSync(from, from.includes(".") && !from.endsWith("/review") ? join(to, basename(from)) : to, { recursive: true });
}

/** This repository as somebody pushed it: `main`, and a branch with edits. The folder of the bare one. */
export function pushed(edit: (folder: string) => void): { readonly bare: string; readonly head: string } {
  const folder = mkdtempSync(join(tmpdir(), "slipway-pushed-"));
  const [bare, work] = [join(folder, "bare"), join(folder, "work")];
  mkdirSync(work);
  execFileSync(
    "bash",
    ["-c", 'git ls-files -z | xargs -0 tar c --ignore-failed-read 2>/dev/null | tar x -C "$0"', work],
    { cwd: projectDir },
  );
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: work,
      encoding: "utf8",
    });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-qm", "main");
  git("checkout", "-qb", "branch");
  edit(work);
  git("commit", "-qam", "branch");
  execFileSync("git", ["clone", "-q", "--bare", work, bare]);
  return { bare, head: git("rev-parse", "HEAD").trim() };
}

/** As `actions/checkout` does it, with the dependencies that `npm ci` would install. */
export function checkOut(bare: string, branch: string): (folder: string) => void {
  return (folder) => {
    execFileSync("git", ["clone", "-q", "--branch", branch, bare, folder]);
    appendFileSync(join(folder, ".git", "info", "exclude"), "node_modules\n");
    symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
  };
}

/** A job in a process of its own, so that an API in the one that starts it can answer: JSON in, exit code out. */
interface Given extends Pick<Surroundings, "contexts" | "commands" | "env" | "artifacts"> {
  readonly job: Job;
  readonly bare: string;
}

if (require.main === module) {
  const { bare, job, ...rest } = JSON.parse(process.argv[2]!) as Given;
  const { status, printed } = runJob(job, { ...rest, checkout: checkOut(bare, "main") });
  if (status !== 0) process.stderr.write(printed);
  process.exitCode = status;
}
