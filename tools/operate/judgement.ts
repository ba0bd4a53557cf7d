import type { ReleaseMetrics } from "../plan/receipt";

/** One request, as the ingress logged it. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly release: "stable" | "candidate";
  readonly status: number;
  /** Such as `POST`. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** A whole answer to GET, status 200, without a body. */
  readonly empty: boolean;
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
  /** The same of one method, or of one page. Default: 0.2, and three errors. */
  readonly groupErrorRatioAbove?: number;
  /** Points of answers of 4xx that the new release may have above the old one. Default: 0.5. */
  readonly clientErrorRatioAbove?: number;
  /** Times the old release's p95 that the new one may take. Default: 2. */
  readonly p95Times?: number;
  /** Seconds of p95 that are never held against it. Default: 0.25. */
  readonly p95Allowance?: number;
}

export function metricsOf(
  samples: readonly Sample[],
  isError: (sample: Sample) => boolean = ({ status }) => status >= 500,
): ReleaseMetrics {
  const errors = samples.filter(isError).length;
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
  const { groupErrorRatioAbove = 0.2, clientErrorRatioAbove = 0.5 } = limits;
  // A page that has always been empty is none; one that has become empty is as good as an error.
  const emptyBefore = new Set(stables.filter(({ empty }) => empty).map(page));
  const isError = (sample: Sample) => sample.status >= 500 || (sample.empty && !emptyBefore.has(page(sample)));
  const [candidate, stable] = [metricsOf(candidates, isError), metricsOf(stables, isError)];
  const verdict = (result: Verdict["result"], reason: string): Verdict => ({ result, reason, candidate, stable });
  const compared = `${percent(candidate.errorRatio)} against ${percent(stable.errorRatio)}`;
  // Five of five is a verdict, one of one is not.
  const enough = candidate.requests >= Math.min(minimumRequests, 20);
  if (enough && candidate.errors >= 2 && candidate.errorRatio > stable.errorRatio + errorRatioAbove) {
    return verdict("failed", `errors ${compared}`);
  }
  if (enough && candidate.errors >= leastOfGroup) {
    const group = worseGroup(candidates, stables, isError, groupErrorRatioAbove);
    if (group !== undefined) return verdict("failed", group);
  }
  const [refused, refusedBefore] = [clientErrorRatio(candidates), clientErrorRatio(stables)];
  if (enough && stable.requests > 0 && refused > refusedBefore + clientErrorRatioAbove) {
    return verdict("failed", `answers of 4xx ${percent(refused)} against ${percent(refusedBefore)}`);
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

/** Fewer errors say nothing about one page. */
const leastOfGroup = 3;

const page = ({ method, path }: Sample) => `${method} ${path}`;

/** One method other than GET, one page, pages below one: what fails there alone is little of the whole. */
const groupsOf = (sample: Sample): string[] => [
  ...(sample.method === "GET" ? [] : [sample.method]),
  page(sample),
  `${sample.method} ${sample.path.slice(0, sample.path.lastIndexOf("/"))}/*`,
];

function worseGroup(
  candidates: readonly Sample[],
  stables: readonly Sample[],
  isError: (sample: Sample) => boolean,
  above: number,
): string | undefined {
  const errors = count(candidates.filter(isError));
  const suspects = [...errors.keys()].filter((group) => errors.get(group)! >= leastOfGroup);
  if (suspects.length === 0) return undefined;
  const [requests, before, errorsBefore] = [count(candidates), count(stables), count(stables.filter(isError))];
  for (const group of suspects) {
    const ratio = errors.get(group)! / requests.get(group)!;
    const ratioBefore = (errorsBefore.get(group) ?? 0) / (before.get(group) ?? 1);
    if (ratio > ratioBefore + above)
      return `errors of ${shown(group)} ${percent(ratio)} against ${percent(ratioBefore)}`;
  }
  return undefined;
}

function count(samples: readonly Sample[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const group of samples.flatMap(groupsOf)) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
}

/** It goes into terminals and comments, and a visitor chose it. */
const shown = (group: string) => group.replace(/[^\w ./*@%~-]/g, "?").slice(0, 80);

const clientErrorRatio = (samples: readonly Sample[]) =>
  samples.filter(({ status }) => status >= 400 && status < 500).length / Math.max(1, samples.length);

const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`;
const seconds = (value: number) => `${value.toFixed(2)} s`;
