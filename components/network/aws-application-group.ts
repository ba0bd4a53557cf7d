import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { child, type Transform } from "../shared/transform";

export interface ApplicationGroupArgs {
  readonly vpcId: pulumi.Input<string>;
  /** IPv4 ranges of the VPC. */
  readonly cidrs: readonly pulumi.Input<string>[];
  /** TCP ports that the application may reach on the internet. @default [443] @example [443, 587] */
  readonly outboundPorts?: readonly number[];
  readonly transform?: Transform<aws.ec2.SecurityGroupArgs>;
}

/** The security group of the application's tasks: out to the VPC and to some ports of the internet, in by nobody yet. */
export function createApplicationGroup(
  name: string,
  { cidrs, outboundPorts = [443], transform, vpcId }: ApplicationGroupArgs,
  options: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup(
    ...child<aws.ec2.SecurityGroupArgs>(
      `${name}-application`,
      { vpcId, description: "The application: in from the load balancer, out to its services" },
      options,
      transform,
    ),
  );
  cidrs.forEach((cidrIpv4, index) => {
    new aws.vpc.SecurityGroupEgressRule(
      index === 0 ? `${name}-application-vpc` : `${name}-application-vpc-${index + 1}`,
      {
        securityGroupId: group.id,
        description: "Database, cache and endpoints, which decide themselves whom they let in",
        ipProtocol: "tcp",
        fromPort: 0,
        toPort: 65535,
        cidrIpv4,
      },
      options,
    );
  });
  for (const port of outboundPorts) {
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-application-out-${port}`,
      {
        securityGroupId: group.id,
        description: "AWS and other services on the internet",
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: "0.0.0.0/0",
      },
      options,
    );
  }
  return group;
}
