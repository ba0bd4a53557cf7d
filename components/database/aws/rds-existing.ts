import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../shared/environment";
import type { SignalSource } from "../../monitoring/contract";
import { maxConnections } from "./rds-class";
import type { Database } from "../contract";
import { type AwsExistingPasswordArgs, existingPassword } from "./existing-password";

export interface AwsExistingRdsArgs extends AwsExistingPasswordArgs {
  /** Identifier of the instance. @example "shop-production" */
  readonly identifier: pulumi.Input<string>;
  /** Name of the database. @default "app" @example "shop" */
  readonly databaseName?: string;
  /** User of the application. @default the instance's master user @example "shop" */
  readonly userName?: pulumi.Input<string>;
  /** Host name in front of it: an RDS Proxy's. @default the instance's own @example "shop.proxy-abc.eu-central-1.rds.amazonaws.com" */
  readonly host?: pulumi.Input<string>;
  /** Identifiers of its read replicas. @default none @example ["shop-production-replica-1"] */
  readonly replicaIdentifiers?: readonly pulumi.Input<string>[];
  /** Size of the instance. It is watched where this and {@link storageGb} are known. @default not known @example "db.t4g.medium" */
  readonly instanceClass?: string;
  /** Its storage in GiB. @default not known @example 50 */
  readonly storageGb?: number;
  /** GiB to which it grows by itself. @default {@link storageGb} @example 200 */
  readonly maxStorageGb?: number;
}

/** An RDS instance as an application uses it, by asking AWS where it is. */
export function existingRds(name: string, args: AwsExistingRdsArgs, options?: pulumi.InvokeOutputOptions): Database {
  const { databaseName = "app", identifier, replicaIdentifiers = [] } = args;
  const instance = find(identifier);
  const userName = pulumi.output(args.userName ?? instance.masterUsername);
  const url = urlOf(args.host ?? instance.address, instance.port);
  const replicas = replicaIdentifiers.map(find).map(({ address, port }) => urlOf(address, port));
  const password = existingPassword(name, args, instance);
  return {
    url,
    password,
    environment: {
      DATABASE_URL: url,
      ...replicaEnvironment(replicas),
      // Past a proxy: the lock that keeps two migrations apart needs one session.
      ...(args.host === undefined ? {} : { DATABASE_MIGRATION_URL: urlOf(instance.address, instance.port) }),
      DATABASE_SECRET_ARN: password,
      DATABASE_TLS: "rds",
    },
    signals: signals(),
    restore: pulumi.interpolate`aws rds restore-db-instance-to-point-in-time --source-db-instance-identifier ${identifier} --target-db-instance-identifier ${identifier}-restored --use-latest-restorable-time`,
  };

  function find(dbInstanceIdentifier: pulumi.Input<string>): pulumi.Output<aws.rds.GetInstanceResult> {
    return aws.rds.getInstanceOutput({ dbInstanceIdentifier }, options);
  }

  function urlOf(host: pulumi.Input<string>, port: pulumi.Input<number>): pulumi.Output<string> {
    return pulumi.interpolate`postgres://${userName}@${host}:${port}/${databaseName}`;
  }

  /** Where nobody stated a size, what is measured against one is not watched. */
  function signals(): SignalSource[] {
    const { instanceClass, storageGb, maxStorageGb = storageGb } = args;
    const capacity = {
      ...(storageGb === undefined ? {} : { storageGb, maxStorageGb: maxStorageGb! }),
      ...(instanceClass === undefined ? {} : { maxConnections: maxConnections(instanceClass) }),
    };
    return [
      { kind: "database", name, identifiers: { DBInstanceIdentifier: identifier }, capacity },
      ...replicaIdentifiers.map((replica, index): SignalSource => ({
        kind: "database-replica",
        name: `${name}-replica-${index + 1}`,
        identifiers: { DBInstanceIdentifier: replica },
        capacity,
      })),
    ];
  }
}

/** The first as every client takes it, and all of them for `@slipway/next`, which reads from each in turn. */
export function replicaEnvironment([first, ...others]: readonly pulumi.Output<string>[]): Environment {
  if (first === undefined) return {};
  const all = others.reduce((list, one) => pulumi.interpolate`${list},${one}`, first);
  return { DATABASE_REPLICA_URL: first, ...(others.length === 0 ? {} : { DATABASE_REPLICA_URLS: all }) };
}
