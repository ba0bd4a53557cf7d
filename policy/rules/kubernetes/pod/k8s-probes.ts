import { defineRule } from "../../../rule";
import { deployment, rollout, servingContainers, statefulSet, kinds } from "../types";

export default defineRule({
  id: "k8s-probes",
  title: "Kubernetes can tell whether a container serves",
  severity: "medium",
  level: "advisory",
  appliesTo: [deployment, statefulSet, rollout, kinds("(apps|extensions)", "DaemonSet")],
  references: ["CKV_K8S_8", "CKV_K8S_9"],
  why: "Without a readiness probe a release takes traffic before it can answer; without a liveness probe a stuck one keeps it.",
  fix: "Add `readinessProbe` and `livenessProbe`.",
  judge(workload, { each, fail }) {
    each(servingContainers(workload), (container) => {
      each(["readinessProbe", "livenessProbe"], (name) => {
        if (container.get(name).absent) fail(container.get(name), "The container has no such probe.");
      });
    });
  },
});
