import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trustOf } from "../../shared/aws-policy-document";
import { type ChildTransforms, transforming } from "../../shared/transform";

export interface AwsRdsProxyArgs {
  /** VPC of the subnets. @example network.vpcId */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in at least two zones, without ingress from the internet. @example network.isolatedSubnetIds */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Security groups that may connect; nothing else may. @example [network.applicationSecurityGroupId] */
  readonly clientSecurityGroupIds: readonly pulumi.Input<string>[];
  /** Identifier of the database on RDS; it or {@link clusterIdentifier}. @default none @example database.identifier */
  readonly databaseIdentifier?: pulumi.Input<string>;
  /** Identifier of the cluster on Aurora, whose writer is followed. @default none @example database.clusterIdentifier */
  readonly clusterIdentifier?: pulumi.Input<string>;
  /** Security group of the database, which lets the proxy in. @example "sg-0f1e2d3c4b5a69788" */
  readonly databaseSecurityGroupId: pulumi.Input<string>;
  /** The database's password: a JSON document with `username` and `password`. @example secret.arn */
  readonly secretArn: pulumi.Input<string>;
  /** KMS key of the secret. @default a key of AWS, which takes no permission of its own @example key.arn */
  readonly secretKeyArn?: pulumi.Input<string>;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/** A connection pool that RDS runs. $0.015 an hour and CPU of the database (https://aws.amazon.com/rds/proxy/pricing/). */
export class AwsRdsProxy extends pulumi.ComponentResource {
  readonly endpoint: pulumi.Output<string>;

  constructor(name: string, args: AwsRdsProxyArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:database:AwsRdsProxy", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    if ((args.databaseIdentifier === undefined) === (args.clusterIdentifier === undefined))
      throw new Error(`${name}: expected databaseIdentifier or clusterIdentifier, and not both`);

    const securityGroup = createSecurityGroup();
    const role = createRole();
    const proxy = new aws.rds.Proxy(
      name,
      {
        engineFamily: "POSTGRESQL",
        requireTls: true,
        roleArn: role.arn,
        vpcSubnetIds: [...args.subnetIds],
        vpcSecurityGroupIds: [securityGroup.id],
        auths: [{ authScheme: "SECRETS", iamAuth: "DISABLED", secretArn: args.secretArn }],
      },
      child,
    );
    const group = new aws.rds.ProxyDefaultTargetGroup(
      name,
      { dbProxyName: proxy.name, connectionPoolConfig: { maxConnectionsPercent: 90, connectionBorrowTimeout: 30 } },
      child,
    );
    new aws.rds.ProxyTarget(
      name,
      {
        dbProxyName: proxy.name,
        targetGroupName: group.name,
        ...(args.clusterIdentifier === undefined
          ? { dbInstanceIdentifier: args.databaseIdentifier }
          : { dbClusterIdentifier: args.clusterIdentifier }),
      },
      child,
    );

    this.endpoint = proxy.endpoint;
    this.registerOutputs({ endpoint: this.endpoint });

    function createSecurityGroup(): aws.ec2.SecurityGroup {
      const group = new aws.ec2.SecurityGroup(
        name,
        { vpcId: args.vpcId, description: "Pool: in from the application, out to PostgreSQL" },
        child,
      );
      const postgres = { ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };
      args.clientSecurityGroupIds.forEach((client, index) => {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-in-${index + 1}`,
          { securityGroupId: group.id, description: "The application", referencedSecurityGroupId: client, ...postgres },
          child,
        );
      });
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-out`,
        {
          securityGroupId: group.id,
          description: "The database",
          referencedSecurityGroupId: args.databaseSecurityGroupId,
          ...postgres,
        },
        child,
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-database`,
        {
          securityGroupId: args.databaseSecurityGroupId,
          description: "PostgreSQL from the pool",
          referencedSecurityGroupId: group.id,
          ...postgres,
        },
        child,
      );
      return group;
    }

    function createRole(): aws.iam.Role {
      const { accountId } = aws.getCallerIdentityOutput({}, child);
      const made = new aws.iam.Role(name, { assumeRolePolicy: trustOf("rds.amazonaws.com", accountId) }, child);
      new aws.iam.RolePolicy(
        name,
        {
          role: made.id,
          policy: policyDocument([
            { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: args.secretArn },
            ...(args.secretKeyArn === undefined
              ? []
              : [{ Effect: "Allow", Action: "kms:Decrypt", Resource: args.secretKeyArn } as const]),
          ]),
        },
        child,
      );
      return made;
    }
  }
}
