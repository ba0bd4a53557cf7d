import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Diagnostic, Plan } from "../../plan/plan";
import { RecordingMonitor } from "./monitor";
import { getStore, settings, stack, withLocalStorage } from "./sdk";
import { readStack, type StackConfiguration } from "./stack-file";

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
}

/**
 * Runs the project's own program with the stack's own file, without engine, provider or account, and returns what it
 * would create. It knows the desired state alone: what exists already is for `pulumi preview` to say.
 */
export async function previewStack(options: PreviewOptions): Promise<Plan> {
  const { configuration = readStack(options.projectDir, options.stack), argument, onResource } = options;
  const { folder, main, remarks, mistyped: _, ...recording } = configuration;
  const program = async (): Promise<unknown> => {
    for (const remark of remarks) void pulumi.log.warn(remark);
    const exported: unknown = require(join(folder, main));
    return typeof exported === "function" ? await (exported as (argument?: unknown) => unknown)(argument) : exported;
  };
  return recordProgram({ ...recording, onResource, program });
}

export interface Recording {
  readonly project: string;
  readonly stack: string;
  /** With namespaces, as the engine hands it over: `{ "aws:region": "eu-central-1" }`. */
  readonly config?: Readonly<Record<string, string>>;
  readonly secretKeys?: readonly string[];
  readonly program: () => unknown;
  readonly onResource?: (count: number) => void;
}

/** Records any program. Each recording has a state of its own; run one at a time. */
export async function recordProgram(recording: Recording): Promise<Plan> {
  const { project, stack: stackName, config = {}, secretKeys = [] } = recording;
  return withLocalStorage(async () => {
    const monitor = new RecordingMonitor(config, recording.onResource);
    const diagnostics: Diagnostic[] = [];
    settings.setMockOptions(monitor, project, stackName, true);
    getStore().settings.engine = logInto(diagnostics);
    pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);

    const failures: unknown[] = [];
    const onFailure = (error: unknown) => {
      if (!isReported(error)) failures.push(error);
    };
    process.on("unhandledRejection", onFailure);
    try {
      const watchdog = new Watchdog(monitor);
      try {
        await Promise.race([run(recording.program), watchdog.stalled]);
      } catch (error) {
        const first = reported(error);
        throw monitor.refusal ?? first;
      } finally {
        watchdog.stop();
      }
      // Rejections of values that nobody waited for surface one turn of the event loop later.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off("unhandledRejection", onFailure);
    }
    for (const failure of failures) reported(failure);
    if (failures.length > 0) throw monitor.refusal ?? failures[0];
    const logged = diagnostics.filter(({ severity }) => severity === "error");
    if (logged.length > 0) throw new Error(logged.map(({ message }) => message).join("\n"));
    if (monitor.usesTransforms) {
      diagnostics.push({
        severity: "warning",
        message:
          "The program registers resource transforms. Only the engine applies them: this preview shows resources as they were before.",
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

/** What a recording has failed with. Promises of a failed program reject late, while the next recording runs. */
const known = new WeakSet<object>();

function reported<Failure>(error: Failure): Failure {
  if (typeof error === "object" && error !== null) known.add(error);
  return error;
}

function isReported(error: unknown): boolean {
  return typeof error === "object" && error !== null && known.has(error);
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

  constructor(monitor: RecordingMonitor) {
    this.stalled = new Promise((_, reject) => {
      let seen = -1;
      let quiet = 0;
      this.timer = setInterval(() => {
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
    // Whoever loses the race must not count as unhandled.
    this.stalled.catch(() => undefined);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
