import { previewStack } from "../../tools/sources/in-process/in-process";
import type { Plan } from "../../tools/plan/plan";
import { projectDir } from "../project";
import { record } from "../record";
import { whatExists } from "../stacks/aws-ecs/stack-file";
import { withEverything } from "./with-everything";
import program = require("../../index");

type Raw = Readonly<Record<string, unknown>>;

const aws: Raw = {
  target: "aws-ecs",
  domain: "shop.example.com",
  image: `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9f8b3".repeat(4)}`,
  tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
};
const kubernetes: Raw = {
  ...aws,
  target: "kubernetes",
  tls: { issuer: "letsencrypt" },
  kubernetes: {
    backupBucket: "s3://acme-backups/shop",
    ingressNamespace: "ingress",
    prometheusUrl: "http://prometheus.monitoring:9090",
  },
  storage: { implementation: "volume" },
};

/** Stacks that are not shipped, for the inputs that no shipped one has. */
const others: Readonly<Record<string, Raw>> = {
  ...withEverything,
  "blue-green": { ...aws, release: { strategy: "blue-green" } },
  canary: { ...kubernetes, release: { strategy: "canary" } },
  small: { ...aws, preset: "small" },
  existing: {
    ...aws,
    ...whatExists,
    network: {
      ...whatExists.network,
      vpcId: "vpc-0a1b2c3d",
      isolatedSubnetIds: ["subnet-0a1b2c35", "subnet-0a1b2c36"],
    },
  },
  shared: { ...aws, shared: "acme/platform/prod", loadBalancer: { priority: 20 }, release: { strategy: "canary" } },
  "rds-beside-kubernetes": {
    ...kubernetes,
    database: {
      implementation: "rds",
      vpcId: "vpc-0a1b2c3d",
      subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
      clientSecurityGroupIds: ["sg-0a1b2c3d"],
    },
  },
};

const shipped = (stack: string) => () => previewStack({ projectDir, stack });

/** Each stack whose plan is kept in a file here, by the file's name. */
export const goldenStacks: Readonly<Record<string, () => Promise<Plan>>> = {
  prod: shipped("prod"),
  staging: shipped("staging"),
  local: shipped("local"),
  ...Object.fromEntries(
    Object.entries(others).map(([stack, raw]) => [
      stack,
      () => record(program, { project: "slipway", stack, config: asConfig(raw), secretKeys: encryptedIn(raw) }),
    ]),
  ),
};

/** As the engine says it: of the section that holds the address of a chat. */
const encryptedIn = ({ monitoring }: Raw) =>
  (monitoring as Raw | undefined)?.["webhook"] ? ["slipway:monitoring"] : [];

function asConfig(raw: Raw): Record<string, string> {
  const entries = Object.entries(raw).map(([key, value]): [string, string] => [
    `slipway:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { ...Object.fromEntries(entries), "aws:region": "eu-central-1" };
}
