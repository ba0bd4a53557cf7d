import type { ReleaseMetrics } from "../plan/receipt";

/** One request, as the ingress logged it. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly release: "stable" | "candidate";
  readonly status: number;
  /** Until the first byte of the answer: what is streamed may take as long as it likes. */
  readonly seconds: number;
}

export interface Verdict {
  readonly result: "passed" | "failed" | "undecided";
  readonly reason: string;
  readonly candidate: ReleaseMetrics;
  readonly stable: ReleaseMetrics;
}

export interface Limits {
  readonly minimumRequests: number;
  /** Points of error ratio that the new release may have above the old one. Default: 0.01. */
  readonly errorRatioAbove?: number;
  /** Times the old release's p95 that the new one may take. Default: 2. */
  readonly p95Times?: number;
  /** Seconds of p95 that are never held against it. Default: 0.25. */
  readonly p95Allowance?: number;
}

export function metricsOf(samples: readonly Sample[]): ReleaseMetrics {
  const errors = samples.filter(({ status }) => status >= 500).length;
  const seconds = samples.map((sample) => sample.seconds).sort((a, b) => a - b);
  return {
    requests: samples.length,
    errors,
    errorRatio: samples.length === 0 ? 0 : errors / samples.length,
    // The nearest-rank definition: a value that was measured.
    p95Seconds: seconds[Math.ceil(seconds.length * 0.95) - 1] ?? 0,
  };
}

/**
 * The new release against the old one. `over`: the step has ended, and what is undecided has failed, since a release
 * that nobody asked proved nothing. Before that, enough bad answers are enough.
 */
export function judge(
  candidates: readonly Sample[],
  stables: readonly Sample[],
  limits: Limits,
  over: boolean,
): Verdict {
  const { minimumRequests, errorRatioAbove = 0.01, p95Times = 2, p95Allowance = 0.25 } = limits;
  const [candidate, stable] = [metricsOf(candidates), metricsOf(stables)];
  const verdict = (result: Verdict["result"], reason: string): Verdict => ({ result, reason, candidate, stable });
  const compared = `${percent(candidate.errorRatio)} against ${percent(stable.errorRatio)}`;
  // Five of five is a verdict, one of one is not.
  const enough = candidate.requests >= Math.min(minimumRequests, 20);
  if (enough && candidate.errors >= 2 && candidate.errorRatio > stable.errorRatio + errorRatioAbove) {
    return verdict("failed", `errors ${compared}`);
  }
  const slowest = Math.max(stable.p95Seconds * p95Times, stable.p95Seconds + p95Allowance);
  if (enough && stable.requests > 0 && candidate.p95Seconds > slowest) {
    return verdict("failed", `p95 ${seconds(candidate.p95Seconds)} against ${seconds(stable.p95Seconds)}`);
  }
  if (!over) return verdict("undecided", `errors ${compared}`);
  if (candidate.requests < minimumRequests) {
    return verdict("failed", `no verdict: ${candidate.requests} requests, at least ${minimumRequests} are needed`);
  }
  return verdict(
    "passed",
    `errors ${compared}, p95 ${seconds(candidate.p95Seconds)} against ${seconds(stable.p95Seconds)}`,
  );
}

const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`;
const seconds = (value: number) => `${value.toFixed(2)} s`;
