import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsConsole } from "../../shared/aws-partition";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { AwsAlertTopic } from "./alert-topic";
import { alarmOf, type CloudWatchSignal, hasCloudWatch, isMeasurable, regionOf } from "./alarms";
import { AwsBackupAlarm } from "./backup-alarm";
import { type ChildAlarm, createComposites } from "./composites";
import { dashboardBody, type Watched } from "./dashboard";
import { asChild } from "./description";
import {
  clusterEvents,
  clusterOf,
  databaseEvents,
  eventMessages,
  identifierOf,
  isAurora,
  isRds,
} from "./event-messages";
import { AwsWebhook } from "./webhook";
import { childrenOf, type Composed, composed } from "../composite-alarms";
import type { Monitoring, MonitoringArgs, SignalSource } from "../contract";
import { signals } from "../signals";

export interface AwsCloudWatchArgs extends MonitoringArgs {
  /** Region of the stack. @example "eu-central-1" */
  readonly region: string;
  /** Notified of every alarm in the stack's region. @example alerts.arn */
  readonly topicArn: pulumi.Input<string>;
  /**
   * The same key in us-east-1; needed when a CDN is watched, as CloudFront's metrics are there alone.
   *
   * @default none
   * @example key.edgeArn
   */
  readonly edgeKeyArn?: pulumi.Input<string>;
  /**
   * Names of the alarms that roll a release back, by the signal that they are of, where they notify nobody themselves.
   *
   * @default none
   * @example { errors: web.nodes.releaseAlarms.errors.name, latency: web.nodes.releaseAlarms.latency.name }
   */
  readonly releaseAlarms?: Readonly<Record<"errors" | "latency", pulumi.Input<string>>>;
  /** Whether there is a dashboard: $3 a month beyond the first three of an account. @default true @example false */
  readonly dashboard?: boolean;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & { readonly alarm?: Transform<aws.cloudwatch.MetricAlarmArgs> };
}

/**
 * Renders the table of signals to CloudWatch: an alarm for each signal of each source, composite ones for those that go off
 * together, one dashboard, and what RDS reports as events rather than as metrics.
 *
 * $0.10 per month for each metric an alarm watches, about $4 for a production stack, $0.50 for each composite alarm; the dashboard is free as one of the
 * first three of the account (https://aws.amazon.com/cloudwatch/pricing/).
 */
export class AwsCloudWatch extends pulumi.ComponentResource implements Monitoring {
  readonly dashboard: pulumi.Output<string>;

