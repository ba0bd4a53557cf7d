import { defineRule } from "../../../rule";

export default defineRule({
  id: "eks-logs",
  title: "Clusters write an audit log",
  severity: "low",
  level: "advisory",

  appliesTo: ["aws:eks/cluster:Cluster"],
  references: ["FSBP EKS.8", "CKV_AWS_37"],
  why: "Without it nobody can say who changed what in the cluster.",
  fix: "Set `enabledClusterLogTypes` to a list with `api` and `audit`.",
  judge(cluster, { fail }) {
    const types = cluster.get("enabledClusterLogTypes");
    const missing = ["api", "audit"].filter((wanted) => !types.items().some((type) => type.is(wanted)));
    if (missing.length > 0) fail(types, `The cluster does not log ${missing.join(" and ")}.`);
  },
});
