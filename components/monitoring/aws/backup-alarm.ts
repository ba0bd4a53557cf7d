import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describeAlarm } from "./description";
import { keepEvents } from "./kept-events";
import { type ChildTransforms, transforming } from "../../shared/transform";

export interface AwsBackupAlarmArgs {
  /** Identifier of the database on RDS; it or {@link clusterIdentifier}. @default none @example database.identifier */
  readonly databaseIdentifier?: pulumi.Input<string>;
  /** Identifier of the cluster on Aurora. @default none @example database.clusterIdentifier */
  readonly clusterIdentifier?: pulumi.Input<string>;
  /** Topic that is notified. @example alerts.arn */
  readonly topicArn: pulumi.Input<string>;
  /** Host name of the site. @default not said @example "shop.example.com" */
  readonly domain?: string;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * An alarm when no backup was finished for 26 hours. RDS has no metric for it and no event for a backup that did not happen;
 * so the events of those that did are counted, and silence is the alarm. Only hours in which the database was there count, as
 * its storage, or a cluster's CPU, shows: a new one has not missed a backup yet. About $0.20 a month.
 */
export class AwsBackupAlarm extends pulumi.ComponentResource {
  constructor(name: string, args: AwsBackupAlarmArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:AwsBackupAlarm", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const { clusterIdentifier, databaseIdentifier } = args;
    if ((clusterIdentifier === undefined) === (databaseIdentifier === undefined))
      throw new Error(`${name}: expected databaseIdentifier or clusterIdentifier, and not both`);
    const finishes =
      clusterIdentifier === undefined
        ? {
            "detail-type": ["RDS DB Instance Event"],
            // "Finished DB instance backup": https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
            detail: { EventID: ["RDS-EVENT-0002"], SourceIdentifier: [databaseIdentifier!] },
          }
        : {
            "detail-type": ["RDS DB Cluster Snapshot Event"],
            // "Automated cluster snapshot created", named after the cluster: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
            detail: {
              EventID: ["RDS-EVENT-0169"],
              SourceIdentifier: [{ prefix: pulumi.interpolate`rds:${clusterIdentifier}-` }],
            },
          };
    const there =
      clusterIdentifier === undefined
        ? hourly("storage", "Minimum", "AWS/RDS", "FreeStorageSpace", { DBInstanceIdentifier: databaseIdentifier! })
        : hourly("cpu", "Minimum", "AWS/RDS", "CPUUtilization", { DBClusterIdentifier: clusterIdentifier });

    const finished = new aws.cloudwatch.EventRule(
      name,
      {
        description: "Finished backups, counted by an alarm",
        eventPattern: pulumi.jsonStringify({
          source: ["aws.rds"],
          ...finishes,
        }),
      },
      child,
    );
    keepEvents(name, finished, child);
    new aws.cloudwatch.MetricAlarm(
      name,
      {
        alarmDescription: describeAlarm(
          "ticket",
          `No backup was finished for 26 hours (${name}). Until it works, a loss costs everything since then: read the database's events. docs/runbooks/backup-age.md`,
          args.domain,
        ),
        metricQueries: [
          hourly("backups", "Sum", "AWS/Events", "MatchedEvents", { RuleName: finished.name }),
          there,
          { id: "missed", expression: `SUM([FILL(backups, 0), 0 * ${there.id}])`, returnData: true },
        ],
        evaluationPeriods: 26,
        datapointsToAlarm: 26,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        // An hour without the database is not an hour without a backup.
        treatMissingData: "notBreaching",
        alarmActions: [args.topicArn],
        okActions: [args.topicArn],
      },
      child,
    );
    this.registerOutputs({});
  }
}

function hourly(
  id: string,
  stat: string,
  namespace: string,
  metricName: string,
  dimensions: Record<string, pulumi.Input<string>>,
): aws.types.input.cloudwatch.MetricAlarmMetricQuery & { readonly id: string } {
  return { id, returnData: false, metric: { namespace, metricName, stat, period: 3600, dimensions } };
}
