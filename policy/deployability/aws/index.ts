import type { Rule } from "../../rule";
import { limitRules } from "./limits";
import { cacheRules } from "./relations/cache";
import { databaseRules } from "./relations/database";
import { ecsRules } from "./relations/ecs";
import { edgeRules } from "./relations/edge";
import { loadBalancerRules } from "./relations/load-balancer";
import { networkRules } from "./relations/network";
import { operationsRules } from "./relations/operations";

/** What AWS refuses of one state. */
export const awsRefusals: readonly Rule[] = [
  ...limitRules,
  ...ecsRules,
  ...loadBalancerRules,
  ...databaseRules,
  ...cacheRules,
  ...networkRules,
  ...edgeRules,
  ...operationsRules,
];
