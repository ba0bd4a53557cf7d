import { output, type Output } from "@pulumi/pulumi";
import type { SignalSource, Thresholds } from "../contract";
import { signals, type Exporter, type Limit, type Signal } from "../signals";

/** One signal of one source, with its query and its limit filled in. */
export interface Watch {
  readonly signal: Signal;
  readonly source: string;
  /** PromQL for the value. */
  readonly query: string;
  readonly comparison: ">" | "<";
  readonly limit: number;
}

/** Every row of the table for every source, as Prometheus sees it. */
export function watches(sources: readonly SignalSource[], thresholds: Thresholds): Output<Watch[]> {
  return output(sources.map(({ identifiers }) => identifiers)).apply((identifiers) =>
    sources.flatMap((source, index) => watchesOf(source, identifiers[index]!, thresholds)),
  );
}

function watchesOf(
  source: SignalSource,
  identifiers: Readonly<Record<string, string>>,
  thresholds: Thresholds,
): Watch[] {
  return signals
    .filter((signal) => signal.of === source.kind)
    .flatMap((signal) => {
      const template = queryFor(signal, source, identifiers["exporter"] as Exporter | undefined);
      if (template === undefined) return [];
      const values = { ...source.capacity, ...identifiers };
      return [
        {
          signal,
          source: source.name,
          query: fill(template, values, signal, source),
          ...limit(signal, source, thresholds),
        },
      ];
    });
}

function queryFor(signal: Signal, source: SignalSource, exporter: Exporter | undefined): string | undefined {
  if (exporter === undefined) throw new Error(`${source.name} names no exporter: Prometheus cannot find it`);
  const query = signal.prometheus?.[exporter];
  if (query !== undefined || signal.absent?.[exporter] !== undefined || signal.absent?.prometheus !== undefined)
    return query;
  throw new Error(`signal ${signal.id} has neither a query for ${exporter} nor a reason for its absence (signals.ts)`);
}

function fill(
  template: string,
  values: Readonly<Record<string, string | number>>,
  signal: Signal,
  source: SignalSource,
): string {
  return template.replaceAll(/\$([a-zA-Z]+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`signal ${signal.id} needs $${name}, which ${source.name} does not state`);
    return String(value);
  });
}

function limit(signal: Signal, source: SignalSource, thresholds: Thresholds): Pick<Watch, "comparison" | "limit"> {
  const value = (limit: Limit): number =>
    typeof limit === "number" ? limit : limit(thresholds, source.capacity ?? {});
  if (signal.above !== undefined) return { comparison: ">", limit: value(signal.above) };
  if (signal.below !== undefined) return { comparison: "<", limit: value(signal.below) };
  throw new Error(`signal ${signal.id} has no limit (signals.ts)`);
}
