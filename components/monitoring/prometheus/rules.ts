import type { Output } from "@pulumi/pulumi";
import type { SignalSource, Thresholds } from "../contract";
import { watches } from "./watches";
import type { Signal } from "../signals";

/** An alerting rule, in the words of Prometheus' own configuration. */
export interface PrometheusRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: Signal["severity"]; readonly source: string; readonly signal: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** The rows of the table that a Prometheus can see of these sources, as rules. */
export function prometheusRules(sources: readonly SignalSource[], thresholds: Thresholds): Output<PrometheusRule[]> {
  return watches(sources, thresholds).apply((each) =>
    each.map(({ signal, source, query, comparison, limit }) => ({
      alert: `${signal.id}:${source}`,
      // Without the parentheses `a or vector(0) < 1` is `a or (vector(0) < 1)`, which is always there.
      expr: `(${query}) ${comparison} ${limit}`,
      for: `${signal.forMinutes}m`,
      labels: { severity: signal.severity, source, signal: signal.id },
      annotations: {
        summary: `${source}: ${signal.title.toLowerCase()} ${comparison === ">" ? "above" : "below"} ${limit} ${signal.unit}`,
        description: signal.runbook,
      },
    })),
  );
}
