import { type Output, output } from "@pulumi/pulumi";
import type { Part } from "../parts";
import { ownersPassword } from "../database-roles";
import { replaced, type Rotations, rotationsOf } from "../rotations";
import type { KubernetesSettings } from "../settings/settings";

const cached =
  "the cache starts anew, empty, and is not used until the new password has reached every pod, within a minute";

/** Of a stack with this database. */
export function kubernetesRotations(settings: KubernetesSettings, { identifier }: Part): Output<Rotations> {
  const { database, cache } = settings;
  return (identifier ?? output("")).apply((instance): Rotations => ({
    ...(database.implementation === "cloudnative-pg" && {
      [ownersPassword(settings)]: { by: "cloudnative-pg", secret: "database-app", cluster: "database" },
    }),
    ...(instance !== "" && {
      [ownersPassword(settings)]:
        database.readReplicas > 0
          ? replaced("RandomPassword", "database-password", "new connections can be refused for minutes")
          : { by: "rds", instance },
    }),
    ...(cache.implementation === "kubernetes" && {
      REDIS_PASSWORD: replaced("RandomPassword", "cache-password", cached),
    }),
    ...rotationsOf(settings),
  }));
}
