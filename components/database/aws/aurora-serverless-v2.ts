import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Environment } from "../../shared/environment";
import type { SignalSource } from "../../monitoring/contract";
import { clientAccess } from "../../shared/aws-client-access";
import type { AwsSecretRef } from "../../secrets/contract";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { auroraMaxConnections, capacityProblem } from "./aurora-capacity";
import { type AwsExistingAuroraArgs, existingAurora } from "./aurora-existing";
import type { AwsRdsArgs } from "./rds-args";
import { windows } from "./rds-class";
import { rdsMonitoringRole } from "./rds-monitoring-role";
import { AwsRdsProxy } from "./rds-proxy";
import type { Database, DatabaseArgs } from "../contract";

export interface AwsAuroraServerlessV2Args extends AwsRdsArgs, Omit<DatabaseArgs, "storageGb"> {
  /**
   * Capacity that each server has at least, in ACUs of 2 GiB: $0.14 an hour and ACU in Frankfurt, $51 a month for 0.5. 0 pauses a
   * server that nothing is connected to; the next connection waits about 15 seconds.
   *
   * @default 0.5
   * @example 2
   */
  readonly minAcu?: number;
  /** Capacity to which each server grows, in ACUs of 2 GiB: the limit of what it costs. @default 8 @example 32 */
  readonly maxAcu?: number;
  /** Seconds without a connection after which a server pauses, where {@link minAcu} is 0: 300 to 86400. @default 300 @example 3600 */
  readonly autoPauseSeconds?: number;
  /**
   * RDS Proxy in front: one pool for all replicas of the application. It keeps connections open, so that nothing pauses.
   *
   * @default false
   * @example true
   */
  readonly proxy?: boolean;
  /**
   * Take a last snapshot when the cluster is deleted, which costs $0.023 a GiB and month until you delete it, and keep
   * automated backups until they expire.
   *
   * @default true
   * @example false
   */
  readonly finalSnapshot?: boolean;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly cluster?: Transform<aws.rds.ClusterArgs>;
    readonly instance?: Transform<aws.rds.ClusterInstanceArgs>;
  };
}

/**
 * PostgreSQL on Aurora Serverless v2: capacity that follows the load, storage that grows by itself in three zones, encrypted,
 * TLS only, in isolated subnets, with backups to any second of the last days.
 *
 * The password is RDS's own: made, kept in Secrets Manager and rotated weekly by RDS, also with readers.
 *
 * Creates the cluster, a writer, a reader that takes over (`standby`) and readers for reads alone (`readReplicas`), subnet,
 * security and parameter groups, a log group, and a role for OS metrics. At 0.5 ACU a server is about $51 a month, $102 with a
 * standby; storage and I/O come on top (https://aws.amazon.com/rds/aurora/pricing/).
 */
