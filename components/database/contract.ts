import type { Output } from "@pulumi/pulumi";
import type { Environment } from "../shared/environment";
import type { SignalSource } from "../monitoring/contract";
import type { SecretRef } from "../secrets/contract";

/** What every implementation of a PostgreSQL database understands. */
export interface DatabaseArgs {
  /**
   * Name of the database and of its owner. Not a setting: it is decided once, and no person sees it.
   *
   * @default app
   * @example "shop"
   */
  readonly databaseName?: string;
  /** Major version. @example "17" */
  readonly version: string;
  /** Storage of each server, in GiB. @example 50 */
  readonly storageGb: number;
  /** A second server that takes over when the first is lost. @example true */
  readonly standby: boolean;
  /** Servers that answer reads only. @example 1 */
  readonly readReplicas: number;
  /** Days for which any point in time can be restored. @example 14 */
  readonly backupRetentionDays: number;
  /** Refuse deletion, and keep the data when the stack is destroyed. @example true */
  readonly protect: boolean;
}

/** A PostgreSQL database that a service can use. */
export interface Database {
  /** `postgres://user@host:port/database`, without the password. */
  readonly url: Output<string>;
  readonly password: SecretRef;
  /** `DATABASE_*` variables for an application: addresses as values, the password as a reference. */
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];
  /** Command that restores a copy, or where it is described. */
  readonly restore: Output<string>;
}
