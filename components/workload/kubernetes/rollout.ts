import { errorPercent, p95Seconds } from "../../monitoring/prometheus/queries";
import type { Input } from "@pulumi/pulumi";
import type { ReleaseStrategy } from "../contract";

/** What decides whether a new release stays: https://argo-rollouts.readthedocs.io/en/stable/features/analysis/ */
export interface Analysis {
  /** Prometheus that scrapes the application's pods. @example "http://prometheus.monitoring:9090" */
  readonly prometheusUrl: string;
  /** Percent of requests by which the new release may fail more often than the old one at the same time. */
  readonly errorPercent: number;
  /** What the new release's 95th percentile is held against where the old one has no traffic any more, in milliseconds. */
  readonly p95Milliseconds: number;
  /**
   * Requests in two minutes, of both releases together, below which nothing can be said of a release, which then fails.
   * A canary needs its weight's share of them. Default: 20. @example 5
   */
  readonly minimumRequests?: number;
}

/** Below this many minutes there are less than the two measurements that it takes to end a release. */
export const leastAnalysisMinutes = 3;

export interface RolloutNames {
  readonly namespace: Input<string>;
  /** Service with the traffic. */
  readonly active: string;
  /** Service that reaches the new release alone, before and while it gets traffic. */
  readonly preview: string;
  readonly analysisTemplate: string;
  /** HTTPRoute whose weights follow the steps. Without one, one Service has all pods, and their share is the traffic's. */
  readonly httpRoute: string | undefined;
}

export type ProgressiveStrategy = Exclude<ReleaseStrategy, { strategy: "rolling" }>;

/** `spec.strategy` of a Rollout: https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
export function rolloutStrategy(release: ProgressiveStrategy, names: RolloutNames, analysed: boolean): object {
  return release.strategy === "blue-green" ? blueGreen(release, names, analysed) : canary(release, names, analysed);
}

/** Seconds from the first replica to the last step: how long Pulumi has to wait. */
export function rolloutSeconds(release: ProgressiveStrategy): number {
  return (
    60 * (release.bakeMinutes + (release.strategy === "blue-green" ? 0 : weights(release).length * release.stepMinutes))
  );
}

/** Seconds in which nothing but time passes: while a step is judged, Argo counts them as a lack of progress. */
export function longestStepSeconds(release: ProgressiveStrategy): number {
  return 60 * (release.strategy === "blue-green" ? release.bakeMinutes : release.stepMinutes);
}

function blueGreen(
  { bakeMinutes }: Extract<ReleaseStrategy, { strategy: "blue-green" }>,
  names: RolloutNames,
  analysed: boolean,
): object {
  return {
    blueGreen: {
      activeService: names.active,
      previewService: names.preview,
      autoPromotionEnabled: true,
      // The old replicas stay for this long, counted from the switch: going back is a change of the Service's selector.
      // The analysis lasts all of `bakeMinutes`, and has to find them when it fails in the last of these.
      scaleDownDelaySeconds: bakeMinutes * 60 + (analysed ? 60 : 30),
      ...(analysed ? { postPromotionAnalysis: analysis(names, 100) } : {}),
    },
  };
}

function canary(
  release: Exclude<ProgressiveStrategy, { strategy: "blue-green" }>,
  names: RolloutNames,
  analysed: boolean,
): object {
  const { httpRoute } = names;
  return {
    canary: {
      maxUnavailable: 0,
      maxSurge: "25%",
      // A step that is an analysis lasts until it has its measurements. One in the background would be ended by the last
      // step, with whatever it had by then: also with none.
      steps: weights(release).flatMap((setWeight) => [
        { setWeight },
        analysed ? { analysis: analysis(names, setWeight) } : { pause: { duration: `${release.stepMinutes}m` } },
      ]),
      ...(httpRoute === undefined
        ? {}
        : {
            stableService: names.active,
            canaryService: names.preview,
            trafficRouting: { plugins: { "argoproj-labs/gatewayAPI": { httpRoute, namespace: names.namespace } } },
            scaleDownDelaySeconds: Math.max(30, release.bakeMinutes * 60),
          }),
    },
  };
}

function weights(release: Exclude<ProgressiveStrategy, { strategy: "blue-green" }>): number[] {
  const { strategy, weightPercent } = release;
  if (strategy === "canary") return [weightPercent];
  return Array.from({ length: Math.ceil(100 / weightPercent) - 1 }, (_, step) => (step + 1) * weightPercent);
}

function analysis({ analysisTemplate }: RolloutNames, weightPercent: number): object {
  return {
    templates: [{ templateName: analysisTemplate }],
    args: [
      { name: "new", valueFrom: { podTemplateHashValue: "Latest" } },
      { name: "old", valueFrom: { podTemplateHashValue: "Stable" } },
      { name: "weight", value: String(weightPercent) },
    ],
  };
}

/**
 * `spec` of the AnalysisTemplate: the new release against the old one in the same minutes, so that a slow database or a
 * busy evening is held against neither. Too few requests are no proof, and neither is a Prometheus that does not answer:
 * no data counts as failure. A comparison drops NaN, which is what a ratio of nothing gives; `or` then stands in.
 *
 * It ends by itself: outside of a canary's background Argo refuses a metric without `count`.
 */
export function analysisSpec(
  { prometheusUrl, errorPercent: mostErrors, p95Milliseconds, minimumRequests = 20 }: Analysis,
  release: ProgressiveStrategy,
  job: Input<string>,
): object {
  const minutes = release.strategy === "blue-green" ? release.bakeMinutes : release.stepMinutes;
  const of = (which: string) => `job="{{args.job}}",rollouts_pod_template_hash="{{args.${which}}}"`;
  const errors = (which: string) => errorPercent(of(which), "2m");
  const p95 = (which: string) => p95Seconds(of(which), "2m");
  const metric = (name: string, query: string, success: string) => ({
    name,
    // The first looks back at two minutes of the new release alone.
    initialDelay: "2m",
    interval: "1m",
    count: minutes - 1,
    // One bad minute may be anybody's; the second ends the release.
    failureLimit: 1,
    // Argo forgives four by default, which is all of a short step.
    consecutiveErrorLimit: 1,
    successCondition: `len(result) > 0 && !isNaN(result[0]) && ${success}`,
    provider: { prometheus: { address: prometheusUrl, query } },
  });
  return {
    args: [{ name: "job", value: job }, { name: "new" }, { name: "old" }, { name: "weight" }],
    metrics: [
      metric(
        "requests",
        `sum(increase(http_requests_total{${of("new")}}[2m]))`,
        `result[0] >= ${minimumRequests} * {{args.weight}} / 100`,
      ),
      metric("errors", `${errors("new")} - (${errors("old")} >= 0 or vector(0))`, `result[0] <= ${mostErrors}`),
      metric("p95", `${p95("new")} / (${p95("old")} > 0 or vector(${p95Milliseconds / 1000}))`, "result[0] <= 1.5"),
    ],
  };
}
