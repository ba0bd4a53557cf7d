import { defineRule } from "../../../rule";
import { selecting, targeting } from "../selection";
import { autoscaler, borrowsItsPods, deployment, disruptionBudget, rollout, statefulSet } from "../types";

export default defineRule({
  id: "k8s-pdb",
  title: "Maintenance leaves enough replicas running",
  severity: "medium",
  level: "mandatory",
  scope: "stack",
  appliesTo: [deployment, statefulSet, rollout],
  references: ["AWS EKS best practices, Reliability"],
  why: "When nodes are drained, all replicas may be stopped at once.",
  fix: "Add a PodDisruptionBudget with `minAvailable` or `maxUnavailable` whose selector picks the pods.",
  judge(workload, { each, fail, stack }) {
    if (borrowsItsPods(workload)) return;
    // One replica cannot be kept running through a drain: a budget would only block the drain.
    const replicas = workload.get("spec", "replicas");
    const scaled = targeting(workload, "scaleTargetRef", stack, autoscaler).length > 0;
    if (!scaled && (replicas.absent || (replicas.number() ?? 0) < 2)) return;
    const budgets = selecting(workload, "selector", stack, disruptionBudget);
    if (budgets.length === 0) fail(workload.get("spec"), "No PodDisruptionBudget keeps replicas running.");
    each(budgets, (budget) => {
      const unavailable = budget.get("spec", "maxUnavailable");
      if (unavailable.is(0, "0%") || budget.get("spec", "minAvailable").is("100%")) {
        fail(workload.get("spec"), "The PodDisruptionBudget lets no node be drained.");
      }
    });
  },
});
