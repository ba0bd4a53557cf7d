import { defineRule } from "../../../rule";
import { targeting } from "../selection";
import { autoscaler, deployment, rollout, scaledObject } from "../types";

export default defineRule({
  id: "k8s-hpa",
  title: "Workloads that serve follow their load",
  severity: "low",
  level: "advisory",
  scope: "stack",
  appliesTo: [deployment, rollout],
  references: [],
  why: "A fixed number of replicas is too many at night and too few on the day it matters.",
  fix: "Add a HorizontalPodAutoscaler whose `scaleTargetRef` names the workload, with two replicas or more.",
  judge(workload, { fail, stack }) {
    // What is recreated, never doubled, is one process by design: a cache on one volume, a scheduler.
    if (workload.get("spec", "strategy", "type").is("Recreate")) return;
    const scalers = targeting(workload, "scaleTargetRef", stack, autoscaler, scaledObject);
    if (scalers.length === 0) fail(workload.get("spec", "replicas"), "Nothing scales the workload.");
    for (const scaler of scalers) {
      // KEDA's own default is none at all.
      const minimum = scaler.get("spec", scaler.type.includes("autoscaling/") ? "minReplicas" : "minReplicaCount");
      if (minimum.absent || (minimum.number() ?? 0) < 2) {
        fail(workload.get("spec", "replicas"), "The autoscaler may leave one replica.");
      }
    }
  },
});
