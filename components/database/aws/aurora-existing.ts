import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Database } from "../contract";
import { type AwsExistingPasswordArgs, existingPassword } from "./existing-password";

export interface AwsExistingAuroraArgs extends AwsExistingPasswordArgs {
  /** Identifier of the cluster. @example "shop-production" */
  readonly clusterIdentifier: pulumi.Input<string>;
  /** Name of the database. @default "app" @example "shop" */
  readonly databaseName?: string;
  /** User of the application. @default the cluster's master user @example "shop" */
  readonly userName?: pulumi.Input<string>;
  /** Whether reads go to its reader endpoint. @default false @example true */
  readonly readers?: boolean;
  /** Connections that it takes at most. They are watched where this is known. @default not known @example 2000 */
  readonly maxConnections?: number;
}

/** An Aurora cluster as an application uses it, by asking AWS where it is. */
export function existingAurora(
  name: string,
  args: AwsExistingAuroraArgs,
  options?: pulumi.InvokeOutputOptions,
): Database {
  const { clusterIdentifier, databaseName = "app", maxConnections, readers = false } = args;
  const cluster = aws.rds.getClusterOutput({ clusterIdentifier }, options);
  const userName = pulumi.output(args.userName ?? cluster.masterUsername);
  const urlOf = (host: pulumi.Input<string>) =>
    pulumi.interpolate`postgres://${userName}@${host}:${cluster.port}/${databaseName}`;
  const url = urlOf(cluster.endpoint);
  const password = existingPassword(name, args, cluster);
  return {
    url,
    password,
    environment: {
      DATABASE_URL: url,
      ...(readers ? { DATABASE_REPLICA_URL: urlOf(cluster.readerEndpoint) } : {}),
      DATABASE_SECRET_ARN: password,
      DATABASE_TLS: "rds",
    },
    signals: [
      {
        kind: "database-cluster",
        name,
        identifiers: { DBClusterIdentifier: clusterIdentifier },
        ...(maxConnections === undefined ? {} : { capacity: { maxConnections } }),
      },
    ],
    restore: pulumi.interpolate`aws rds restore-db-cluster-to-point-in-time --source-db-cluster-identifier ${clusterIdentifier} --db-cluster-identifier ${clusterIdentifier}-restored --use-latest-restorable-time`,
  };
}
