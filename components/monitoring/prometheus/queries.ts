/**
 * What "errors" and "slow" mean, in PromQL, wherever it is asked: alerts, dashboards, the judgement of a release. Over the
 * application's own metrics (packages/next/contract.json).
 */

/** Percent of requests answered 5xx. Empty, not 0, where there are no requests. */
export function errorPercent(selector: string, window: string): string {
  const all = `sum(rate(http_requests_total{${selector}}[${window}]))`;
  const failed = `sum(rate(http_requests_total{${selector},status=~"5.."}[${window}]))`;
  return `100 * (${failed} or vector(0)) / ${all}`;
}

/** 95th percentile of the response time, in seconds. */
export function p95Seconds(selector: string, window: string): string {
  return `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{${selector}}[${window}])))`;
}
