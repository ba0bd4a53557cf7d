import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Run {
  readonly seconds: number;
  /** Largest resident memory of the process, in MiB. */
  readonly megabytes: number;
}

export interface Pair {
  readonly floor: Run;
  readonly subject: Run;
  /** Medians of the ratios of neighbouring runs, which a machine that is busy for a while disturbs least. */
  readonly time: number;
  readonly memory: number;
}

const meter = join(__dirname, "meter.cjs");

/** Runs two Node programs in turn, after one run of each that only warms caches. */
export function paired(floor: readonly string[], subject: readonly string[], rounds = 7): Pair {
  measure(floor);
  measure(subject);
  const runs = Array.from({ length: rounds }, () => ({ floor: measure(floor), subject: measure(subject) }));
  return {
    floor: {
      seconds: median(runs.map((run) => run.floor.seconds)),
      megabytes: median(runs.map((run) => run.floor.megabytes)),
    },
    subject: {
      seconds: median(runs.map((run) => run.subject.seconds)),
      megabytes: median(runs.map((run) => run.subject.megabytes)),
    },
    time: median(runs.map(({ floor, subject }) => subject.seconds / floor.seconds)),
    memory: median(runs.map(({ floor, subject }) => subject.megabytes / floor.megabytes)),
  };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** One Node process, from start to end. */
function measure(args: readonly string[]): Run {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  const report = join(folder, "memory");
  try {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ["-r", meter, ...args], {
      env: { ...process.env, SLIPWAY_METER: report },
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    const seconds = (performance.now() - start) / 1000;
    if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}\n${stderr}`);
    return { seconds, megabytes: Number(readFileSync(report, "utf8")) / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
