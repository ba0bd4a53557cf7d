import type { TargetDefinition } from "../targets";
import { copyWarning, lockWarning, optInWarning } from "./backup-plan";
import { awsEcsConstraints } from "./constraints";

/** Amazon ECS on Fargate. */
export const awsEcsTarget: TargetDefinition<"aws-ecs"> = {
  implementations: {
    database: ["rds", "aurora-serverless-v2", "external", "none"],
    cache: ["elasticache", "external", "none"],
    cdn: ["cloudfront", "none"],
    storage: ["s3", "external", "none"],
  },
  // $12 a month. The one replica has its own in memory, and no second that would have to hear of it.
  byPreset: { small: { cache: "none" } },
  reason: "a Fargate service has neither a cluster's operators nor a host's volumes",
  preset: ({ service, ...common }, name) => ({
    ...common,
    service: name === "small" ? { ...service, maxReplicas: 1 } : service,
  }),
  constraints: awsEcsConstraints,
  warnings: [
    ({ database }) =>
      database.implementation === "aurora-serverless-v2" && database.minAcu === 0
        ? "Aurora pauses only while no replica of the application runs: /api/ready asks the database. slipway:database.minAcu: 0.5 costs no more while one does"
        : undefined,
    ({ network, shared }) =>
      network.nat === "one" && (network.vpcId ?? shared) === undefined
        ? `one NAT gateway for ${network.zones} zones: the loss of its zone cuts outgoing traffic. slipway:network.nat: per-zone`
        : undefined,
    ({ network, preset, shared }) =>
      network.nat === "instance" && preset === "production" && (network.vpcId ?? shared) === undefined
        ? "one NAT instance: while it is recovered, for minutes, nothing goes out and no task starts. slipway:network.nat: per-zone"
        : undefined,
    copyWarning,
    optInWarning,
    lockWarning,
  ],
  place: "no region",
  regional: true,
  unpriced: "free",
  sdks: ["@pulumi/aws", "@pulumi/docker-build"],
  load: () => (require("./stack") as typeof import("./stack")).awsEcs,
};
