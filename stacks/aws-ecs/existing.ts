import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { originName } from "../../components/cdn/aws/cloudfront";
import { AwsLoadBalancer } from "../../components/ingress/aws-load-balancer";
import type { ApplicationLoadBalancer } from "../../components/ingress/aws-shared-load-balancer";
import type { AwsIngress } from "../../components/ingress/aws-target-groups";
import { AwsVpc } from "../../components/network/aws-vpc";
import type { AwsNetwork } from "../../components/network/contract";
import { given } from "../parts";
import type { AwsEcsSettings } from "../settings/settings";
import { outboundPorts } from "./egress";

/** What a stack tells those that share its VPC and load balancer: its output `shared`. */
export interface SharedParts {
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  readonly isolatedSubnetIds: readonly string[];
  readonly loadBalancerArn: string;
  readonly exposure: ApplicationLoadBalancer["exposure"];
  /** CloudFront's connection to the load balancer; absent where there is no CDN. */
  readonly vpcOriginId?: string;
}

/** The stack that owns VPC and load balancer; undefined where they are this one's own, or given by their ids. */
export function ownerOf({ shared, cdn }: AwsEcsSettings): pulumi.Output<SharedParts> | undefined {
  if (shared === undefined) return undefined;
  const exposure = cdn.implementation === "cloudfront" ? "cloudfront" : "internet";
  return (new pulumi.StackReference(shared).requireOutput("shared") as pulumi.Output<SharedParts>).apply((parts) => {
    if (parts.exposure === exposure) return parts;
    throw new pulumi.RunError(
      `slipway:shared: the load balancer of ${shared} is for ${parts.exposure === "internet" ? "the internet" : "CloudFront"}: slipway:cdn.implementation ${parts.exposure === "internet" ? "none" : "cloudfront"} goes with it`,
    );
  });
}

/** A network that exists, by ids or of its owner; undefined where the stack makes one. */
export function existingNetwork(
  settings: AwsEcsSettings,
  owner: pulumi.Output<SharedParts> | undefined,
  options: pulumi.ComponentResourceOptions,
): AwsNetwork | undefined {
  const { network, shared } = settings;
  const ports = { outboundPorts: outboundPorts(settings) };
  if (owner !== undefined) {
    const subnets = (tier: "publicSubnetIds" | "privateSubnetIds" | "isolatedSubnetIds") =>
      Array.from({ length: network.zones }, (_, zone) =>
        owner.apply((parts) => {
          const id = parts[tier][zone];
          if (id !== undefined) return id;
          throw new pulumi.RunError(
            `slipway:network.zones ${network.zones}: ${shared!} has ${parts[tier].length} zones: expected ${parts[tier].length} at most`,
          );
        }),
      );
    const publicSubnetIds = subnets("publicSubnetIds");
    const isolatedSubnetIds = subnets("isolatedSubnetIds");
    const vpcId = owner.apply((parts) => parts.vpcId);
    return AwsVpc.get(
      "network",
      { vpcId, publicSubnetIds, privateSubnetIds: subnets("privateSubnetIds"), isolatedSubnetIds, ...ports },
      options,
    );
  }
  const { vpcId, publicSubnetIds, privateSubnetIds, isolatedSubnetIds } = network;
  if (vpcId === undefined) return undefined;
  return AwsVpc.get(
    "network",
    {
      ...{ vpcId, publicSubnetIds, isolatedSubnetIds, ...ports },
      privateSubnetIds: given(privateSubnetIds, "network.privateSubnetIds"),
    },
    options,
  );
}

/** A load balancer that exists; undefined where the stack makes one. */
export function existingLoadBalancer(
  { cdn, loadBalancer }: AwsEcsSettings,
  owner: pulumi.Output<SharedParts> | undefined,
  options: pulumi.ComponentResourceOptions,
): ApplicationLoadBalancer | undefined {
  const arn = owner?.apply((parts) => parts.loadBalancerArn) ?? loadBalancer.arn;
  if (arn === undefined) return undefined;
  const { listenerArn, securityGroupId } = loadBalancer;
  const exposure = cdn.implementation === "cloudfront" ? "cloudfront" : "internet";
  return AwsLoadBalancer.get("web-alb", { arn, listenerArn, securityGroupId, exposure }, options);
}

/** Among the rules of others a stack takes its own names alone, and brings the certificate for them. */
export function placeAmongOthers(
  { cdn, domain, loadBalancer }: AwsEcsSettings,
  certificateArn: pulumi.Input<string>,
): Pick<AwsIngress, "hosts" | "firstRule" | "certificateArn"> {
  const hosts = [domain, ...(cdn.implementation === "cloudfront" ? [originName(domain)] : [])];
  return { hosts, certificateArn, firstRule: given(loadBalancer.priority, "loadBalancer.priority") };
}

/** Lets the application in where the stack file names the group of what it connects to. */
export function letIn(
  name: string,
  securityGroupId: string | undefined,
  port: pulumi.Input<number>,
  network: AwsNetwork,
  options: pulumi.ComponentResourceOptions,
): void {
  if (securityGroupId === undefined) return;
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-clients`,
    {
      securityGroupId,
      description: `The application of ${pulumi.getProject()} ${pulumi.getStack()}`,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      referencedSecurityGroupId: network.applicationSecurityGroupId,
    },
    options,
  );
}
