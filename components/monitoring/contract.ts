import type { Input, Output } from "@pulumi/pulumi";

/**
 * Something that emits signals, and by which identifiers a monitoring system finds it. A component states what it is;
 * what is watched of it is a row in signals.ts.
 */
export interface SignalSource {
  readonly kind: SignalKind;
  /** Unique in the stack, for example `database`, `database-replica-1`. Becomes a part of alarm names. */
  readonly name: string;
  /** Name that it had in an earlier version: its alarms are taken up by it. */
  readonly formerName?: string;
  /** CloudWatch dimensions, or Prometheus label values, by name. */
  readonly identifiers: Readonly<Record<string, Input<string>>>;
  /** Region of its metrics, where that is not the stack's. Read on AWS alone. */
  readonly region?: "us-east-1";
  /** Sizes that turn a ratio into a threshold, for example `storageGb`. */
  readonly capacity?: Readonly<Record<string, number>>;
}

export type SignalKind =
  | "ingress"
  | "service"
  | "worker"
  | "job"
  | "log"
  | "database"
  | "database-replica"
  | "database-cluster"
  | "backup"
  | "backup-plan"
  | "cache"
  | "cdn"
  | "certificate"
  | "host"
  | "ingress-server"
  | "site"
  | "release";

export interface MonitoringArgs {
  /** What is watched. @example [...service.signals, ...database.signals] */
  readonly sources: readonly SignalSource[];
  /** Where the limits are. @example { errorPercent: 1, p95Milliseconds: 1000, saturationPercent: 80 } */
  readonly thresholds: Thresholds;
  /** Who is notified. @example { emails: ["ops@example.com"] } */
  readonly notify: Notify;
  /** Whether signals that go off together notify once, by composite alarms: up to $2 a month on AWS. @default true @example false */
  readonly compositeAlarms?: boolean;
  /** Host name of the site, for the reader of an alarm of one of many. @default not said @example "shop.example.com" */
  readonly domain?: string;
}

export interface Notify {
  /** Addresses that get an e-mail for each alarm. */
  readonly emails: readonly string[];
  /** HTTPS address that gets each alarm as a POST, in the form that a chat takes where it is one. It is a secret. */
  readonly webhook?: string;
}

/** Where the limits are that a team may want to move. The rest is fixed in signals.ts, with its reason. */
export interface Thresholds {
  /** Percent of requests that fail with 5xx. */
  readonly errorPercent: number;
  /** 95th percentile of the response time, in milliseconds. */
  readonly p95Milliseconds: number;
  /** CPU or memory of a service, database or cache, in percent. */
  readonly saturationPercent: number;
}

export interface Monitoring {
  /** Where a person looks first. */
  readonly dashboard: Output<string>;
}
