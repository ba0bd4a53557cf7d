import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Environment } from "../../shared/environment";
import type { SignalSource } from "../../monitoring/contract";
import { clientAccess } from "../../shared/aws-client-access";
import type { AwsSecretRef } from "../../secrets/contract";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import type { AwsRdsArgs } from "./rds-args";
import { grownGb, maxConnections, windows } from "./rds-class";
import { type AwsExistingRdsArgs, existingRds, replicaEnvironment } from "./rds-existing";
import { rdsMonitoringRole } from "./rds-monitoring-role";
import { AwsRdsProxy } from "./rds-proxy";
import type { Database, DatabaseArgs } from "../contract";

export interface AwsRdsPostgresArgs extends AwsRdsArgs, DatabaseArgs {
  /**
   * Size, for example `db.t4g.medium` (2 CPUs, 4 GiB, about $47 a month, twice that with a standby).
   * @example "db.t4g.medium"
   */
  readonly instanceClass: string;
  /**
   * GiB to which storage grows by itself; it never shrinks; 0: it does not grow.
   *
   * @default 4 times {@link DatabaseArgs.storageGb}, and at most 65536
   * @example 200
   */
  readonly maxStorageGb?: number;
  /**
   * RDS Proxy in front: one pool for all replicas of the application, and faster failover. About $22 a month for 2
   * CPUs. Not worth it while replicas times pool size stay under the server's limit.
   *
   * @default false
   * @example true
   */
  readonly proxy?: boolean;
  /**
   * Take a last snapshot when the database is deleted, which costs $0.095 a GiB and month until you delete it, and keep
   * automated backups until they expire.
   *
   * @default true
   * @example false
   */
  readonly finalSnapshot?: boolean;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly instance?: Transform<aws.rds.InstanceArgs>;
    readonly replica?: Transform<aws.rds.InstanceArgs>;
    readonly parameters?: Transform<aws.rds.ParameterGroupArgs>;
  };
}

/**
 * PostgreSQL on RDS: encrypted, TLS only, in isolated subnets, with backups to any second of the last days.
 *
 * The password is RDS's own: made, kept in Secrets Manager and rotated weekly by RDS, so neither this program nor its state
 * ever sees it. With read replicas, which RDS does not allow beside a password of its own
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations), it is
 * generated here, encrypted in the state, kept in Secrets Manager, and rotated by the operator of the stack. The application gets the secret's ARN and reads the password when it connects, which is why a rotation
 * needs no restart.
 *
 * Creates the instance and its read replicas, subnet, security and parameter groups, log groups, and a role for OS metrics.
 * A db.t4g.medium with 50 GiB is about $53 a month, $106 with a standby; each read replica $53
 * (https://aws.amazon.com/rds/postgresql/pricing/).
 */
