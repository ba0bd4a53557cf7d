import * as pulumi from "@pulumi/pulumi";
import { type CloudWatchSignal, queriesOf } from "./alarms";
import type { SignalSource } from "../contract";

/** A signal with those who emit it. */
export interface Watched {
  readonly signal: CloudWatchSignal;
  readonly sources: readonly SignalSource[];
}

const columns = 3;
const width = 24 / columns;
const height = 6;

/** The dashboard as CloudWatch stores it: one graph a signal, in the order of the table, with a line for each source. */
export function dashboardBody(watched: readonly Watched[], region: string): pulumi.Output<string> {
  return pulumi.jsonStringify({
    widgets: watched.map(({ signal, sources }, index) => ({
      type: "metric",
      x: (index % columns) * width,
      y: Math.floor(index / columns) * height,
      width,
      height,
      properties: {
        title: `${signal.title} (${signal.unit})`,
        region: signal.cloudWatch.region ?? region,
        view: "timeSeries",
        period: signal.cloudWatch.periodSeconds ?? 60,
        metrics: sources.flatMap((source, position) => lines(signal, source, position)),
      },
    })),
  });
}

/** Each query under an id of its own, as several sources share a graph. */
function lines(signal: CloudWatchSignal, source: SignalSource, position: number): unknown[] {
  const own = (text: string): string =>
    Object.keys(signal.cloudWatch.metrics).reduce(
      (done, id) => done.replace(new RegExp(`\\b${id}\\b`, "g"), `${id}${position}`),
      text,
    );
  return queriesOf(signal, source).map((query) => {
    if (query.expression !== undefined)
      return [{ id: `${query.id}${position}`, expression: own(query.expression), label: source.name }];
    const { dimensions, metricName, namespace, stat } = query.metric as {
      dimensions: Record<string, pulumi.Input<string>>;
      metricName: string;
      namespace: string;
      stat: string;
    };
    const visible = query.returnData === true;
    return [
      namespace,
      metricName,
      ...Object.entries(dimensions).flat(),
      {
        ...{ id: `${query.id}${position}`, stat, visible, label: source.name },
        ...(source.region === undefined ? {} : { region: source.region }),
      },
    ];
  });
}
