import rule from "../../../../../policy/rules/kubernetes/data/cnpg-backup";
import { given, specify, unknown } from "../../../spec";
import { beside } from "../workloads";

const cluster = (spec: Record<string, unknown>) =>
  given("kubernetes:postgresql.cnpg.io/v1:Cluster", { metadata: { name: "shop", namespace: "production" }, spec });
const backup = { backup: { barmanObjectStore: { destinationPath: "s3://backups" } } };
const schedule = (name: unknown) =>
  beside("kubernetes:postgresql.cnpg.io/v1:ScheduledBackup", { schedule: "0 0 3 * * *", cluster: { name } });

specify(rule, {
  passes: {
    "an archive and a schedule": [cluster(backup), schedule("shop")],
    "a plugin and a schedule": [
      cluster({ plugins: [{ name: "barman-cloud.cloudnative-pg.io", isWALArchiver: true }] }),
      schedule("shop"),
    ],
  },
  fails: {
    "no place for backups": [[cluster({}), schedule("shop")], "spec.backup"],
    "no schedule": [cluster(backup), "spec.backup"],
    "a schedule of another cluster": [[cluster(backup), schedule("blog")], "spec.backup"],
  },
  open: { "a schedule of who knows what": [[cluster(backup), schedule(unknown())], "spec.cluster.name"] },
});
