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
 * counts the first one's beats, and has the debugger end what runs when they stay away.
 */
export class BusyGuard {
  /** Rejects with an error whose stack names the loop. */
  readonly stopped: Promise<never>;
  private readonly onFrames: (message: { readonly frames: readonly BusyFrame[] }) => void;

  constructor(seconds: number) {
    let fail: (error: Error) => void = () => undefined;
    this.stopped = new Promise((_, reject) => (fail = reject));
    // The promise that loses the race must not count as unhandled.
    this.stopped.catch(() => undefined);
    this.onFrames = ({ frames }) => fail(endless(frames, seconds));
    guard().worker.on("message", this.onFrames).unref();
    Atomics.store(guard().beats, 1, seconds);
    this.beat();
  }

  /** To be called every second. */
  beat(): void {
    Atomics.add(guard().beats, 0, 1);
  }

  stop(): void {
    Atomics.store(guard().beats, 1, 0);
    guard().worker.off("message", this.onFrames).unref();
  }
}

function endless(frames: readonly BusyFrame[], seconds: number): Error {
  const error = new Error(
    `The program has kept the process busy for ${seconds} s without a pause, and was stopped: an endless loop?`,
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
function guard() {
  if (only) return only;
  const beats = new Int32Array(new SharedArrayBuffer(8));
  // None of our loaders: they take longer than all else that the thread does.
  const worker = new Worker(source, { eval: true, workerData: beats, execArgv: [], env: {} });
  worker.unref();
  return (only = { worker, beats });
}

/** The second thread. The first slot counts beats, the second says how many seconds may pass without one; 0: any. */
function watch(): void {
  const { parentPort, workerData } = require("node:worker_threads") as typeof import("node:worker_threads");
  const beats = workerData as Int32Array;
  // By the processor's time: on a machine that is busy with others, an honest program makes no beat for long.
  const used = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  let seen = -1;
  let quiet = 0;
  let since = used();
  setInterval(() => {
    const [now, most] = [Atomics.load(beats, 0), Atomics.load(beats, 1)];
    if (now !== seen || most === 0) since = used();
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
    // One that waits without end uses none: ten times as long is enough of that.
    if (most === 0 || quiet < most * 4 || (used() - since < most && quiet < most * 40)) return;
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
      parentPort?.postMessage({ frames });
      session.post("Runtime.terminateExecution");
      session.post("Debugger.resume", () => session.disconnect());
    });
    session.post("Debugger.enable");
    session.post("Debugger.pause");
  }, 250);
}

const source = `(${watch.toString()})()`;