export class AwsRdsPostgres extends pulumi.ComponentResource implements Database {
  readonly url: pulumi.Output<string>;
  readonly password: AwsSecretRef;
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];
  readonly restore: pulumi.Output<string>;
  /** Identifier on RDS, for events and commands. */
  readonly identifier: pulumi.Output<string>;

  constructor(name: string, args: AwsRdsPostgresArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:database:AwsRdsPostgres", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const { databaseName = "app", finalSnapshot = true, maxStorageGb = grownGb(args.storageGb) } = args;
    const userName = databaseName;
    const { backup, maintenance } = windows(args.backupCron);
    const connections = maxConnections(args.instanceClass);
    const stateful = args.protect ? { protect: true, retainOnDelete: true } : {};

    const identifier = nameOnRds();
    const subnetGroup = createSubnetGroup();
    const securityGroup = clientAccess(`${name}-access`, { ...args, port: 5432, what: "PostgreSQL" }, child);
    const parameterGroup = createParameterGroup();
    const monitoringRole = rdsMonitoringRole(`${name}-monitoring`, child);
    const ownPassword = args.readReplicas > 0 ? createPassword() : undefined;
    const primary = createPrimary();
    const replicas = createReplicas();
    const password = passwordRef();
    const proxy = args.proxy === true ? createProxy() : undefined;

    this.identifier = primary.identifier;
    this.url = urlOf(proxy?.endpoint ?? primary.address);
    this.password = password;
    this.environment = createEnvironment(this.url);
    this.signals = createSignals();
    this.restore = pulumi.interpolate`aws rds restore-db-instance-to-point-in-time --source-db-instance-identifier ${primary.identifier} --target-db-instance-identifier ${primary.identifier}-restored --use-latest-restorable-time --db-subnet-group-name ${subnetGroup.name} --vpc-security-group-ids ${securityGroup.id}`;
    this.registerOutputs({ url: this.url, identifier: this.identifier, restore: this.restore });

    function nameOnRds(): pulumi.Output<string> {
      // Known before the instance, for its log groups and its last snapshot; another one after the stack was destroyed, so
      // that the snapshot of the first life is not in the way of the second's.
      const suffix = new random.RandomId(`${name}-suffix`, { byteLength: 4 }, child);
      return pulumi.interpolate`${name}-${suffix.hex}`;
    }

    function createSubnetGroup(): aws.rds.SubnetGroup {
      return new aws.rds.SubnetGroup(`${name}-subnets`, { subnetIds: [...args.subnetIds] }, child);
    }

    function createParameterGroup(): aws.rds.ParameterGroup {
      return new aws.rds.ParameterGroup(
        ...childOf<aws.rds.ParameterGroupArgs>(
          `${name}-parameters`,
          {
            family: `postgres${args.version}`,
            parameters: [
              { name: "rds.force_ssl", value: "1" },
              { name: "log_min_duration_statement", value: "1000" },
              // A transaction that is left open holds back vacuum for the whole server.
              { name: "idle_in_transaction_session_timeout", value: "60000" },
            ],
          },
          child,
          args.transform?.parameters,
        ),
      );
    }

    function createLogGroups(server: string, serverIdentifier: pulumi.Output<string>): aws.cloudwatch.LogGroup[] {
      // RDS would make them itself, and keep everything without end.
      return ["postgresql", "upgrade"].map(
        (log) =>
          new aws.cloudwatch.LogGroup(
            `${server}-${log}`,
            {
              name: pulumi.interpolate`/aws/rds/instance/${serverIdentifier}/${log}`,
              retentionInDays: args.logRetentionDays ?? 30,
              kmsKeyId: args.keyArn,
            },
            child,
          ),
      );
    }

    function common(): aws.rds.InstanceArgs {
      return {
        instanceClass: args.instanceClass,
        storageType: "gp3",
        storageEncrypted: true,
        kmsKeyId: args.storageKeyArn,
        maxAllocatedStorage: maxStorageGb,
        publiclyAccessible: false,
        vpcSecurityGroupIds: [securityGroup.id],
        parameterGroupName: parameterGroup.name,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        autoMinorVersionUpgrade: true,
        maintenanceWindow: maintenance,
        copyTagsToSnapshot: true,
        deletionProtection: args.protect,
        iamDatabaseAuthenticationEnabled: true,
        monitoringInterval: 60,
        monitoringRoleArn: monitoringRole.arn,
        performanceInsightsEnabled: true,
        // The seven days that cost nothing.
        performanceInsightsRetentionPeriod: 7,
        enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      };
    }

    function createPrimary(): aws.rds.Instance {
      return new aws.rds.Instance(
        ...childOf<aws.rds.InstanceArgs>(
          name,
          {
            ...common(),
            identifier,
            engine: "postgres",
            engineVersion: args.version,
            dbName: databaseName,
            username: userName,
            ...(ownPassword === undefined ? { manageMasterUserPassword: true } : { password: ownPassword.value }),
            allocatedStorage: args.storageGb,
            ...(args.allowMajorVersionUpgrade === true ? { allowMajorVersionUpgrade: true } : {}),
            multiAz: args.standby,
            dbSubnetGroupName: subnetGroup.name,
            backupRetentionPeriod: args.backupRetentionDays,
            backupWindow: backup,
            deleteAutomatedBackups: !finalSnapshot,
            skipFinalSnapshot: !finalSnapshot,
            ...(finalSnapshot ? { finalSnapshotIdentifier: pulumi.interpolate`${identifier}-final` } : {}),
          },
          pulumi.mergeOptions(child, {
            ...stateful,
            dependsOn: createLogGroups(name, identifier),
            // A change of storage or of Multi-AZ takes RDS longer than the provider waits by default.
            customTimeouts: { create: "60m", update: "120m", delete: "60m" },
          }),
          args.transform?.instance,
        ),
      );
    }

    function createReplicas(): aws.rds.Instance[] {
      return Array.from({ length: args.readReplicas }, (_, index) => {
        const replica = `${name}-replica-${index + 1}`;
        const replicaIdentifier = pulumi.interpolate`${identifier}-replica-${index + 1}`;
        return new aws.rds.Instance(
          ...childOf<aws.rds.InstanceArgs>(
            replica,
            {
              ...common(),
              identifier: replicaIdentifier,
              replicateSourceDb: primary.identifier,
              // It has nothing that the primary has not.
              deletionProtection: false,
              skipFinalSnapshot: true,
            },
            pulumi.mergeOptions(child, {
              dependsOn: createLogGroups(replica, replicaIdentifier),
              customTimeouts: { create: "120m", update: "120m" },
            }),
            args.transform?.replica,
          ),
        );
      });
    }

    function createPassword(): { readonly value: pulumi.Output<string>; readonly arn: pulumi.Output<string> } {
      const value = new random.RandomPassword(`${name}-password`, { length: 32, special: false }, child).result;
      const secret = new aws.secretsmanager.Secret(
        `${name}-password`,
        { description: `Password of ${name} of ${pulumi.getProject()} ${pulumi.getStack()}`, kmsKeyId: args.keyArn },
        child,
      );
      // In the form in which RDS keeps one.
      const secretString = pulumi.jsonStringify({ username: userName, password: value });
      const version = new aws.secretsmanager.SecretVersion(
        `${name}-password`,
        { secretId: secret.id, secretString },
        child,
      );
      return { value, arn: version.arn };
    }

    function passwordRef(): AwsSecretRef {
      if (ownPassword !== undefined) {
        return { store: "aws-secrets-manager", arn: ownPassword.arn, key: "password", delivery: "fetched" };
      }
      const arn = primary.masterUserSecrets[0]!.secretArn;
      return { store: "aws-secrets-manager", arn, key: "password", delivery: "fetched", keyOfAws: true };
    }

    function createProxy(): AwsRdsProxy {
      const { clientSecurityGroupIds, subnetIds, vpcId } = args;
      return new AwsRdsProxy(
        `${name}-proxy`,
        {
          vpcId,
          subnetIds,
          clientSecurityGroupIds,
          databaseIdentifier: primary.identifier,
          databaseSecurityGroupId: securityGroup.id,
          secretArn: password.arn,
          // RDS keeps its own password under a key of AWS; the one made here is under the stack's.
          ...(ownPassword === undefined ? {} : { secretKeyArn: args.keyArn }),
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
        ...replicaEnvironment(replicas.map(({ address }) => urlOf(address))),
        // Past the proxy: the lock that keeps two migrations apart needs one session.
        ...(proxy === undefined ? {} : { DATABASE_MIGRATION_URL: urlOf(primary.address) }),
        DATABASE_SECRET_ARN: password,
        DATABASE_TLS: "rds",
      };
    }

    function createSignals(): SignalSource[] {
      const capacity = { storageGb: args.storageGb, maxStorageGb, maxConnections: connections };
      return [
        { kind: "database", name, identifiers: { DBInstanceIdentifier: primary.identifier }, capacity },
        ...replicas.map((replica, index): SignalSource => ({
          kind: "database-replica",
          name: `${name}-replica-${index + 1}`,
          identifiers: { DBInstanceIdentifier: replica.identifier },
          capacity,
        })),
      ];
    }
  }

  /** An instance that exists. Its security group must let the application in on its port. */
  static get(name: string, args: AwsExistingRdsArgs, options?: pulumi.InvokeOutputOptions): Database {
    return existingRds(name, args, options);
  }
}
