import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { docker, run } from "./run";

/** What nginx and the routers of a stack complain about, while it is watched: routers go with a release, and so do their logs. */
export async function watchLogs(stack: string): Promise<{ stop(): string[] }> {
  const lines: string[] = [];
  const children: ChildProcess[] = [];
  const child = (args: readonly string[], each: (line: string) => void) => {
    const started = spawn(docker, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [started.stdout, started.stderr]) createInterface({ input: stream }).on("line", each);
    children.push(started);
  };
  const follow = (id: string, name: string) =>
    child(["logs", "--follow", "--since", "1s", id], (line) => {
      if (isComplaint(line)) if (isComplaint(line)) lines.push(`${new Date().toISOString()} ${name} ${line}`);
    });
  const of = (component: string) => [
    ...["--filter", `label=app.slipway.stack=${stack}`, "--filter", `label=app.slipway.component=${component}`],
  ];
  for (const component of ["ingress", "router"]) {
    const ids = await run(docker, ["ps", "--quiet", ...of(component)]);
    for (const id of ids.split("\n").filter(Boolean)) follow(id, `${component} ${id.slice(0, 4)}`);
    child(["events", "--format", "{{.ID}}", "--filter", "event=start", ...of(component)], (id) =>
      follow(id, `${component} ${id.slice(0, 4)}`),
    );
  }
  return {
    stop() {
      for (const each of children) each.kill();
      return lines;
    },
  };
}

/** nginx: an answer of 400 and more, or a line of its error log. HAProxy: a request that failed, a server up or down. */
function isComplaint(line: string): boolean {
  if (!line.startsWith("{")) return true;
  return Number((JSON.parse(line) as { status: number }).status) >= 400;
}
