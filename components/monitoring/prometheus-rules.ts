import * as pulumi from "@pulumi/pulumi";
import type { SignalSource, Thresholds } from "./contract";
import { type Exporter, type Limit, type Signal, signals } from "./signals";

/** An alerting rule, in the words of Prometheus. */
export interface PrometheusRule {
  readonly alert: string;
  readonly expr: pulumi.Output<string>;
  readonly for: string;
  readonly labels: { readonly severity: Signal["severity"]; readonly source: string; readonly signal: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** The rows of the table that a Prometheus can see of these sources, as rules. The rows without a figure say why. */
export function prometheusRules(sources: readonly SignalSource[], thresholds: Thresholds): PrometheusRule[] {
  return watched(sources).map(({ source, signal, query }) => {
    const { operator, limit } = comparison(signal, thresholds, source);
    return {
      alert: `${signal.id}:${source.name}`,
      expr: pulumi.interpolate`${query} ${operator} ${limit}`,
      for: `${signal.forMinutes}m`,
      labels: { severity: signal.severity, source: source.name, signal: signal.id },
      annotations: {
        summary: `${source.name}: ${signal.title.toLowerCase()} ${operator === ">" ? "above" : "below"} ${limit} ${signal.unit}`,
        description: signal.runbook,
      },
    };
  });
}

function watched(sources: readonly SignalSource[]) {
  return sources.flatMap((source) => {
    const exporter = source.identifiers["exporter"] as Exporter | undefined;
    return signals
      .filter((signal) => signal.of === source.kind)
      .flatMap((signal) => {
        const query = exporter === undefined ? undefined : signal.prometheus?.[exporter];
        return query === undefined ? [] : [{ source, signal, query: filled(query, source) }];
      });
  });
}

/** `$name` becomes the identifier or the capacity of that name. */
function filled(query: string, source: SignalSource): pulumi.Output<string> {
  return pulumi.all({ ...source.identifiers }).apply((identifiers) =>
    query.replace(/\$([a-zA-Z]+)/g, (_, name: string) => {
      const value = identifiers[name] ?? source.capacity?.[name];
      if (value === undefined)
        throw new Error(`${source.name} does not say its ${name}, which a signal of kind ${source.kind} needs`);
      return String(value);
    }),
  );
}

function comparison(
  signal: Signal,
  thresholds: Thresholds,
  source: SignalSource,
): { operator: ">" | "<"; limit: number } {
  const evaluate = (limit: Limit) => (typeof limit === "number" ? limit : limit(thresholds, source.capacity ?? {}));
  if (signal.above !== undefined) return { operator: ">", limit: evaluate(signal.above) };
  if (signal.below !== undefined) return { operator: "<", limit: evaluate(signal.below) };
  throw new Error(`signal ${signal.id} has neither above nor below`);
}
