import type { Rule } from "../../rule";
import { limitRules } from "./limits";
import { backupRules } from "./relations/backup";
import { auroraRules } from "./relations/aurora";
import { cacheRules } from "./relations/cache";
import { cacheUserRules } from "./relations/cache-users";
import { databaseStorageRules } from "./relations/database-storage";
import { databaseRules } from "./relations/database";
import { ecsCapacityRules } from "./relations/ecs-capacity";
import { ecsRules } from "./relations/ecs";
import { edgeRules } from "./relations/edge";
import { loadBalancerRules } from "./relations/load-balancer";
import { networkRules } from "./relations/network";
import { operationsRules } from "./relations/operations";

/** What AWS refuses of one state. */
export const awsRefusals: readonly Rule[] = [
  ...limitRules,
  ...ecsRules,
  ...ecsCapacityRules,
  ...loadBalancerRules,
  ...databaseRules,
  ...databaseStorageRules,
  ...auroraRules,
  ...cacheRules,
  ...cacheUserRules,
  ...networkRules,
  ...edgeRules,
  ...operationsRules,
  ...backupRules,
];
