import { type ExecFileOptions, execFile } from "node:child_process";
import { existsSync } from "node:fs";

/** Debian's client builds with BuildKit by itself; another one that is found first may lack the plugin. */
export const docker = ["/usr/bin/docker"].find(existsSync) ?? "docker";

/**
 * What the command printed. Fails with all it said on the way, as the person who reads the log has nothing else, and after
 * ten minutes: a daemon that hangs must not hold up the suites after this one.
 */
export function run(command: string, args: readonly string[], options: ExecFileOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { maxBuffer: 64 * 1024 ** 2, timeout: 600_000, ...options, encoding: "utf8" },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout.trim());
        else reject(new Error(`${command} ${args.join(" ")}\n${stderr}${stdout}`.trim()));
      },
    );
  });
}

/** Whether a command works here at all. */
export async function works(command: string, ...args: readonly string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false,
  );
}

/** Removes containers one after the other: Docker 20.10 can lock up for good when many leave their networks at once. */
export async function removeContainers(containers: readonly string[]): Promise<void> {
  const errors: unknown[] = [];
  for (const container of containers)
    await run(docker, ["rm", "--force", "--volumes", container]).catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join("\n"));
}

/** Removes what a stack has left on this host: containers, networks, and the volumes that `kept` does not name. */
export async function removeStack(stack: string, kept: (volume: string) => boolean = () => false): Promise<void> {
  const lines = async (...args: readonly string[]) =>
    (await run(docker, args).catch(() => "")).split("\n").filter(Boolean);
  const named = ["--filter", `name=slipway-${stack}-`];
  const containers = new Set([
    ...(await lines("ps", "--all", "--quiet", ...named)),
    ...(await lines("ps", "--all", "--quiet", "--filter", `label=app.slipway.stack=${stack}`)),
  ]);
  await removeContainers([...containers]);
  for (const kind of ["volume", "network"]) {
    for (const name of await lines(kind, "ls", "--format", "{{.Name}}", ...named))
      if (kind === "network" || !kept(name)) await run(docker, [kind, "rm", name]).catch(() => undefined);
  }
}
