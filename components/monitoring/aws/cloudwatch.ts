import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../../shared/transform";
import { AwsAlertTopic } from "./alert-topic";
import { alarmOf, type CloudWatchSignal, hasCloudWatch } from "./alarms";
import { AwsBackupAlarm } from "./backup-alarm";
import { dashboardBody, type Watched } from "./dashboard";
import { AwsWebhook } from "./webhook";
import type { Monitoring, MonitoringArgs, SignalSource } from "../contract";
import { signals } from "../signals";

export interface AwsCloudWatchArgs extends MonitoringArgs {
  /** Region of the stack, for example `eu-central-1`. */
  readonly region: string;
  /** Notified of every alarm in the stack's region. */
  readonly topicArn: pulumi.Input<string>;
  /** The same key in us-east-1; needed when a CDN is watched, as CloudFront's metrics are there alone. */
  readonly edgeKeyArn?: pulumi.Input<string>;
  readonly transform?: { readonly alarm?: Transform<aws.cloudwatch.MetricAlarmArgs> };
}

/** Events of a database that a person must know of. Those of each day's backup are not among them. */
const databaseEvents = ["failover", "failure", "low storage", "recovery"];

/**
 * Renders the table of signals to CloudWatch: an alarm for each signal of each source, one dashboard, and what RDS reports
 * as events rather than as metrics.
 *
 * $0.10 per month for each metric an alarm watches, about $4 for a production stack; the dashboard is free as one of the
 * first three of the account (https://aws.amazon.com/cloudwatch/pricing/).
 */
export class AwsCloudWatch extends pulumi.ComponentResource implements Monitoring {
  readonly dashboard: pulumi.Output<string>;

  constructor(name: string, args: AwsCloudWatchArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:AwsCloudWatch", name, {}, options);
    const child = { parent: this };
    const watched = normalizeSignals();

    const edgeTopic = createEdgeTopic();
    const alarms = createAlarms();
    watchDatabases();
    createWebhooks();
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: `${pulumi.getProject()}-${pulumi.getStack()}`,
        dashboardBody: dashboardBody(watched, args.region),
      },
      child,
    );

    this.dashboard = pulumi.interpolate`https://${args.region}.console.aws.amazon.com/cloudwatch/home?region=${args.region}#dashboards/dashboard/${dashboard.dashboardName}`;
    this.registerOutputs({ dashboard: this.dashboard });

    function normalizeSignals(): Watched[] {
      return signals
        .filter(hasCloudWatch)
        .map((signal) => ({ signal, sources: args.sources.filter((source) => source.kind === signal.of) }))
        .filter(({ sources }) => sources.length > 0);
    }

    function createEdgeTopic(): AwsAlertTopic | undefined {
      if (!watched.some(({ signal }) => isElsewhere(signal))) return undefined;
      if (args.edgeKeyArn === undefined) {
        throw new Error(`${name}: edgeKeyArn is missing: a CDN is among sources, and its alarms are in us-east-1`);
      }
      const { emails } = args.notify;
      return new AwsAlertTopic(`${name}-edge`, { keyArn: args.edgeKeyArn, emails, region: "us-east-1" }, child);
    }

    function isElsewhere({ cloudWatch: { region } }: CloudWatchSignal): boolean {
      return region !== undefined && region !== args.region;
    }

    function createAlarms(): { readonly arn: pulumi.Output<string>; readonly elsewhere: boolean }[] {
      return watched.flatMap(({ signal, sources }) =>
        sources.map((source) => {
          const elsewhere = isElsewhere(signal);
          // An alarm can only notify a topic of its own region.
          const topicArn = elsewhere ? edgeTopic!.arn : args.topicArn;
          const { arn } = new aws.cloudwatch.MetricAlarm(
            `${name}-${source.name}-${signal.id}`,
            transformed<aws.cloudwatch.MetricAlarmArgs>(
              { ...alarmOf(signal, source, args.thresholds), alarmActions: [topicArn], okActions: [topicArn] },
              args.transform?.alarm,
            ),
            source.formerName === undefined
              ? child
              : { ...child, aliases: [{ name: `${name}-${source.formerName}-${signal.id}` }] },
          );
          return { arn, elsewhere };
        }),
      );
    }

    function createWebhooks(): void {
      const url = args.notify.webhook;
      if (url === undefined) return;
      const here = alarms.filter(({ elsewhere }) => !elsewhere).map(({ arn }) => arn);
      const atTheEdge = alarms.filter(({ elsewhere }) => elsewhere).map(({ arn }) => arn);
      if (here.length > 0) new AwsWebhook(`${name}-webhook`, { url, alarmArns: here }, child);
      if (atTheEdge.length > 0) {
        new AwsWebhook(`${name}-edge-webhook`, { url, alarmArns: atTheEdge, region: "us-east-1" }, child);
      }
    }

    function watchDatabases(): void {
      const databases = args.sources.filter(isRds);
      if (databases.length === 0) return;
      new aws.rds.EventSubscription(
        `${name}-databases`,
        {
          snsTopic: args.topicArn,
          sourceType: "db-instance",
          sourceIds: databases.map(identifierOf),
          eventCategories: databaseEvents,
        },
        child,
      );
      for (const database of databases.filter(({ kind }) => kind === "database")) {
        new AwsBackupAlarm(
          `${name}-${database.name}-backup`,
          { databaseIdentifier: identifierOf(database), topicArn: args.topicArn },
          child,
        );
      }
    }
  }
}

function isRds(source: SignalSource): boolean {
  return source.identifiers["DBInstanceIdentifier"] !== undefined;
}

function identifierOf(source: SignalSource): pulumi.Input<string> {
  return source.identifiers["DBInstanceIdentifier"]!;
}
