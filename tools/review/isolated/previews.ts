import { type ChildProcess, spawn } from "node:child_process";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { launcher } from "../../launchers";
import type { Failure } from "../../plan/failure";
import type { Plan } from "../../plan/plan";
import { endedBy, tailOf } from "../../sources/ended";
import { type Stopped, stoppedAt } from "../../sources/in-process/busy";
import { programError } from "../../sources/in-process/failure";
import { projectFolder } from "../../sources/in-process/project";
import { type Answer, answerOn, type Asked } from "./answers";

/**
 * Previews of programs, made in a process of their own. One that ends this process, uses up its memory, closes what it
 * writes to or edits what JavaScript provides has a failure; the others have another process, and are judged by one that
 * no program ran in.
 */
export class IsolatedPreviews {
  readonly #asked: readonly Asked[];
  readonly #answers: readonly Deferred[];
  #child: ChildProcess | undefined;
  #isClosed = false;

  constructor(asked: readonly Asked[]) {
    this.#asked = asked;
    this.#answers = asked.map(deferred);
    void this.#run(0);
  }

  /** The plan, or why there is none. */
  preview({ projectDir, stack }: Asked): Promise<Plan | Failure> {
    const at = this.#asked.findIndex((one) => one.projectDir === projectDir && one.stack === stack);
    return this.#answers[at]!.promise;
  }

  /** Ends what still runs. */
  close(): void {
    this.#isClosed = true;
    this.#child?.kill("SIGKILL");
  }

  /** From the one with that index on: each process answers for at least one, so this comes to an end. */
  async #run(from: number): Promise<void> {
    let next = from;
    while (next < this.#asked.length && !this.#isClosed) next += await this.#runSome(next);
  }

  /** How many of them were answered for. */
  async #runSome(from: number): Promise<number> {
    const child = spawn(process.execPath, [...options, JSON.stringify(this.#asked.slice(from))], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    this.#child = child;
    const ended = new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
      child.once("error", () => resolve({ code: 1, signal: null }));
    });
    child.stdout!.on("data", (bytes: Buffer) => process.stderr.write(bytes));
    const said = tailOf(child.stderr!);
    child.stderr!.on("data", (bytes: Buffer) => process.stderr.write(bytes));
    let answered = 0;
    let stopped: Stopped | undefined;
    for await (const line of createInterface({ input: child.stdio[answerOn] as Readable })) {
      const answer = answerIn(line);
      if (answer?.what === "stopped") stopped = answer.stopped;
      else if (answer !== undefined)
        this.#answers[from + answered++]!.resolve(answer.what === "plan" ? answer.plan : answer.failure);
    }
    const end = await ended;
    // What the program started may hold on to these.
    for (const stream of child.stdio) stream?.destroy();
    if (answered > 0 || this.#isClosed) return answered;
    const failure = stopped
      ? programError([stoppedAt(stopped)], projectFolder(this.#asked[from]!.projectDir)).failure
      : ({ kind: "program", message: endedBy("The program", end, said()) } as const);
    this.#answers[from]!.resolve(failure);
    return 1;
  }
}

interface Deferred {
  readonly promise: Promise<Plan | Failure>;
  readonly resolve: (answer: Plan | Failure) => void;
}

function deferred(): Deferred {
  let resolve: Deferred["resolve"] = () => undefined;
  const promise = new Promise<Plan | Failure>((settle) => (resolve = settle));
  return { promise, resolve };
}

function answerIn(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}

const entry = join(__dirname, `child${extname(__filename)}`);
/** A young generation that holds what loading leaves behind, as for the command itself. */
const options = ["--min-semi-space-size=32", "--max-semi-space-size=64", "-r", launcher("typescript.cjs"), entry];
