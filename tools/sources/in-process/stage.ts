import { fstatSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import { rememberGlobals } from "./globals";

// A program may put something else in their place, for instance a test's clock.
export const { setImmediate: nextTurn, setInterval: everySecond, clearInterval: noMore } = globalThis;
const { setTimeout: later } = globalThis;

const thrownEvents: readonly string[] = ["unhandledRejection", "uncaughtException"];

/**
 * What a program can do to the process that previews it, held off while it runs: print among our output, end the process,
 * throw where nobody waits, change what it has in common with what comes after it.
 */
export class Stage {
  private static readonly patienceMs = 2000;
  readonly ended: Promise<never>;
  private readonly exitCode = process.exitCode;
  private readonly folder = process.cwd();
  private readonly environment = { ...process.env };
  private readonly traces = { limit: Error.stackTraceLimit, prepare: Error.prepareStackTrace };
  private readonly restoreGlobals = rememberGlobals();
  private readonly listeners = new Map(process.eventNames().map((event) => [event, process.rawListeners(event)]));
  private readonly descriptors = openDescriptors();
  private readonly workers = new Set<Worker>();
  private open: readonly string[] = [];
  private isWhole = true;

  constructor(onFailure: (error: unknown) => void) {
    this.ended = new Promise((_, reject) => {
      const refuse = (how: string) => {
        const error = new Error(`The program ends the process: process.${how}.`);
        reject(error);
        throw error;
      };
      const exit = (code?: number | string | null) => refuse(`exit(${code ?? ""})`);
      const { kill } = process;
      Object.assign(process, {
        exit,
        reallyExit: exit,
        abort: () => refuse("abort()"),
        // 0 is the whole group, a negative one that group; asking whether it lives is none of it.
        kill: (pid: number, signal: string | number = "SIGTERM") =>
          [process.pid, 0, process.ppid, -process.pid].includes(Number(pid)) && signal !== 0
            ? refuse(`kill(${pid === process.pid ? "process.pid" : pid}, ${signal})`)
            : kill.call(process, pid, signal),
      });
    });
    // The promise that loses the race must not count as unhandled.
    this.ended.catch(() => undefined);
    const { stdout, stderr } = process;
    stdout.write = stderr.write.bind<typeof stdout.write>(stderr);
    for (const stream of [stdout, stderr])
      Object.assign(stream, { end: () => stream, destroy: () => stream, destroySoon: () => stream });
    for (const event of thrownEvents) process.removeAllListeners(event).on(event, onFailure);
    process.on("worker", this.#onWorker);
  }

  readonly #onWorker = (worker: Worker): void => {
    this.workers.add(worker);
    worker.once("exit", () => this.workers.delete(worker));
  };

  /** Called when the caller has opened what it needs itself. */
  begin(): void {
    this.workers.clear();
    this.open = process.getActiveResourcesInfo();
  }

  /**
   * The engine lets a program's timers, workers and requests end before it is done, and what they throw is the program's
   * failure. Here it would count as the next stack's. What goes on for long is not waited for: then this names it.
   */
  async drained(): Promise<string[]> {
    const until = Date.now() + Stage.patienceMs;
    while (this.left().length > 0 && Date.now() < until) await new Promise((resolve) => later(resolve, 10));
    const left = this.left();
    if (left.length > 0) this.isWhole = false;
    return left;
  }

  /** What keeps the process running that did not before. */
  private left(): string[] {
    const open = [...this.open];
    const fresh = process.getActiveResourcesInfo().filter((kind) => {
      const at = open.indexOf(kind);
      if (at >= 0) open.splice(at, 1);
      return at < 0;
    });
    const counted = fresh.flatMap((kind) => (kinds[kind] ? [kinds[kind]] : []));
    return [...new Set([...counted, ...(this.workers.size > 0 ? ["a worker thread"] : [])])];
  }

  /** Sets all back. False: something is left that the next program would notice, so that it needs another process. */
  close(): boolean {
    if (!this.restoreGlobals() || openDescriptors() !== this.descriptors) this.isWhole = false;
    Error.stackTraceLimit = this.traces.limit;
    Error.prepareStackTrace = this.traces.prepare;
    for (const worker of this.workers) void worker.terminate();
    for (const event of process.eventNames()) if (!this.listeners.has(event)) process.removeAllListeners(event);
    for (const [event, listeners] of this.listeners) {
      const now = process.rawListeners(event);
      if (now.length === listeners.length && now.every((listener, at) => listener === listeners[at])) continue;
      process.removeAllListeners(event);
      for (const listener of listeners) process.on(event, listener as () => void);
    }
    if (folderNow() !== this.folder) process.chdir(this.folder);
    for (const name of Object.keys(process.env)) if (!(name in this.environment)) delete process.env[name];
    for (const [name, value] of Object.entries(this.environment))
      if (process.env[name] !== value) process.env[name] = value;
    process.exitCode = this.exitCode;
    return this.isWhole;
  }
}

/** What a program may leave open, in its author's words. What is not here ends by itself. */
const kinds: Readonly<Record<string, string>> = {
  Timeout: "a timer",
  ProcessWrap: "a child process",
  TCPServerWrap: "a server",
  PipeServerWrap: "a server",
  TCPSocketWrap: "a connection",
  TLSWrap: "a connection",
  UDPWrap: "a socket",
  FSEventWrap: "a watched file",
  StatWatcher: "a watched file",
  MessagePort: "a message port",
};

/** What standard input, output and error lead to. */
function openDescriptors(): string {
  const of = (descriptor: number) => {
    try {
      const { dev, ino } = fstatSync(descriptor);
      return `${dev}:${ino}`;
    } catch {
      return "closed";
    }
  };
  return [0, 1, 2].map(of).join();
}

/** Undefined where a program has removed the folder that it went to. */
function folderNow(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
