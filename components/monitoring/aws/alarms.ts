import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { SignalSource, Thresholds } from "../contract";
import { describeAlarm } from "./description";
import type { CloudWatchStatistic, CloudWatchMetric, Signal } from "../signals";

/** A signal that CloudWatch has metrics for. */
export type CloudWatchSignal = Signal & { readonly cloudWatch: CloudWatchMetric };

export function hasCloudWatch(signal: Signal): signal is CloudWatchSignal {
  return signal.cloudWatch !== undefined;
}

/** Whether a source states the sizes that a signal is measured by: of what exists they may not be known, and it is not watched then. */
export function isMeasurable({ above, below, cloudWatch }: CloudWatchSignal, { capacity = {} }: SignalSource): boolean {
  const needed = [...(cloudWatch.expression ?? "").matchAll(/\$(\w+)/g)].map(([, name]) => name!);
  const limit = above ?? below;
  const thresholds = { errorPercent: 1, p95Milliseconds: 1, saturationPercent: 1 };
  return (
    needed.every((name) => capacity[name] !== undefined) &&
    (typeof limit !== "function" || !Number.isNaN(limit(thresholds, capacity)))
  );
}

/** One row of the table of signals, for one source, as CloudWatch watches it. Whom it notifies is not part of it. */
export function alarmOf(
  signal: CloudWatchSignal,
  source: SignalSource,
  thresholds: Thresholds,
  domain?: string,
): aws.cloudwatch.MetricAlarmArgs {
  const { cloudWatch } = signal;
  const period = periodOf(cloudWatch);
  const evaluationPeriods = Math.max(1, Math.round((signal.forMinutes * 60) / period));
  return {
    alarmDescription: describeAlarm(
      signal.severity,
      `${signal.alarm} (${source.name}). ${signal.runbook} docs/runbooks/${signal.id}.md`,
      domain,
    ),
    ...limitOf(signal, source, thresholds),
    evaluationPeriods,
    datapointsToAlarm: evaluationPeriods,
    treatMissingData: cloudWatch.missing ?? "notBreaching",
    metricQueries: queriesOf(signal, source),
    ...(regionOf(signal, source) === undefined ? {} : { region: regionOf(signal, source) }),
  };
}

/** Where a signal of a source is measured, when that is not the stack's region. An alarm is there too. */
export function regionOf({ cloudWatch }: CloudWatchSignal, source: SignalSource): "us-east-1" | undefined {
  return source.region ?? cloudWatch.region;
}

/** The metrics behind a signal, and the one that is compared with its limit. */
export function queriesOf(
  { cloudWatch }: CloudWatchSignal,
  source: SignalSource,
): (aws.types.input.cloudwatch.MetricAlarmMetricQuery & { id: string; expression?: string })[] {
  const metrics = Object.entries(cloudWatch.metrics).map(([id, statistic]) => ({
    id,
    returnData: cloudWatch.expression === undefined,
    metric: {
      namespace: source.identifiers["Namespace"] ?? cloudWatch.namespace,
      metricName: statistic.name,
      stat: statistic.statistic,
      period: periodOf(cloudWatch),
      dimensions: dimensionsOf(cloudWatch, statistic, source),
    },
  }));
  if (cloudWatch.expression === undefined) return metrics;
  return [...metrics, { id: "value", returnData: true, expression: withCapacities(cloudWatch.expression, source) }];
}

function dimensionsOf(
  cloudWatch: CloudWatchMetric,
  statistic: CloudWatchStatistic,
  source: SignalSource,
): Record<string, pulumi.Input<string>> {
  const pairs = cloudWatch.dimensions.map((dimension): [string, pulumi.Input<string>] => {
    const identifier = statistic.identifiers?.[dimension] ?? dimension;
    const value = source.identifiers[identifier];
    if (value === undefined) {
      throw new Error(
        `${source.name}: ${cloudWatch.namespace} ${statistic.name} needs the identifier ${identifier}, which this ${source.kind} does not state`,
      );
    }
    return [dimension, value];
  });
  return Object.fromEntries(pairs);
}

function limitOf(
  signal: CloudWatchSignal,
  source: SignalSource,
  thresholds: Thresholds,
): Pick<aws.cloudwatch.MetricAlarmArgs, "comparisonOperator" | "threshold"> {
  const { above, below, cloudWatch } = signal;
  const limit = above ?? below;
  if (limit === undefined) throw new Error(`signal ${signal.id} has neither above nor below`);
  const inUnit = typeof limit === "number" ? limit : limit(thresholds, source.capacity ?? {});
  return {
    comparisonOperator: above === undefined ? "LessThanThreshold" : "GreaterThanThreshold",
    threshold: inUnit * (cloudWatch.scale ?? 1),
  };
}

function withCapacities(expression: string, source: SignalSource): string {
  return expression.replace(/\$(\w+)/g, (_, name: string) => {
    const value = source.capacity?.[name];
    if (value === undefined)
      throw new Error(
        `${source.name}: "${expression}" needs the capacity ${name}, which this ${source.kind} does not state`,
      );
    return String(value);
  });
}

function periodOf({ periodSeconds = 60 }: CloudWatchMetric): number {
  return periodSeconds;
}
