import { spawn } from "node:child_process";
import type { Operations } from "../../stacks/operations";
import { OperateError, type ReleaseOptions, type Stack } from "./contract";

/** A stack as its outputs describe it: also one that another machine, or another program, has made. */
export async function stackNamed(name: string, folder: string): Promise<Stack<Operations>> {
  const pulumi = (...args: readonly string[]) => printed("pulumi", [...args, "--stack", name], folder);
  const outputs = JSON.parse(await pulumi("stack", "output", "--json")) as { operations?: Operations };
  if (outputs.operations === undefined) {
    throw new OperateError(`${name} has no output "operations": run pulumi up with this version of Slipway first`);
  }
  const { operations } = outputs;
  if (operations.target === "docker") askEngineAt(operations.host);
  return { name, folder, operations, pulumi };
}

/** `pulumi up` of a release or a rotation. A policy that stops it leaves the previous release serving. */
export function up(
  stack: Stack,
  { policyPack, policyPackConfig }: Pick<ReleaseOptions, "policyPack" | "policyPackConfig"> = {},
  ...more: readonly string[]
): Promise<string> {
  return stack.pulumi(
    ...["up", "--yes", "--skip-preview"],
    ...(policyPack === undefined ? [] : ["--policy-pack", policyPack]),
    ...(policyPackConfig === undefined ? [] : ["--policy-pack-config", policyPackConfig]),
    ...more,
  );
}

/** Every Docker client from here on asks this engine, unless the shell names another. */
export function askEngineAt(host: string | undefined): void {
  if (host !== undefined) process.env["DOCKER_HOST"] ??= host;
}

/** What the command printed. Its errors are shown as they come, and are in the message. */
export const printed = (command: string, args: readonly string[], folder?: string): Promise<string> =>
  started(command, args, { folder });

/** The same, with a text on its standard input. */
export const fed = (command: string, args: readonly string[], input?: string): Promise<string> =>
  started(command, args, { input });

function started(
  command: string,
  args: readonly string[],
  { folder, input }: { folder?: string; input?: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    child.stdin?.on("error", () => undefined).end(input);
    let out = "";
    let errors = "";
    child.stdout!.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? new OperateError(`${command} is not on PATH`) : error),
    );
    child.on("close", (code) => {
      if (code === 0) resolve(out.trim());
      else
        reject(new OperateError(`${command} ${args.join(" ")} failed with exit code ${code}\n${errors}${out}`.trim()));
    });
  });
}

/** With this terminal as its own. */
export function attached(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    spawn(command, args, { stdio: "inherit" })
      .on("error", reject)
      .on("close", (code) => resolve(code ?? 1));
  });
}
