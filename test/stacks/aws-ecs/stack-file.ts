import { resolveSettings } from "../../../stacks/settings/load";
import type { Settings } from "../../../stacks/settings/settings";
import { runStack } from "../../../stacks/targets";
import type { Plan } from "../../../tools/plan/plan";
import { once } from "../../components/aws-fixtures";
import { record } from "../../record";

export type Raw = Readonly<Record<string, unknown>>;

export const awsRegion = "eu-central-1";

/** The least that a stack file of the target says. */
export const stackFile = {
  target: "aws-ecs",
  domain: "shop.example.com",
  image: `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9".padEnd(64, "0")}`,
  tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
};

/** A network, a cluster, a load balancer and a database that somebody else made. */
export const whatExists = {
  network: {
    vpcId: "vpc-0a1b2c3d4e5f67890",
    privateSubnetIds: ["subnet-0a1b2c33", "subnet-0a1b2c34"],
    publicSubnetIds: ["subnet-0a1b2c31", "subnet-0a1b2c32"],
  },
  cluster: { arn: "arn:aws:ecs:eu-central-1:123456789012:cluster/main" },
  loadBalancer: {
    arn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/main/50dc6c495c0c9188",
    priority: 20,
  },
  cdn: { implementation: "none" },
  database: { identifier: "shop-production", securityGroupId: "sg-0a1b2c3d" },
  cache: { implementation: "none" },
};

export const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ghcr-AbCdEf";
export const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789";

/** Settings of the least, and of what a test says besides. */
export const resolved = (more: Raw = {}, region = awsRegion): Settings =>
  resolveSettings("test", { ...stackFile, ...more }, { awsRegion: region });

/** The stack that they give. Each is recorded once. */
export const stackOf: (more?: Raw) => Promise<Plan> = once((more: Raw = {}) =>
  record(() => runStack(resolved(more)), { config: { "aws:region": awsRegion } }),
);