  constructor(name: string, args: AwsCloudWatchArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:AwsCloudWatch", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const watched = normalizeSignals();

    const edgeTopic = createEdgeTopic();
    const composites = createAlarms();
    watchDatabases();
    watchClusters();
    watchReleases();
    createWebhooks();
    const page = args.dashboard === false ? "alarmsV2:" : pulumi.interpolate`dashboards/dashboard/${createDashboard()}`;

    this.dashboard = pulumi.interpolate`${awsConsole(args.region)}/cloudwatch/home?region=${args.region}#${page}`;
    this.registerOutputs({ dashboard: this.dashboard });

    function createDashboard(): pulumi.Output<string> {
      return new aws.cloudwatch.Dashboard(
        name,
        {
          dashboardName: `${pulumi.getProject()}-${pulumi.getStack()}`,
          dashboardBody: dashboardBody(watched, args.region),
        },
        child,
      ).dashboardName;
    }

    function normalizeSignals(): Watched[] {
      return signals
        .filter(hasCloudWatch)
        .map((signal) => ({
          signal,
          sources: args.sources.filter((source) => source.kind === signal.of && isMeasurable(signal, source)),
        }))
        .filter(({ sources }) => sources.length > 0);
    }

    function createEdgeTopic(): AwsAlertTopic | undefined {
      if (!watched.some(({ signal, sources }) => sources.some((source) => isElsewhere(signal, source))))
        return undefined;
      if (args.edgeKeyArn === undefined) {
        throw new Error(
          `${name}: edgeKeyArn is missing: a CDN or its certificate is among sources, and its alarms are in us-east-1`,
        );
      }
      const { emails } = args.notify;
      return new AwsAlertTopic(`${name}-edge`, { keyArn: args.edgeKeyArn, emails, region: "us-east-1" }, child);
    }

    function isElsewhere(signal: CloudWatchSignal, source: SignalSource): boolean {
      const region = regionOf(signal, source);
      return region !== undefined && region !== args.region;
    }

    function createAlarms(): Composed[] {
      const planned = watched.flatMap(({ signal, sources }) =>
        sources.map((source) => ({
          ...{ source, row: signal, signal: signal.id },
          ...(isElsewhere(signal, source) && { region: "us-east-1" as const }),
        })),
      );
      const released = Object.entries(args.releaseAlarms ?? {}).map(
        ([signal, alarm]): ChildAlarm & { readonly silent: true } => ({ signal, name: alarm, silent: true }),
      );
      const together = args.compositeAlarms === false ? [] : composed([...planned, ...released]);
      const children = planned.map(({ region, row, signal, source }): ChildAlarm => {
        const isChild = together.some(
          (one) => one.region === region && childrenOf(one.composite, [{ signal }]).length > 0,
        );
        const made = createAlarm(row, source, isChild ? undefined : topicOf(region));
        return { signal, name: made.name, ...(region && { region }) };
      });
      createComposites(name, together, [...children, ...released], { topicOf, domain: args.domain }, child);
      return together;
    }

    /** An alarm can only notify a topic of its own region. */
    function topicOf(region: "us-east-1" | undefined): pulumi.Input<string> {
      return region === undefined ? args.topicArn : edgeTopic!.arn;
    }

    function createAlarm(
      signal: CloudWatchSignal,
      source: SignalSource,
      topicArn: pulumi.Input<string> | undefined,
    ): aws.cloudwatch.MetricAlarm {
      const { alarmDescription, ...alarm } = alarmOf(signal, source, args.thresholds, args.domain);
      return new aws.cloudwatch.MetricAlarm(
        ...childOf<aws.cloudwatch.MetricAlarmArgs>(
          `${name}-${source.name}-${signal.id}`,
          {
            ...alarm,
            ...(topicArn === undefined
              ? { alarmDescription: asChild(alarmDescription as string) }
              : { alarmDescription, alarmActions: [topicArn], okActions: [topicArn] }),
          },
          source.formerName === undefined
            ? child
            : { ...child, aliases: [{ name: `${name}-${source.formerName}-${signal.id}` }] },
          args.transform?.alarm,
        ),
      );
    }

    function createWebhooks(): void {
      const url = args.notify.webhook;
      if (url === undefined) return;
      const compositesIn = (region?: "us-east-1") =>
        composites.filter((one) => one.region === region).map(({ composite }) => composite);
      const events = eventMessages(args.sources, args.region, args.domain, compositesIn());
      new AwsWebhook(`${name}-webhook`, { url, events }, child);
      if (edgeTopic === undefined) return;
      const region = "us-east-1";
      const edgeEvents = eventMessages([], region, args.domain, compositesIn(region));
      new AwsWebhook(`${name}-edge-webhook`, { url, events: edgeEvents, region }, child);
    }

    /** ECS tells of a release that it took back as an event alone; the command that made it may have been somebody else's. */
    function watchReleases(): void {
      const { releases } = eventMessages(args.sources, args.region, args.domain);
      if (releases === undefined) return;
      const rule = new aws.cloudwatch.EventRule(
        `${name}-releases`,
        { description: "Releases that went back", eventPattern: pulumi.jsonStringify(releases.pattern) },
        child,
      );
      new aws.cloudwatch.EventTarget(
        `${name}-releases`,
        {
          rule: rule.name,
          arn: args.topicArn,
          inputTransformer: { inputPaths: releases.values, inputTemplate: JSON.stringify(releases.text) },
        },
        child,
      );
    }

    function watchClusters(): void {
      const clusters = args.sources.filter(isAurora);
      if (clusters.length === 0) return;
      new aws.rds.EventSubscription(
        `${name}-clusters`,
        {
          snsTopic: args.topicArn,
          sourceType: "db-cluster",
          sourceIds: clusters.map(clusterOf),
          eventCategories: clusterEvents,
        },
        child,
      );
      for (const cluster of clusters) {
        new AwsBackupAlarm(
          `${name}-${cluster.name}-backup`,
          { clusterIdentifier: clusterOf(cluster), topicArn: args.topicArn, domain: args.domain },
          child,
        );
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
          { databaseIdentifier: identifierOf(database), topicArn: args.topicArn, domain: args.domain },
          child,
        );
      }
    }
  }
}
