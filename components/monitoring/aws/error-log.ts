import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../../shared/transform";
import type { SignalSource } from "../contract";

export interface AwsErrorLogArgs {
  /** Log group of a process that writes one JSON object a line with its level, as `@slipway/next` does. @example web.nodes.logGroup.name */
  readonly logGroupName: pulumi.Input<string>;
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { filter: { pattern: '{ $.severity = "ERROR" }' } }
   */
  readonly transform?: ChildTransforms & { readonly filter?: Transform<aws.cloudwatch.LogMetricFilterArgs> };
}

/**
 * Counts what a process logs as an error, which no metric of AWS does: a page that fails after its first byte went out as 200, a
 * background task, a cache that refuses. `signals` has the alarm. A custom metric is $0.30 a month
 * (https://aws.amazon.com/cloudwatch/pricing/), and less where errors are rare: it is paid for by the hour in which it has data.
 *
 * @example
 * const errors = new AwsErrorLog("web", { logGroupName: web.nodes.logGroup.name });
 * new AwsCloudWatch("monitoring", { sources: [...web.signals, ...errors.signals], … });
 */
export class AwsErrorLog extends pulumi.ComponentResource {
  readonly signals: readonly SignalSource[];

  constructor(name: string, args: AwsErrorLogArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:AwsErrorLog", name, {}, transforming(options, args.transform));
    // A metric has no owner and no tags: its namespace says whose it is.
    const namespace = `Slipway/${pulumi.getProject()}-${pulumi.getStack()}/${name}`;
    new aws.cloudwatch.LogMetricFilter(
      ...childOf<aws.cloudwatch.LogMetricFilterArgs>(
        name,
        {
          logGroupName: args.logGroupName,
          pattern: '{ ($.level = "error") || ($.level = "fatal") }',
          metricTransformation: { name: "ErrorsLogged", namespace, value: "1", unit: "Count" },
        },
        { parent: this },
        args.transform?.filter,
      ),
    );
    this.signals = [{ kind: "log", name, identifiers: { Namespace: namespace } }];
    this.registerOutputs({});
  }
}
