import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Where a server of data is, and who reaches it. */
export interface AwsServerNetworkArgs {
  /** VPC of the subnets. @example network.vpcId */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in at least two zones, without ingress from the internet. @example network.isolatedSubnetIds */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Security groups that may connect; nothing else may. @example [network.applicationSecurityGroupId] */
  readonly clientSecurityGroupIds: readonly pulumi.Input<string>[];
}

export interface AwsClientAccessArgs extends Omit<AwsServerNetworkArgs, "subnetIds"> {
  readonly port: number;
  /** What is there, for the descriptions: `PostgreSQL`. */
  readonly what: string;
}

/** A security group that lets the clients in on one port. It has no egress: a server responds, it does not call. Free. */
export function clientAccess(
  name: string,
  { vpcId, clientSecurityGroupIds, port, what }: AwsClientAccessArgs,
  options: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup(name, { vpcId, description: `${what}: in from the application` }, options);
  clientSecurityGroupIds.forEach((client, index) => {
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-${index + 1}`,
      {
        securityGroupId: group.id,
        description: `${what} from the application`,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        referencedSecurityGroupId: client,
      },
      options,
    );
  });
  return group;
}
