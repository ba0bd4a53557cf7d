import * as pulumi from "@pulumi/pulumi";
import { awsConsole } from "../../shared/aws-partition";
import type { SignalSource } from "../contract";
import type { CompositeAlarm } from "../composite-alarms";
import { compositeName, describeAlarm, describeComposite, ofThisStack } from "./description";
import type { AwsEventMessage } from "./webhook";

/** Events of a database that a person must know of. Those of each day's backup are not among them. */
export const databaseEvents = ["failover", "failure", "low storage", "recovery"];
/** The same of a cluster, which has neither low storage nor recovery. */
export const clusterEvents = ["failover", "failure"];

const absent = { exists: false };
// Of a composite alarm a state that is suppressed is an event too:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
const heard = { actionsSuppressedBy: [absent] };
/** That a new alarm has nothing to say is no news; that it goes off is. */
const changes = {
  $or: [
    { state: { value: ["ALARM"], ...heard } },
    { state: { value: ["OK"], ...heard }, previousState: { value: ["ALARM"], ...heard } },
  ],
};
const [alarm, state, reason] = ["$.detail.alarmName", "$.detail.state.value", "$.detail.state.reason"] as const;

/**
 * What EventBridge has to tell of a stack in a region. A pattern may have 2048 characters, too few for the ARN of every alarm:
 * they are chosen by how their description begins
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html).
 */
export function eventMessages(
  sources: readonly SignalSource[],
  region: string,
  domain?: string,
  composites: readonly CompositeAlarm[] = [],
): Readonly<Record<string, AwsEventMessage>> & { readonly alarms: AwsEventMessage } {
  const databases = sources.filter(isRds).map(identifierOf);
  const clusters = sources.filter(isAurora).map(clusterOf);
  const services = sources.flatMap(({ identifiers: { ClusterName, ServiceName } }) =>
    ClusterName === undefined || ServiceName === undefined ? [] : [pulumi.interpolate`/${ClusterName}/${ServiceName}`],
  );
  const console = `${awsConsole(region)}/cloudwatch/home?region=${region}#alarmsV2:alarm/<alarm>`;
  return {
    alarms: {
      pattern: {
        source: ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        detail: { configuration: { description: [{ prefix: ofThisStack() }], alarmRule: [absent] }, ...changes },
      },
      values: { alarm, state, description: "$.detail.configuration.description", reason },
      text: `<state>: <description> <reason> ${console}`,
    },
    // AWS's examples of their events have no description.
    ...Object.fromEntries(
      composites.map((composite): [string, AwsEventMessage] => [
        composite.id,
        {
          pattern: {
            source: ["aws.cloudwatch"],
            "detail-type": ["CloudWatch Alarm State Change"],
            detail: { alarmName: [compositeName(composite)], ...changes },
          },
          values: { alarm, state, reason },
          text: `<state>: ${describeComposite(composite, domain)} <reason> ${console}`,
        },
      ]),
    ),
    ...(databases.length === 0
      ? {}
      : {
          databases: {
            pattern: {
              source: ["aws.rds"],
              "detail-type": ["RDS DB Instance Event"],
              detail: { EventCategories: databaseEvents, SourceIdentifier: databases },
            },
            values: { database: "$.detail.SourceIdentifier", message: "$.detail.Message" },
            text: describeAlarm("ticket", "<database>: <message> docs/runbooks/database-errors.md", domain),
          },
        }),
    ...(clusters.length === 0
      ? {}
      : {
          clusters: {
            pattern: {
              source: ["aws.rds"],
              "detail-type": ["RDS DB Cluster Event"],
              detail: { EventCategories: clusterEvents, SourceIdentifier: clusters },
            },
            values: { database: "$.detail.SourceIdentifier", message: "$.detail.Message" },
            text: describeAlarm("ticket", "<database>: <message> docs/runbooks/database-errors.md", domain),
          },
        }),
    ...(services.length === 0
      ? {}
      : {
          releases: {
            pattern: {
              source: ["aws.ecs"],
              "detail-type": ["ECS Deployment State Change"],
              resources: services.map((suffix) => ({ suffix })),
              detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
            },
            values: { reason: "$.detail.reason" },
            text: describeAlarm("ticket", "A release went back: <reason> docs/runbooks/release-degraded.md", domain),
          },
        }),
  };
}

export function isRds(source: SignalSource): boolean {
  return source.identifiers["DBInstanceIdentifier"] !== undefined;
}

export function isAurora(source: SignalSource): boolean {
  return source.identifiers["DBClusterIdentifier"] !== undefined;
}

export function clusterOf(source: SignalSource): pulumi.Input<string> {
  return source.identifiers["DBClusterIdentifier"]!;
}

export function identifierOf(source: SignalSource): pulumi.Input<string> {
  return source.identifiers["DBInstanceIdentifier"]!;
}
