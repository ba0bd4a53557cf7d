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
}

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
      // The old replicas stay for this long: going back is a change of the Service's selector.
      scaleDownDelaySeconds: Math.max(30, bakeMinutes * 60),
      ...(analysed ? { postPromotionAnalysis: analysis(names) } : {}),
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
      steps: weights(release).flatMap((setWeight) => [
        { setWeight },
        { pause: { duration: `${release.stepMinutes}m` } },
      ]),
      // From the first step's weight on: before it, the new release has no requests to be judged by.
      ...(analysed ? { analysis: { ...analysis(names), startingStep: 1 } } : {}),
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

function analysis({ analysisTemplate }: RolloutNames): object {
  return {
    templates: [{ templateName: analysisTemplate }],
    args: [
      { name: "new", valueFrom: { podTemplateHashValue: "Latest" } },
      { name: "old", valueFrom: { podTemplateHashValue: "Stable" } },
    ],
  };
}

/**
 * `spec` of the AnalysisTemplate: the new release against the old one in the same minutes, so that a slow database or a
 * busy evening is held against neither. Too few requests are no proof: no data counts as failure. A comparison drops
 * NaN, which is what a ratio of nothing gives; `or` then stands in.
 */
export function analysisSpec({ prometheusUrl, errorPercent, p95Milliseconds }: Analysis, job: Input<string>): object {
  const of = (release: string, more = "") =>
    `{job="{{args.job}}",rollouts_pod_template_hash="{{args.${release}}}"${more}}[2m]`;
  const requests = (release: string, more?: string) => `sum(rate(http_requests_total${of(release, more)}))`;
  const errors = (release: string) =>
    `100 * (${requests(release, ',status=~"5.."')} or vector(0)) / ${requests(release)}`;
  const p95 = (release: string) =>
    `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket${of(release)})))`;
  const metric = (name: string, query: string, success: string) => ({
    name,
    interval: "1m",
    initialDelay: "2m",
    // One bad minute may be anybody's; the second ends the release.
    failureLimit: 1,
    successCondition: `len(result) > 0 && !isNaN(result[0]) && ${success}`,
    provider: { prometheus: { address: prometheusUrl, query } },
  });
  return {
    args: [{ name: "job", value: job }, { name: "new" }, { name: "old" }],
    metrics: [
      metric("requests", `sum(increase(http_requests_total${of("new")}))`, "result[0] >= 20"),
      metric("errors", `${errors("new")} - (${errors("old")} >= 0 or vector(0))`, `result[0] <= ${errorPercent}`),
      metric("p95", `${p95("new")} / (${p95("old")} > 0 or vector(${p95Milliseconds / 1000}))`, "result[0] <= 1.5"),
    ],
  };
}
