import type { TargetDefinition } from "../targets";
import { awsEcsConstraints } from "./constraints";

/** Amazon ECS on Fargate. */
export const awsEcsTarget: TargetDefinition<"aws-ecs"> = {
  implementations: {
    database: ["rds", "external", "none"],
    cache: ["elasticache", "external", "none"],
    cdn: ["cloudfront", "none"],
    storage: ["s3", "external", "none"],
  },
  reason: "a Fargate service has neither a cluster's operators nor a host's volumes",
  preset: (common) => common,
  constraints: awsEcsConstraints,
  warnings: [
    ({ network }) =>
      network.nat === "one"
        ? `one NAT gateway for ${network.zones} zones: the loss of its zone cuts outgoing traffic. slipway:network.nat: per-zone`
        : undefined,
  ],
  place: "no region",
  regional: true,
  unpriced: "free",
  load: () => (require("./stack") as typeof import("./stack")).awsEcs,
};
