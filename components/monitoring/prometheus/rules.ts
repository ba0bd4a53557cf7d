import { getProject, getStack } from "@pulumi/pulumi";
import type { Signal } from "../signals";
import type { Watch } from "./watches";

/** An alerting rule, in the words of Prometheus' own configuration. */
export interface PrometheusRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>> & {
    /** `none`: it notifies nobody. */
    readonly severity: Signal["severity"] | "none";
    readonly source: string;
  };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook: string;
    /** Page of the documentation. */
    readonly runbook_url: string;
  };
}

/** A rule for each watch, the same for a Prometheus of one host and for the operator's. */
export function prometheusRules(
  watched: readonly Watch[],
  labels: Readonly<Record<string, string>> = {},
): PrometheusRule[] {
  return watched.map(({ signal, source, query, comparison, limit }) => ({
    alert: alertName(signal.id),
    // Without the parentheses `a or vector(0) < 1` is `a or (vector(0) < 1)`, which is always there.
    expr: `(${query}) ${comparison} ${limit}`,
    for: `${signal.forMinutes}m`,
    labels: { severity: signal.severity, source, signal: signal.id, ...labels },
    annotations: {
      summary: `${signal.alarm} (${source})`,
      description: `${humanized(signal.unit)}; the limit is ${comparison === ">" ? "at most" : "at least"} ${limit}.`,
      runbook: signal.runbook,
      runbook_url: `docs/runbooks/${signal.id}.md`,
    },
  }));
}

/** Labels that tell the receiver of many alarms whose one is. */
export function siteLabels(domain: string | undefined): Readonly<Record<string, string>> {
  return domain === undefined ? {} : { stack: `${getProject()}-${getStack()}`, domain };
}

/** Prometheus' own template functions write a value as a person reads it. */
function humanized(unit: Signal["unit"]): string {
  switch (unit) {
    case "bytes":
      return "{{ $value | humanize1024 }}B";
    case "seconds":
      return "{{ $value | humanizeDuration }}";
    case "percent":
      return '{{ $value | printf "%.1f" }} %';
    case "count":
      return "{{ $value | humanize }}";
    default:
      return `{{ $value | humanize }} ${unit}`;
  }
}

/** `database-cpu` is `DatabaseCpu`, as alerts are named. */
export function alertName(id: string): string {
  return id
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
