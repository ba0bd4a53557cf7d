import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Where test/bed/cluster/build.sh puts what it builds. */
export const bed = process.env["SLIPWAY_BED"] ?? join(homedir(), ".cache", "slipway-bed");

/** The program's path, from the bed or from PATH. */
export function findProgram(name: string): string | undefined {
  return [join(bed, "bin"), ...(process.env["PATH"] ?? "").split(delimiter)]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** What a {@link ControlPlane} with controllers and nodes is made of. */
export const controlPlane = ["etcd", "kube-apiserver", "kubectl", "kube-controller-manager", "kube-scheduler", "kwok"];

export function missingPrograms(...names: readonly string[]): string[] {
  return names.filter((name) => findProgram(name) === undefined);
}

/** @throws with everything the program said, when it fails. */
export function run(
  program: string,
  args: readonly string[],
  input?: string,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...options, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} ${args.join(" ")}\n${stdout}\n${stderr}`));
    });
    // A program that needs no input may have ended before it is given any.
    child.stdin?.on("error", () => undefined).end(input ?? "");
  });
}

/** Runs until it is killed, and logs to `<folder>/<name>.log`. */
export function background(
  folder: string,
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  const log = openSync(join(folder, `${name}.log`), "a");
  return spawn(findProgram(name)!, args, { stdio: ["ignore", log, log], cwd: folder, env: { ...process.env, ...env } });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
