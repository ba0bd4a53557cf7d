import type { Input } from "@pulumi/pulumi";
import { ownersPassword } from "../database-roles";
import { replaced, rotationsOf } from "../rotations";
import type { AwsEcsSettings } from "../settings/settings";

/** Of a stack whose database on RDS, if it has one, is this instance or this cluster. */
export function ecsRotations(
  settings: AwsEcsSettings,
  instance: Input<string> | undefined,
  auroraCluster: Input<string> | undefined,
) {
  const { database, cache, release, build } = settings;
  const later = "new connections can be refused until RDS has changed it, within minutes";
  return {
    ...(instance !== undefined && {
      [ownersPassword(settings)]:
        // RDS keeps no password of an instance with read replicas.
        database.readReplicas > 0
          ? replaced("RandomPassword", "database-password", later)
          : ({ by: "rds", instance } as const),
    }),
    ...(auroraCluster !== undefined && {
      // With readers, too: they are of the same cluster.
      [ownersPassword(settings)]: { by: "rds-cluster", cluster: auroraCluster } as const,
    }),
    ...(cache.implementation === "elasticache" && {
      REDIS_PASSWORD: replaced(
        "RandomPassword",
        "cache-password",
        // A user's passwords are replaced; only the one of AUTH is rotated.
        cache.accessControl === "rbac"
          ? "a replica of the previous release that had to connect anew served without the shared cache until it was replaced"
          : "none: the cache accepts both until the next one",
      ),
    }),
    ...(release.strategy !== "rolling" && {
      TEST_HEADER: replaced(
        "RandomPassword",
        "web-test-header",
        "tests of a new release have to send the new one: pulumi stack output testHeader --show-secrets",
      ),
    }),
    ...(build !== undefined && {
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: replaced(
        "RandomBytes",
        "image-server-actions-key",
        "the image is built anew, and pages of the previous build reload when they call an action",
      ),
    }),
    ...rotationsOf(settings),
  };
}
