import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface AwsClientAccessArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Security groups that may connect; nothing else may. */
  readonly clientSecurityGroupIds: readonly pulumi.Input<string>[];
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
