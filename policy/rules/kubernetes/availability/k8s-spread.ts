import { defineRule } from "../../../rule";
import { borrowsItsPods, deployment, podSpec, rollout, statefulSet } from "../types";

export default defineRule({
  id: "k8s-spread",
  title: "Replicas are not all on one node",
  severity: "low",
  level: "advisory",
  appliesTo: [deployment, statefulSet, rollout],
  references: ["AWS EKS best practices, Reliability"],
  why: "Replicas on one node are one replica on the day that node fails.",
  fix: "Add `topologySpreadConstraints` over zones and hosts, or a pod anti-affinity.",
  judge(workload, { fail }) {
    const replicas = workload.get("spec", "replicas");
    if (borrowsItsPods(workload) || (replicas.present && (replicas.number() ?? 0) < 2)) return;
    const spread = podSpec(workload).get("topologySpreadConstraints");
    if (spread.items().length > 0 || podSpec(workload).get("affinity", "podAntiAffinity").present) return;
    if (spread.absent) fail(spread, "Nothing spreads the replicas.");
  },
});
