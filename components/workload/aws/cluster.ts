import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsNetwork } from "../../network/contract";
import { awsRegion } from "../../shared/aws-region";
import { child, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { createSessionLog, sessionConfiguration } from "./connect";
import { formerService } from "./former";

export interface AwsClusterArgs {
  /** Where its services run: private subnets, and the group that database and cache let in. @example new AwsVpc("network", …) */
  readonly network: Pick<AwsNetwork, "vpcId" | "privateSubnetIds" | "applicationSecurityGroupId">;
  /** Region of the services. @default the provider's, `aws:region` @example "eu-central-1" */
  readonly region?: string;
  /** Days that the services' logs are kept. @default 30 @example 90 */
  readonly logRetentionDays?: number;
  /** KMS key of logs and secrets. @default keys of AWS @example key.arn */
  readonly keyArn?: pulumi.Input<string>;
  /** Whether its services may run on Fargate Spot. @default false @example true */
  readonly spot?: boolean;
  /** Whether people may open sessions in tasks that allow it: each is encrypted and logged. @default false @example true */
  readonly sessions?: boolean;
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { "aws:ec2/subnet:Subnet": (args, options, name) => ({ ...args, tags: { team: "shop" } }) }
   */
  readonly transform?: ChildTransforms & { readonly cluster?: Transform<aws.ecs.ClusterArgs> };
}

/** What a service or a job must know of the cluster it runs in. */
export type EcsCluster = Pick<AwsCluster, "arn" | "name" | "network" | "region" | "logRetentionDays" | "keyArn"> &
  Partial<Pick<AwsCluster, "capacity">>;

/**
 * An ECS cluster for Fargate, with Container Insights: several services, workers and jobs share one, and what it says of
 * network, logs and keys. Free; Container Insights is $0.30 per metric and month.
 *
 * @example
 * const cluster = new AwsCluster("shop", { network });
 * new AwsService("web", { cluster, process: { image }, ingress: { domain: "shop.example.com", loadBalancer } });
 * new AwsService("mail", { cluster, process: { image, command: ["node", "mail.js"] } });
 */
export class AwsCluster extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly network: AwsClusterArgs["network"];
  readonly region: string;
  readonly logRetentionDays: number;
  readonly keyArn: pulumi.Input<string> | undefined;
  /** What services on Fargate Spot must wait for; absent where the cluster offers none, or exists. */
  readonly capacity: pulumi.Resource | undefined;
  /** Log of the sessions; absent where there can be none. */
  readonly sessions: aws.cloudwatch.LogGroup | undefined;
  readonly nodes: { readonly cluster: aws.ecs.Cluster };

  constructor(name: string, args: AwsClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:AwsCluster", name, {}, transforming(options, args.transform));
    const { keyArn, logRetentionDays } = args;
    this.sessions =
      args.sessions === true ? createSessionLog(name, { keyArn, logRetentionDays }, { parent: this }) : undefined;
    const cluster = new aws.ecs.Cluster(
      ...child<aws.ecs.ClusterArgs>(
        name,
        {
          settings: [{ name: "containerInsights", value: "enabled" }],
          ...(this.sessions && { configuration: sessionConfiguration(this.sessions, keyArn) }),
        },
        { parent: this, aliases: [{ parent: formerService(name, options?.parent) }] },
        args.transform?.cluster,
      ),
    );

    this.arn = cluster.arn;
    this.name = cluster.name;
    this.network = args.network;
    this.region = awsRegion(name, args.region);
    this.logRetentionDays = args.logRetentionDays ?? 30;
    this.keyArn = args.keyArn;
    this.capacity = args.spot === true ? offerSpot(this) : undefined;
    this.nodes = { cluster };
    this.registerOutputs({ arn: this.arn, name: this.name });

    function offerSpot(parent: pulumi.Resource): aws.ecs.ClusterCapacityProviders {
      const capacityProviders = ["FARGATE", "FARGATE_SPOT"];
      return new aws.ecs.ClusterCapacityProviders(name, { clusterName: cluster.name, capacityProviders }, { parent });
    }
  }

  /** A cluster that exists, for services beside those that are in it. */
  static get(
    name: string,
    args: Omit<AwsClusterArgs, "transform" | "spot" | "sessions"> & { readonly clusterName: string },
    options?: pulumi.InvokeOutputOptions,
  ): EcsCluster {
    const { arn, clusterName } = aws.ecs.getClusterOutput({ clusterName: args.clusterName }, options);
    return {
      arn,
      name: clusterName,
      network: args.network,
      region: awsRegion(name, args.region),
      logRetentionDays: args.logRetentionDays ?? 30,
      keyArn: args.keyArn,
    };
  }
}
