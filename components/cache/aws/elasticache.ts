import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Environment } from "../../shared/environment";
import type { SignalSource } from "../../monitoring/contract";
import { type AwsServerNetworkArgs, clientAccess } from "../../shared/aws-client-access";
import type { AwsSecretRef } from "../../secrets/contract";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { elastiCacheUsers, userName } from "./elasticache-users";
import type { Cache } from "../contract";

export interface AwsElastiCacheArgs extends AwsServerNetworkArgs {
  /** A second node, in another zone, that holds a copy and takes over when the first is lost. @example true */
  readonly standby: boolean;
  /**
   * Size, which decides the memory: `cache.t4g.small` has 1.4 GiB and costs about $19 a month and node.
   * @example "cache.t4g.small"
   */
  readonly nodeType: pulumi.Input<string>;
  /**
   * Role-based access control: the application connects as user `app`, which may what this access string says, and user
   * `default` is off. A live cache takes it without being replaced; until the release that follows has ended, tasks of the
   * previous one that connect anew are refused (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html).
   *
   * @default one password for everything (AUTH)
   * @example "on ~shop:* &shop:* -@all +@read +@write +@connection"
   */
  readonly accessString?: pulumi.Input<string>;
  /** Days that the slow log is kept. @default 30 @example 90 */
  readonly logRetentionDays?: number;
  /** KMS key of the slow log and of the password's secret. @default keys of AWS @example key.arn */
  readonly keyArn?: pulumi.Input<string>;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly replicationGroup?: Transform<aws.elasticache.ReplicationGroupArgs>;
    readonly parameters?: Transform<aws.elasticache.ParameterGroupArgs>;
  };
}

export interface AwsExistingElastiCacheArgs {
  /** Identifier of the replication group. @example "shop-cache" */
  readonly replicationGroupId: pulumi.Input<string>;
  /** Its password. @example { store: "aws-secrets-manager", arn: secret.arn } */
  readonly password: AwsSecretRef;
  /** User of the application, where access is role-based. @default the user `default` @example "shop" */
  readonly userName?: string;
  /** Nodes of the group, each of which is watched. @default 1 @example 2 */
  readonly nodes?: number;
}

/**
 * Valkey on ElastiCache, which costs a fifth less than Redis there: TLS and a password, encrypted, in isolated subnets; with
 * a standby in another zone it survives the loss of one.
 *
 * Creates the replication group, subnet, security and parameter groups, a secret with the password, a slow log, and with
 * role-based access control a user group. Two
 * cache.t4g.small are about $38 a month (https://aws.amazon.com/elasticache/pricing/).
 */
