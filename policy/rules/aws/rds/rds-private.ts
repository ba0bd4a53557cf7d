import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "rds-private",
  title: "Databases have no public address",
  severity: "critical",
  level: "mandatory",
  appliesTo: [
    ...aws.dbInstance,
    ...aws.dbClusterInstance,
    "aws:rds/cluster:Cluster",
    "aws:dms/replicationInstance:ReplicationInstance",
  ],
  references: ["FSBP RDS.2", "CIS AWS 2.2.3", "CKV_AWS_17"],
  why: "A database with a public address is guarded by its password alone.",
  fix: "Set `publiclyAccessible` to false.",
  judge(database, { fail }) {
    const accessible = database.get("publiclyAccessible");
    if (accessible.is(true)) fail(accessible, "The database has a public address.");
  },
});
