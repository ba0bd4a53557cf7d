import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CompositeAlarm, compositeAlarms } from "../composite-alarms";
import { compositeName, describeComposite } from "./description";

/** An alarm of a signal that may be a part of a composite one. */
export interface ChildAlarm {
  /** Id of the signal. */
  readonly signal: string;
  /** Name of the alarm. */
  readonly name: pulumi.Input<string>;
  readonly region?: "us-east-1";
}

/** A composite alarm with what is in it. All of its alarms are in its region: CloudWatch has none across regions. */
export interface Composed {
  readonly composite: CompositeAlarm;
  readonly region?: "us-east-1";
  readonly suppressor?: CompositeAlarm;
}

/** What is known of an alarm before it is made. `silent`: it has no action of its own, so a composite alarm must notify. */
export type Planned = Pick<ChildAlarm, "signal" | "region"> & { readonly silent?: boolean };

/** The composite alarms that alarms make: where one alarm is alone and nothing suppresses it, it notifies by itself. */
export function composed(alarms: readonly Planned[]): Composed[] {
  return [undefined, "us-east-1" as const].flatMap((region) => {
    const here = alarms.filter((alarm) => alarm.region === region);
    const found = compositeAlarms.map((composite) => ({ composite, children: childrenOf(composite, here) }));
    const inAlarm = ({ id }: { id: string }) =>
      found.find(({ composite, children }) => composite.id === id && children.length > 0)?.composite;
    return found.flatMap(({ children, composite }) => {
      const suppressor = composite.suppressedBy && inAlarm(composite.suppressedBy);
      const needed =
        children.length > 1 ||
        children.some(({ silent }) => silent) ||
        (children.length === 1 && (suppressor !== undefined || suppresses(composite, found)));
      return needed ? [{ composite, ...(region && { region }), ...(suppressor && { suppressor }) }] : [];
    });
  });
}

const suppresses = (
  { id }: CompositeAlarm,
  all: readonly { readonly composite: CompositeAlarm; readonly children: readonly unknown[] }[],
): boolean => all.some(({ children, composite }) => composite.suppressedBy?.id === id && children.length > 0);

export const childrenOf = <Alarm extends { readonly signal: string }>(
  { signals }: CompositeAlarm,
  alarms: readonly Alarm[],
): Alarm[] => alarms.filter(({ signal }) => signals.includes(signal));

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
