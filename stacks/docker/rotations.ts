import { ownersPassword } from "../database-roles";
import { replaced, type Rotations, rotationsOf } from "../rotations";
import type { DockerSettings } from "../settings/settings";
import { hasPointInTimeRecovery } from "./recovery";
import { documentation } from "../../components/shared/documentation";

/** Of a stack whose parts have names that begin with this one. */
export function dockerRotations(settings: DockerSettings, name: string): Rotations {
  const { database, cache, docker } = settings;
  return {
    ...(database.implementation === "docker" && {
      [ownersPassword(settings)]: replaced(
        "RandomPassword",
        `${name}-database-password`,
        "new connections wait for a moment",
        `${name}-database`,
      ),
    }),
    ...(hasPointInTimeRecovery(settings) && {
      BACKUP_KEY: {
        by: "hand",
        how: `a new key opens no backup of before: ${documentation("backups.md#a-bucket-on-another-machine")}`,
      },
    }),
    ...(cache.implementation === "docker" && {
      REDIS_PASSWORD: replaced("RandomPassword", `${name}-cache-password`, "the cache starts anew, empty"),
    }),
    ...(docker.basicAuthUser !== undefined && {
      BASIC_AUTH_PASSWORD: replaced(
        "RandomPassword",
        `${name}-nginx-basic-auth`,
        "everybody has to give the new one: pulumi stack output basicAuth --show-secrets",
      ),
    }),
    ...(settings.image === undefined && {
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: replaced(
        "RandomBytes",
        `${name}-app-image-server-actions-key`,
        "the image is built anew, and pages of the previous build reload when they call an action",
      ),
    }),
    ...rotationsOf(settings),
  };
}
