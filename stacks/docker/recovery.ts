import type { DockerSettings } from "../settings/settings";

/** Secrets that the backup container gets, and nobody else. */
export const backupSecrets = ["BACKUP_KEY", "BACKUP_ACCESS_KEY_ID", "BACKUP_SECRET_ACCESS_KEY"] as const;

/** Whether any second can be restored. Otherwise there is a dump a day. */
export function hasPointInTimeRecovery({ database, docker }: Pick<DockerSettings, "database" | "docker">): boolean {
  return database.implementation === "docker" && (docker.pointInTimeRecovery || docker.backupBucket !== undefined);
}
