import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";

/** Where a program was when it was stopped: the innermost function first. */
export interface BusyFrame {
  readonly what: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Stops a program that keeps the process busy without end: timers cannot notice, since none of them runs. A second thread
 * counts the first one's beats, and has the debugger end what runs when they stay away. It ends one that uses up the
 * memory as well, while there is enough of it left to say so.
 */
export class BusyGuard {
  /** Rejects with an error whose stack names the loop. */
  readonly stopped: Promise<never>;
  private readonly onFrames: (stopped: Stopped) => void;

  /** Starts the second thread, so that it does not count as one of the program's. */
  static prepare(options: GuardOptions = {}): void {
    guard(options);
  }

  constructor(seconds: number) {
    let fail: (error: Error) => void = () => undefined;
    this.stopped = new Promise((_, reject) => (fail = reject));
    // The promise that loses the race must not count as unhandled.
    this.stopped.catch(() => undefined);
    this.onFrames = (stopped) => fail(stoppedAt(stopped));
    guard().worker.on("message", this.onFrames).unref();
    Atomics.store(guard().beats, 2, 0);
    Atomics.store(guard().beats, 1, seconds);
    this.beat();
  }

  /** To be called every second. */
  beat(): void {
    Atomics.add(guard().beats, 0, 1);
  }

  /** Rejects where the program was stopped just now, and nobody has read of it yet. */
  async settled(): Promise<void> {
    if (Atomics.load(guard().beats, 2) === 1) await this.stopped;
  }

  stop(): void {
    Atomics.store(guard().beats, 1, 0);
    guard().worker.off("message", this.onFrames).unref();
  }
}

/** That a program was stopped, and where. */
export interface Stopped {
  readonly frames: readonly BusyFrame[];
  /** Of memory, where that is why. */
  readonly bytes?: number;
  readonly seconds: number;
}

export interface GuardOptions {
  /** Descriptor that {@link Stopped} is written to as well, as a line of JSON: to be stopped may be the end of the process. */
  readonly lastWords?: number;
}

/** A process that is larger is stopped: three quarters of what JavaScript, the container or the machine has. */
const memoryBytes =
  0.75 * Math.min(getHeapStatistics().heap_size_limit, process.constrainedMemory() || Infinity, totalmem());

/** The error that a program would have thrown, had it known. */
export function stoppedAt({ frames, bytes, seconds }: Stopped): Error {
  const error = new Error(
    bytes === undefined
      ? `The program has kept the process busy for ${seconds} s without a pause, and was stopped: an endless loop?`
      : `The program has used ${Math.round(bytes / 1024 ** 2)} MiB of memory, nearly all there is for it, and was stopped: does something grow without end?`,
  );
  const { mapSourcePosition } =
    require("@cspotcode/source-map-support") as typeof import("@cspotcode/source-map-support");
  const lines = frames.map(({ what, path, line, column }) => {
    const at = mapSourcePosition({ source: path, line, column: column - 1 });
    return `    at ${what || "<anonymous>"} (${at.source}:${at.line}:${at.column + 1})`;
  });
  return Object.assign(error, { stack: [`Error: ${error.message}`, ...lines].join("\n") });
}

let only: { readonly worker: Worker; readonly beats: Int32Array } | undefined;

/** One thread for all previews of a process. */
function guard({ lastWords }: GuardOptions = {}) {
  if (only) return only;
  const beats = new Int32Array(new SharedArrayBuffer(12));
  // None of our loaders: they take longer than all else that the thread does.
  const worker = new Worker(source, {
    eval: true,
    workerData: { beats, memoryBytes, lastWords },
    execArgv: [],
    env: {},
  });
  worker.unref();
  return (only = { worker, beats });
}

/** The second thread. The first slot counts beats, the second says how many seconds may pass without one (0: any), the third that the program was stopped. */
function watch(): void {
  const { parentPort, workerData } = require("node:worker_threads") as typeof import("node:worker_threads");
  const { writeSync } = require("node:fs") as typeof import("node:fs");
  const { beats, memoryBytes, lastWords } = workerData as {
    readonly beats: Int32Array;
    readonly memoryBytes: number;
    readonly lastWords?: number;
  };
  // By the processor's time: on a machine that is busy with others, an honest program makes no beat for long.
  const used = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  let seen = -1;
  let quiet = 0;
  let since = used();
  let before = 0;
  let isStopping = false;
  setInterval(() => {
    const [now, most] = [Atomics.load(beats, 0), Atomics.load(beats, 1)];
    if (now !== seen || most === 0) since = used();
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
    const bytes = process.memoryUsage.rss();
    if (most === 0) {
      before = bytes;
      return;
    }
    // What the program before this one used up may not have been given back yet.
    const isLarge = bytes > memoryBytes && bytes - before > memoryBytes / 3;
    // One that waits without end uses none: ten times as long is enough of that.
    const isEndless = quiet >= most * 4 && (used() - since >= most || quiet >= most * 40);
    if (isStopping || (!isLarge && !isEndless)) return;
    isStopping = true;
    quiet = 0;
    since = used();
    const { Session } = require("node:inspector") as typeof import("node:inspector");
    const session = new Session();
    session.connectToMainThread();
    const files = new Map<string, string>();
    let stepsLeft = 500;
    let isTold = false;
    session.on("Debugger.scriptParsed", ({ params }) => files.set(params.scriptId, params.url));
    session.on("Debugger.paused", ({ params }) => {
      // A step that was still under way when the program was stopped: what runs now may be the next program.
      if (isTold) return void session.post("Debugger.resume");
      const frames = params.callFrames.slice(0, 30).map(({ functionName, location }) => ({
        what: functionName,
        path: files.get(location.scriptId) ?? "",
        line: location.lineNumber + 1,
        column: (location.columnNumber ?? 0) + 1,
      }));
      // Between two turns of the program Node is in its own code: on to the program's next statement.
      if (stepsLeft-- > 0 && !frames.some(({ path }) => path !== "" && !path.startsWith("node:"))) {
        session.post("Debugger.stepInto");
        return;
      }
      isTold = true;
      const stopped = { frames, seconds: most, ...(isLarge && { bytes: memoryBytes }) };
      if (lastWords !== undefined) writeSync(lastWords, `${JSON.stringify({ what: "stopped", stopped })}\n`);
      parentPort?.postMessage(stopped);
      Atomics.store(beats, 2, 1);
      session.post("Runtime.terminateExecution");
      session.post("Debugger.resume", () => {
        session.disconnect();
        isStopping = false;
      });
    });
    session.post("Debugger.enable");
    session.post("Debugger.pause");
  }, 250);
}

const source = `(${watch.toString()})()`;
