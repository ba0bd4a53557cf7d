import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsSecretReference } from "../../secrets/aws-secret-reference";
import type { AwsSecretRef } from "../../secrets/contract";
import type { Database } from "../contract";

export interface AwsExistingAuroraArgs {
  /** Identifier of the cluster. @example "shop-production" */
  readonly clusterIdentifier: pulumi.Input<string>;
  /** Name of the database. @default "app" @example "shop" */
  readonly databaseName?: string;
  /** User of the application. @default the cluster's master user @example "shop" */
  readonly userName?: pulumi.Input<string>;
  /**
   * Secret with the password in the form RDS keeps one, `{"username": …, "password": …}`.
   * @default the one that RDS keeps for the master user
   * @example "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf"
   */
  readonly passwordSecretArn?: string;
  /** KMS key of that secret. @default whichever encrypts it @example "arn:aws:kms:eu-central-1:111122223333:key/1" */
  readonly passwordKeyArn?: string;
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
  const password = passwordRef();
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

  function passwordRef(): AwsSecretRef {
    const { passwordKeyArn, passwordSecretArn } = args;
    const common = { store: "aws-secrets-manager", key: "password", delivery: "fetched" } as const;
    if (passwordSecretArn === undefined)
      return { ...common, arn: cluster.masterUserSecrets[0]!.secretArn, keyOfAws: true };
    const named = awsSecretReference(passwordSecretArn);
    if (named === undefined)
      throw new Error(`${name}: passwordSecretArn: expected the ARN of a secret in Secrets Manager`);
    const keyArn = passwordKeyArn === undefined ? {} : { keyArn: passwordKeyArn };
    return { ...common, arn: named.arn, foreign: named.arn, ...keyArn };
  }
}
