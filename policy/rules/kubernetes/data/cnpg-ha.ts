import { defineRule } from "../../../rule";
import { postgresCluster } from "../types";

export default defineRule({
  id: "cnpg-ha",
  title: "PostgreSQL clusters survive the loss of a node",
  severity: "medium",
  level: "mandatory",
  appliesTo: [postgresCluster],
  references: ["CloudNativePG documentation, Replication"],
  why: "With one instance a drained node stops the site.",
  fix: "Set `spec.instances` to 2, better 3.",
  judge(cluster, { fail }) {
    const instances = cluster.get("spec", "instances");
    if (instances.absent || (instances.number() ?? 0) < 2) fail(instances, "The cluster has one instance.");
  },
});