export class AwsAuroraServerlessV2 extends pulumi.ComponentResource implements Database {
  readonly url: pulumi.Output<string>;
  readonly password: AwsSecretRef;
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];
  readonly restore: pulumi.Output<string>;
  /** Name of the cluster on RDS. */
  readonly clusterIdentifier: pulumi.Output<string>;

  constructor(name: string, args: AwsAuroraServerlessV2Args, options?: pulumi.ComponentResourceOptions) {
    super("slipway:database:AwsAuroraServerlessV2", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const { databaseName = "app", finalSnapshot = true, minAcu = 0.5, maxAcu = 8 } = args;
    const wrong = capacityProblem(minAcu, maxAcu);
    if (wrong !== undefined) throw new Error(`${name}: ${wrong.argument}: ${wrong.message}`);
    const userName = databaseName;
    const engine = "aurora-postgresql";
    const family = `${engine}${args.version}`;
    const { backup, maintenance } = windows(args.backupCron);
    const stateful = args.protect ? { protect: true, retainOnDelete: true } : {};

    // Known before the cluster, for its log group and its last snapshot; another one after the stack was destroyed.
    const suffix = new random.RandomId(`${name}-suffix`, { byteLength: 4 }, child);
    const identifier = pulumi.interpolate`${name}-${suffix.hex}`;
    const subnetGroup = new aws.rds.SubnetGroup(`${name}-subnets`, { subnetIds: [...args.subnetIds] }, child);
    const securityGroup = clientAccess(`${name}-access`, { ...args, port: 5432, what: "PostgreSQL" }, child);
    const clusterParameters = createClusterParameters();
    const parameters = createParameters();
    const monitoringRole = rdsMonitoringRole(`${name}-monitoring`, child);
    const cluster = createCluster();
    const [writer, ...readers] = createServers();
    const secretArn = cluster.masterUserSecrets[0]!.secretArn;
    const password: AwsSecretRef = {
      ...{ store: "aws-secrets-manager", arn: secretArn, key: "password", delivery: "fetched", keyOfAws: true },
    };
    const proxy = args.proxy === true ? createProxy() : undefined;

    this.clusterIdentifier = cluster.clusterIdentifier;
    this.url = urlOf(proxy?.endpoint ?? cluster.endpoint);
    this.password = password;
    this.environment = createEnvironment(this.url);
    this.signals = [
      {
        kind: "database-cluster",
        name,
        identifiers: { DBClusterIdentifier: cluster.clusterIdentifier },
        capacity: { maxConnections: auroraMaxConnections(minAcu, maxAcu) },
      },
    ];
    this.restore = pulumi.interpolate`aws rds restore-db-cluster-to-point-in-time --source-db-cluster-identifier ${cluster.clusterIdentifier} --db-cluster-identifier ${cluster.clusterIdentifier}-restored --use-latest-restorable-time --db-subnet-group-name ${subnetGroup.name} --vpc-security-group-ids ${securityGroup.id} --serverless-v2-scaling-configuration MinCapacity=${minAcu},MaxCapacity=${maxAcu} && aws rds create-db-instance --db-instance-identifier ${cluster.clusterIdentifier}-restored-1 --db-cluster-identifier ${cluster.clusterIdentifier}-restored --engine ${engine} --db-instance-class db.serverless`;
    this.registerOutputs({ url: this.url, clusterIdentifier: this.clusterIdentifier, restore: this.restore });

    function createClusterParameters(): aws.rds.ClusterParameterGroup {
      return new aws.rds.ClusterParameterGroup(
        `${name}-cluster`,
        { family, parameters: [{ name: "rds.force_ssl", value: "1" }] },
        child,
      );
    }

    function createParameters(): aws.rds.ParameterGroup {
      return new aws.rds.ParameterGroup(
        `${name}-parameters`,
        {
          family,
          parameters: [
            { name: "log_min_duration_statement", value: "1000" },
            // A transaction that is left open holds back vacuum for the whole server.
            { name: "idle_in_transaction_session_timeout", value: "60000" },
          ],
        },
        child,
      );
    }

    function createCluster(): aws.rds.Cluster {
      // Aurora would make it itself, and keep everything without end.
      const log = new aws.cloudwatch.LogGroup(
        `${name}-postgresql`,
        {
          name: pulumi.interpolate`/aws/rds/cluster/${identifier}/postgresql`,
          retentionInDays: args.logRetentionDays ?? 30,
          kmsKeyId: args.keyArn,
        },
        child,
      );
      return new aws.rds.Cluster(
        ...childOf<aws.rds.ClusterArgs>(
          name,
          {
            clusterIdentifier: identifier,
            engine,
            // What Serverless v2 is called there: v1 was `serverless`.
            engineMode: "provisioned",
            engineVersion: args.version,
            databaseName,
            masterUsername: userName,
            manageMasterUserPassword: true,
            serverlessv2ScalingConfiguration: {
              minCapacity: minAcu,
              maxCapacity: maxAcu,
              ...(minAcu === 0 ? { secondsUntilAutoPause: args.autoPauseSeconds ?? 300 } : {}),
            },
            storageEncrypted: true,
            kmsKeyId: args.storageKeyArn,
            dbSubnetGroupName: subnetGroup.name,
            vpcSecurityGroupIds: [securityGroup.id],
            dbClusterParameterGroupName: clusterParameters.name,
            ...(args.allowMajorVersionUpgrade === true
              ? { allowMajorVersionUpgrade: true, dbInstanceParameterGroupName: parameters.name }
              : {}),
            backupRetentionPeriod: args.backupRetentionDays,
            preferredBackupWindow: backup,
            preferredMaintenanceWindow: maintenance,
            copyTagsToSnapshot: true,
            deletionProtection: args.protect,
            iamDatabaseAuthenticationEnabled: true,
            enabledCloudwatchLogsExports: ["postgresql"],
            deleteAutomatedBackups: !finalSnapshot,
            skipFinalSnapshot: !finalSnapshot,
            ...(finalSnapshot ? { finalSnapshotIdentifier: pulumi.interpolate`${identifier}-final` } : {}),
          },
          pulumi.mergeOptions(child, {
            ...stateful,
            dependsOn: [log],
            customTimeouts: { create: "120m", update: "120m", delete: "60m" },
          }),
          args.transform?.cluster,
        ),
      );
    }

    /** The first is the writer until a reader takes over; one of tier 0 or 1 is as large as the writer at any moment. */
    function createServers(): aws.rds.ClusterInstance[] {
      const tiers = [0, ...(args.standby ? [1] : []), ...Array.from({ length: args.readReplicas }, () => 2)];
      const made: aws.rds.ClusterInstance[] = [];
      for (const [index, promotionTier] of tiers.entries()) {
        const server = `${name}-${index + 1}`;
        const instance = new aws.rds.ClusterInstance(
          ...childOf<aws.rds.ClusterInstanceArgs>(
            server,
            {
              identifier: pulumi.interpolate`${identifier}-${index + 1}`,
              clusterIdentifier: cluster.id,
              engine,
              instanceClass: "db.serverless",
              promotionTier,
              dbParameterGroupName: parameters.name,
              dbSubnetGroupName: subnetGroup.name,
              publiclyAccessible: false,
              caCertIdentifier: "rds-ca-rsa2048-g1",
              autoMinorVersionUpgrade: true,
              preferredMaintenanceWindow: maintenance,
              monitoringInterval: 60,
              monitoringRoleArn: monitoringRole.arn,
              performanceInsightsEnabled: true,
              // The seven days that cost nothing.
              performanceInsightsRetentionPeriod: 7,
            },
            pulumi.mergeOptions(child, {
              // The first one there is the writer.
              dependsOn: made.slice(0, 1),
              customTimeouts: { create: "60m", update: "90m", delete: "60m" },
            }),
            args.transform?.instance,
          ),
        );
        made.push(instance);
      }
      return made;
    }

    function createProxy(): AwsRdsProxy {
      const { clientSecurityGroupIds, subnetIds, vpcId } = args;
      return new AwsRdsProxy(
        `${name}-proxy`,
        {
          ...{ vpcId, subnetIds, clientSecurityGroupIds, secretArn },
          // Its target is registered once there is a server to reach.
          clusterIdentifier: writer!.clusterIdentifier,
          databaseSecurityGroupId: securityGroup.id,
        },
        child,
      );
    }

    function urlOf(host: pulumi.Input<string>): pulumi.Output<string> {
      return pulumi.interpolate`postgres://${userName}@${host}:5432/${databaseName}`;
    }

    function createEnvironment(url: pulumi.Output<string>): Environment {
      return {
        DATABASE_URL: url,
        // Aurora spreads connections over all readers, the standby among them.
        ...(args.readReplicas > 0 && readers.length > 0 ? { DATABASE_REPLICA_URL: urlOf(cluster.readerEndpoint) } : {}),
        // Past the proxy: the lock that keeps two migrations apart needs one session.
        ...(proxy === undefined ? {} : { DATABASE_MIGRATION_URL: urlOf(cluster.endpoint) }),
        DATABASE_SECRET_ARN: password,
        DATABASE_TLS: "rds",
      };
    }
  }

  /** A cluster that exists. Its security group must let the application in on its port. */
  static get(name: string, args: AwsExistingAuroraArgs, options?: pulumi.InvokeOutputOptions): Database {
    return existingAurora(name, args, options);
  }
}
