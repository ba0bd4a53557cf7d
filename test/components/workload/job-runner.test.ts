import { equal, match, ok } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { runOnce, runScheduled } from "../../../components/workload/job-runner";

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

function start(program: string, command: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["-e", program, "--", ...command], {
    env: { PATH: process.env["PATH"], JOB_TIMEOUT_SECONDS: "60", ...env },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += String(chunk)));
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, text })));
  return { child, ended, text: () => text };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.on("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function until<Value>(what: () => Promise<Value | undefined> | Value | undefined): Promise<Value> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await what();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("did not happen within 5 s");
}

const node = (program: string, ...args: string[]) => [process.execPath, "-e", program, "--", ...args];
const waits = 'process.on("SIGTERM", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1000)';

describe("what runs a job's command", function () {
  const children: ChildProcess[] = [];
  const started = (...args: Parameters<typeof start>) => {
    const it = start(...args);
    children.push(it.child);
    return it;
  };
  afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));

  it("ends as the command does, and hands its arguments and variables on", async () => {
    const { ended } = started(
      runOnce,
      node("console.log(process.argv.slice(1).join(), process.env.GREETING); process.exit(3)", "--all", "b c"),
      { GREETING: "hello" },
    );
    const { code, text } = await ended;
    equal(code, 3);
    match(text, /--all,b c hello/);
  });

  it("says that a command is not there", async () => {
    const { code, text } = await started(runOnce, ["no-such-command"]).ended;
    equal(code, 127);
    match(text, /no-such-command/);
  });

  it("stops a run that takes too long, with an exit code that says so", async () => {
    const { code } = await started(runOnce, node(waits), { JOB_TIMEOUT_SECONDS: "0.5" }).ended;
    equal(code, 124);
  });

  it("hands SIGTERM on, and ends when the command has", async () => {
    const { child, ended, text } = started(runOnce, node(waits));
    await until(() => (text().includes("up") ? true : undefined));
    child.kill("SIGTERM");
    equal((await ended).code, 7);
  });

  it("on one host, runs when it is due, waits otherwise, and says how the last run ended", async () => {
    const port = await freePort();
    const metrics = async (port: number) =>
      await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (response) => response.text(),
        () => undefined,
      );
    const due = started(runScheduled, node("process.exit(4)"), { METRICS_PORT: String(port), JOB_SCHEDULE: "{}" });
    await until(async () => ((await metrics(port))?.includes("slipway_job_exit_code 4") ? true : undefined));
    // Its log comes another way than its metrics.
    await until(() => (/started .*\nended with exit code 4/.test(due.text()) ? true : undefined));
    due.child.kill("SIGTERM");
    equal((await due.ended).code, 0);

    const now = new Date();
    const other = await freePort();
    for (const schedule of [
      JSON.stringify({ minute: [(now.getUTCMinutes() + 30) % 60] }),
      JSON.stringify({ dayOfWeek: [(now.getUTCDay() + 3) % 7] }),
      undefined,
    ]) {
      const waiting = started(runScheduled, node("process.exit(4)"), {
        METRICS_PORT: String(other),
        ...(schedule === undefined ? {} : { JOB_SCHEDULE: schedule }),
      });
      ok((await until(() => metrics(other))).includes("slipway_job_exit_code 0"));
      equal(waiting.text(), "");
      waiting.child.kill("SIGTERM");
      await waiting.ended;
    }
  });
});
