import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AwsBackupAlarmArgs {
  /** Identifier of the database on RDS. */
  readonly databaseIdentifier: pulumi.Input<string>;
  readonly topicArn: pulumi.Input<string>;
}

/**
 * An alarm when no backup was finished for 26 hours. RDS has no metric for it and no event for a backup that did not happen;
 * so the events of those that did are counted, and silence is the alarm. About $0.10 a month.
 */
export class AwsBackupAlarm extends pulumi.ComponentResource {
  constructor(name: string, args: AwsBackupAlarmArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:AwsBackupAlarm", name, {}, options);
    const child = { parent: this };

    const finished = new aws.cloudwatch.EventRule(
      name,
      {
        description: "Finished backups, counted by an alarm",
        eventPattern: pulumi.jsonStringify({
          source: ["aws.rds"],
          "detail-type": ["RDS DB Instance Event"],
          // "Finished DB instance backup": https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
          detail: { EventID: ["RDS-EVENT-0002"], SourceIdentifier: [args.databaseIdentifier] },
        }),
      },
      child,
    );
    new aws.cloudwatch.MetricAlarm(
      name,
      {
        alarmDescription: `[ticket] No backup was finished for 26 hours (${name}). Until it works, a loss costs everything since then: read the database's events.`,
        namespace: "AWS/Events",
        metricName: "MatchedEvents",
        dimensions: { RuleName: finished.name },
        statistic: "Sum",
        period: 3600,
        evaluationPeriods: 26,
        datapointsToAlarm: 26,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        treatMissingData: "breaching",
        alarmActions: [args.topicArn],
        okActions: [args.topicArn],
      },
      child,
    );
    this.registerOutputs({});
  }
}
