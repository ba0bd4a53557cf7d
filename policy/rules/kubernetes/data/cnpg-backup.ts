import { defineRule } from "../../../rule";
import { near, sameNamespace } from "../selection";
import { kinds, postgresCluster } from "../types";

const schedule = kinds("postgresql\\.cnpg\\.io", "ScheduledBackup");

export default defineRule({
  id: "cnpg-backup",
  title: "PostgreSQL clusters archive their log and are backed up",
  severity: "high",
  level: "mandatory",
  scope: "stack",
  appliesTo: [postgresCluster],
  references: ["CloudNativePG documentation, Backup"],
  why: "Replicas repeat a mistake within milliseconds. Only a backup from before it helps.",
  fix: "Set `spec.backup` (or a backup plugin) to an object store, and add a ScheduledBackup for the cluster.",
  judge(cluster, { fail, separately, stack }) {
    const backup = cluster.get("spec", "backup");
    const plugins = cluster.get("spec", "plugins");
    separately(
      () => {
        const archives = plugins.items().some((plugin) => plugin.get("isWALArchiver").is(true));
        if (
          !archives &&
          !backup.get("barmanObjectStore").present &&
          !backup.get("volumeSnapshot").present &&
          backup.absent
        ) {
          fail(backup, "The cluster has no place for backups.");
        }
      },
      () => {
        const scheduled = near(cluster, stack, schedule).some(
          (one) =>
            sameNamespace(one, cluster) && one.get("spec", "cluster", "name").sameAs(cluster.get("metadata", "name")),
        );
        if (!scheduled) fail(backup, "No ScheduledBackup is for the cluster.");
      },
    );
  },
});
