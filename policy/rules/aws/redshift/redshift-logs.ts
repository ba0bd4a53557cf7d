import { defineRule } from "../../../rule";

export default defineRule({
  id: "redshift-logs",
  title: "Warehouses write an audit log",
  severity: "low",
  level: "advisory",
  scope: "stack",
  appliesTo: ["aws:redshift/cluster:Cluster"],
  references: ["FSBP Redshift.4", "CKV_AWS_71"],
  why: "Without it nobody can say who read what.",
  fix: "Add an `aws.redshift.Logging` of the cluster.",
  judge(cluster, { fail, cannotJudge, stack }) {
    if (cluster.get("logging", "enable").is(true)) return;
    const { certain, possible } = stack.referring(cluster, "clusterIdentifier", "aws:redshift/logging:Logging");
    if (certain.length > 0) return;
    if (possible.length > 0) cannotJudge(cluster.root, "the cluster of a logging is not known until deployment");
    else fail(cluster.root, "Nothing logs who reads what.");
  },
});
