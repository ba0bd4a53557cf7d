import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { childrenOf, type Composed } from "../composite-alarms";
import { compositeName, describeComposite } from "./description";

/** An alarm of a signal that may be a part of a composite one. */
export interface ChildAlarm {
  /** Id of the signal. */
  readonly signal: string;
  /** Name of the alarm. */
  readonly name: pulumi.Input<string>;
  readonly region?: "us-east-1";
}

/** $0.50 a month each (https://aws.amazon.com/cloudwatch/pricing/). */
export function createComposites(
  name: string,
  all: readonly Composed[],
  alarms: readonly ChildAlarm[],
  notify: { readonly topicOf: (region?: "us-east-1") => pulumi.Input<string>; readonly domain?: string },
  options: pulumi.CustomResourceOptions,
): void {
  const made = new Map<string, aws.cloudwatch.CompositeAlarm>();
  for (const { composite, region, suppressor } of all) {
    const { id, suppressedBy } = composite;
    const children = childrenOf(composite, alarms).filter((one) => one.region === region);
    const topic = notify.topicOf(region);
    made.set(
      `${region} ${id}`,
      new aws.cloudwatch.CompositeAlarm(
        `${name}-${id}`,
        {
          alarmName: compositeName(composite),
          alarmDescription: describeComposite(composite, notify.domain),
          alarmRule: pulumi
            .all(children.map(({ name: child }) => pulumi.interpolate`ALARM("${child}")`))
            .apply((parts) => parts.join(" OR ")),
          alarmActions: [topic],
          okActions: [topic],
          ...(suppressor && {
            actionsSuppressor: {
              alarm: made.get(`${region} ${suppressor.id}`)!.arn,
              waitPeriod: suppressedBy!.waitSeconds,
              extensionPeriod: suppressedBy!.extensionSeconds,
            },
          }),
          ...(region && { region }),
        },
        options,
      ),
    );
  }
}
