import { answersOf } from "./invokes";
import { BusyGuard, type GuardOptions } from "./busy";
import { isSettingsError, ProgramError, programError } from "./failure";
import { runProgram } from "./program";
import * as pulumi from "@pulumi/pulumi";
import type { Diagnostic, Plan } from "../../plan/plan";
import { RecordingMonitor } from "./monitor";
import { getStore, settings, stack, withLocalStorage } from "./sdk";
import { everySecond, nextTurn, noMore, Stage } from "./stage";
import { readStack, requireNodeProgram, type StackConfiguration, StackFileError } from "./stack-file";

export interface PreviewOptions {
  /** Folder with Pulumi.yaml. */
  readonly projectDir: string;
  /** Name of the stack, as in `Pulumi.<stack>.yaml`. */
  readonly stack: string;
  /** Called with the number of resources so far. */
  readonly onResource?: (count: number) => void;
  /** The stack's file, where it has been read already. */
  readonly configuration?: StackConfiguration;
  /** What the program's function is called with. The engine calls it with nothing. */
  readonly argument?: unknown;
  /** A program that keeps the process busy for so long is stopped. Default: 30. */
  readonly busySeconds?: number;
  /** How programs of this process are stopped; the first preview decides. */
  readonly guard?: GuardOptions;
  /** Called when the program has changed this process for good: another program wants another one. */
  readonly onSpent?: () => void;
}

/**
 * Runs the project's own program with the stack's own file, without engine, provider or account, and returns what it
 * would create. It knows the desired state alone: what exists already is for `pulumi preview` to say.
 */
export async function previewStack(options: PreviewOptions): Promise<Plan> {
  const {
    configuration = readStack(options.projectDir, options.stack),
    argument,
    onResource,
    busySeconds,
    guard,
    onSpent,
  } = options;
  requireNodeProgram(configuration);
  const { folder, main, remarks, mistyped, runtime: _, ...recording } = configuration;
  if (mistyped.length > 0) {
    throw new StackFileError(
      `Pulumi.${configuration.stack}.yaml is not what Pulumi.yaml declares:\n\n${mistyped.map(({ key, message }) => `  ${key}  ${message}`).join("\n")}`,
    );
  }
  const program = async (): Promise<unknown> => {
    for (const remark of remarks) void pulumi.log.warn(remark);
    return runProgram(folder, main, argument);
  };
  return recordProgram({ ...recording, projectDir: folder, onResource, busySeconds, guard, onSpent, program });
}

export interface Recording {
  readonly project: string;
  readonly stack: string;
  /** With namespaces, as the engine hands it over: `{ "aws:region": "eu-central-1" }`. */
  readonly config?: Readonly<Record<string, string>>;
  readonly secretKeys?: readonly string[];
  readonly program: () => unknown;
  /** Where the program lies; errors name its files from there. Default: the current folder. */
  readonly projectDir?: string;
  readonly onResource?: (count: number) => void;
  /** A program that keeps the process busy for so long is stopped. Default: 30. */
  readonly busySeconds?: number;
  /** How programs of this process are stopped; the first preview decides. */
  readonly guard?: GuardOptions;
  /** Called when the program has changed this process for good: another program wants another one. */
  readonly onSpent?: () => void;
}

/** Records any program. Each recording has a state of its own; run one at a time. */
export async function recordProgram(recording: Recording): Promise<Plan> {
  const { project, stack: stackName, config = {}, secretKeys = [] } = recording;
  return withLocalStorage(async () => {
    const diagnostics: Diagnostic[] = [];
    const projectDir = recording.projectDir ?? process.cwd();
    const monitor = new RecordingMonitor({
      config,
      answer: answersOf({ region: config["aws:region"] ?? "us-east-1", projectDir }),
      projectDir,
      onResource: recording.onResource,
      say: (message) => {
        if (!diagnostics.some((one) => one.message === message)) {
          diagnostics.push({ severity: "info", message, standIn: true });
        }
      },
    });
    settings.setMockOptions(monitor, project, stackName, true, config["pulumi:organization"]);
    getStore().settings.engine = logInto(diagnostics);
    monitor.transforms.listen();
    pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);

    const failures: unknown[] = [];
    const stage = new Stage((error) => {
      if (!isReported(error)) failures.push(error);
    });
    try {
      BusyGuard.prepare(recording.guard);
      await new Promise((resolve) => nextTurn(resolve));
      stage.begin();
      const watchdog = new Watchdog(monitor, recording.busySeconds ?? 30);
      try {
        await Promise.race([run(recording.program), watchdog.stalled, watchdog.busy, stage.ended]);
      } catch (error) {
        failures.push(error);
      }
      try {
        // Rejections of values that nobody waited for surface one turn of the event loop later. It never comes where promises
        // go on without end, each in the turn of the one before.
        await Promise.race([new Promise((resolve) => nextTurn(resolve)), watchdog.busy]);
        await watchdog.settled();
      } catch (error) {
        if (!failures.includes(error)) failures.push(error);
      } finally {
        watchdog.stop();
      }
      const left = await stage.drained();
      if (left.length > 0) diagnostics.push({ severity: "warning", message: goesOn(left) });
    } finally {
      if (!stage.close()) recording.onSpent?.();
    }
    const logged = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
    failures.forEach(reported);
    // What the engine would refuse is said in its words, without the SDK's wrapping.
    if (failures.length > 0 && monitor.refusal) {
      throw programError([Object.assign(monitor.refusal, { stack: "" })], projectDir);
    }
    const { thrown: inTransforms } = monitor.transforms;
    if (failures.length > 0 && inTransforms.length > 0) throw programError(inTransforms, projectDir);
    // Nobody throws to say "see above": what was logged is what went wrong.
    const thrown = failures.filter((error) => !isRepeated(error, logged));
    if (thrown.some(isSettingsError)) throw thrown.find(isSettingsError);
    if (thrown.length > 0) throw withStandIns(programError(thrown, projectDir), diagnostics);
    if (logged.length > 0) throw programError([Object.assign(new Error(logged.join("\n")), { stack: "" })], projectDir);
    if (monitor.transformsInvokes) {
      diagnostics.push({
        severity: "warning",
        message:
          "The program registers transforms of invokes. Only the engine applies them: this preview asks as the program did before.",
      });
    }
    return {
      version: 1,
      project,
      stack: stackName,
      source: "in-process",
      resources: [...monitor.recorded.values()],
      outputs: monitor.stackOutputs,
      diagnostics,
    };
  });
}