export class AwsElastiCache extends pulumi.ComponentResource implements Cache {
  readonly url: pulumi.Output<string>;
  readonly password: AwsSecretRef;
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];

  constructor(name: string, args: AwsElastiCacheArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:cache:AwsElastiCache", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const nodes = args.standby ? 2 : 1;

    const subnetGroup = new aws.elasticache.SubnetGroup(`${name}-subnets`, { subnetIds: [...args.subnetIds] }, child);
    const securityGroup = clientAccess(`${name}-access`, { ...args, port: 6379, what: "Valkey" }, child);
    const parameterGroup = createParameterGroup();
    const slowLog = createSlowLog();
    const password = new random.RandomPassword(`${name}-password`, { length: 64, special: false }, child);
    const group = createReplicationGroup();
    const user = args.accessString === undefined ? "" : `${userName}@`;

    this.url = pulumi.interpolate`rediss://${user}${group.primaryEndpointAddress}:6379`;
    this.password = storePassword();
    this.environment = { REDIS_URL: this.url, REDIS_PASSWORD: this.password };
    this.signals = nodeSignals(name, group.id, nodes);
    this.registerOutputs({ url: this.url });

    function createParameterGroup(): aws.elasticache.ParameterGroup {
      return new aws.elasticache.ParameterGroup(
        ...childOf<aws.elasticache.ParameterGroupArgs>(
          `${name}-parameters`,
          {
            family: "valkey8",
            // The default only evicts entries with a lifetime, and refuses writes when none is left.
            parameters: [{ name: "maxmemory-policy", value: "allkeys-lru" }],
          },
          child,
          args.transform?.parameters,
        ),
      );
    }

    function createSlowLog(): aws.cloudwatch.LogGroup {
      return new aws.cloudwatch.LogGroup(
        `${name}-slow`,
        { retentionInDays: args.logRetentionDays ?? 30, kmsKeyId: args.keyArn },
        child,
      );
    }

    function createReplicationGroup(): aws.elasticache.ReplicationGroup {
      return new aws.elasticache.ReplicationGroup(
        ...childOf<aws.elasticache.ReplicationGroupArgs>(
          name,
          {
            description: `Cache of ${pulumi.getProject()} ${pulumi.getStack()}`,
            engine: "valkey",
            engineVersion: "8.1",
            nodeType: args.nodeType,
            numCacheClusters: nodes,
            automaticFailoverEnabled: args.standby,
            multiAzEnabled: args.standby,
            port: 6379,
            parameterGroupName: parameterGroup.name,
            subnetGroupName: subnetGroup.name,
            securityGroupIds: [securityGroup.id],
            atRestEncryptionEnabled: true,
            transitEncryptionEnabled: true,
            transitEncryptionMode: "required",
            ...accessControl(),
            autoMinorVersionUpgrade: true,
            maintenanceWindow: "sun:05:00-sun:06:00",
            snapshotWindow: "03:00-04:00",
            snapshotRetentionLimit: 1,
            logDeliveryConfigurations: [
              {
                destination: slowLog.name,
                destinationType: "cloudwatch-logs",
                logFormat: "json",
                logType: "slow-log",
              },
            ],
            applyImmediately: false,
          },
          child,
          args.transform?.replicationGroup,
        ),
      );
    }

    function accessControl(): Partial<aws.elasticache.ReplicationGroupArgs> {
      const { accessString } = args;
      if (accessString === undefined) {
        // Old and new password both work until every task has the new one.
        return { authToken: password.result, authTokenUpdateStrategy: "ROTATE" };
      }
      const users = elastiCacheUsers(name, { accessString, password: password.result }, child);
      // Takes the password away that a live cache has, in the request that adds the users: AWS refuses both together.
      return { authTokenUpdateStrategy: "DELETE", userGroupIds: [users.userGroupId] };
    }

    function storePassword(): AwsSecretRef {
      const secret = new aws.secretsmanager.Secret(
        `${name}-password`,
        {
          description: `Password of the cache of ${pulumi.getProject()} ${pulumi.getStack()}`,
          kmsKeyId: args.keyArn,
          // Made by this program, and worth nothing without the cache.
          recoveryWindowInDays: 7,
        },
        child,
      );
      const version = new aws.secretsmanager.SecretVersion(
        `${name}-password`,
        { secretId: secret.id, secretString: password.result },
        child,
      );
      return { store: "aws-secrets-manager", arn: secret.arn, versionId: version.versionId };
    }
  }

  /** A replication group that exists, with TLS. Its security group must let the application in. */
  static get(name: string, args: AwsExistingElastiCacheArgs, options?: pulumi.InvokeOutputOptions): Cache {
    const { nodes = 1, password, replicationGroupId, userName } = args;
    const user = userName === undefined ? "" : `${encodeURIComponent(userName)}@`;
    const found = aws.elasticache.getReplicationGroupOutput({ replicationGroupId }, options);
    const url = pulumi.interpolate`rediss://${user}${found.primaryEndpointAddress}:${found.port}`;
    return {
      url,
      password,
      environment: { REDIS_URL: url, REDIS_PASSWORD: password },
      signals: nodeSignals(name, replicationGroupId, nodes),
    };
  }
}

function nodeSignals(name: string, groupId: pulumi.Input<string>, nodes: number): SignalSource[] {
  return Array.from({ length: nodes }, (_, index) => ({
    kind: "cache",
    name: nodes === 1 ? name : `${name}-${index + 1}`,
    // ElastiCache numbers the nodes of a group so.
    identifiers: { CacheClusterId: pulumi.interpolate`${groupId}-${String(index + 1).padStart(3, "0")}` },
  }));
}