/** A program that reads what was made up for it may fail for that alone. */
function withStandIns(error: ProgramError, diagnostics: readonly Diagnostic[]): ProgramError {
  const madeUp = diagnostics.filter(({ standIn }) => standIn).map(({ message }) => `  ${message}`);
  if (madeUp.length === 0) return error;
  const shown = [...madeUp.slice(0, 5), ...(madeUp.length > 5 ? [`  … and ${madeUp.length - 5} more`] : [])];
  const message = `${error.message}\n\nIf it reads one of these, that may be why. The engine knows them: slipway diff --engine\n${shown.join("\n")}`;
  return new ProgramError({ ...error.failure, message }, { cause: error.cause });
}

const goesOn = (left: readonly string[]) =>
  `The program leaves ${left.join(", ")} running. The engine waits until it has ended; this preview did not.`;

/** What a recording has failed with. Promises of a failed program reject late, while the next recording runs. */
const known = new WeakSet<object>();

function reported<Failure>(error: Failure): Failure {
  if (typeof error === "object" && error !== null) known.add(error);
  return error;
}

function isReported(error: unknown): boolean {
  return typeof error === "object" && error !== null && known.has(error);
}

function isRepeated(error: unknown, logged: readonly string[]): boolean {
  return error instanceof Error && logged.some((message) => message === error.message);
}

async function run(program: () => unknown): Promise<void> {
  await stack.runInPulumiStack(program as never);
  await settings.disconnect(true);
}

/** Where `pulumi.log` goes. */
function logInto(diagnostics: Diagnostic[]): unknown {
  const severities = ["debug", "info", "warning", "error"] as const;
  return {
    log(request: { getSeverity(): number; getMessage(): string; getUrn(): string }, done: () => void) {
      const severity = severities[request.getSeverity()] ?? "info";
      if (severity !== "debug")
        diagnostics.push({ severity, message: request.getMessage(), urn: request.getUrn() || undefined });
      done();
    },
    setRootResource: (_: unknown, done: (error: null, reply: object) => void) => done(null, {}),
    close: () => undefined,
  };
}

/** Notices a program that waits for something that never comes: Node would end without a word. */
class Watchdog {
  private static readonly quietSeconds = 20;
  private timer: NodeJS.Timeout | undefined;
  readonly stalled: Promise<never>;
  readonly busy: Promise<never>;
  private readonly guard: BusyGuard;

  constructor(monitor: RecordingMonitor, busySeconds: number) {
    this.guard = new BusyGuard(busySeconds);
    this.busy = this.guard.stopped;
    this.stalled = new Promise((_, reject) => {
      let seen = -1;
      let quiet = 0;
      this.timer = everySecond(() => {
        this.guard.beat();
        quiet = monitor.activity === seen ? quiet + 1 : 0;
        seen = monitor.activity;
        if (quiet < Watchdog.quietSeconds) return;
        const waiting = [...getStore().pendingResourceRegistrations.values()].map(
          ({ label, phase }) => `${label} (${phase})`,
        );
        reject(
          new Error(
            `The program has not gone on for ${quiet} s. Waiting: ${waiting.join(", ") || "a promise that never settles"}`,
          ),
        );
      }, 1000);
    });
    // The promise that loses the race must not count as unhandled.
    this.stalled.catch(() => undefined);
  }

  settled(): Promise<void> {
    return this.guard.settled();
  }

  stop(): void {
    noMore(this.timer);
    this.guard.stop();
  }
}
