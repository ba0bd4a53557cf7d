import { defineRule } from "../../../rule";
import { containers, podSpec, workloads } from "../types";

export default defineRule({
  id: "k8s-nonroot",
  title: "Containers run as a user other than root",
  severity: "high",
  level: "mandatory",
  appliesTo: workloads,
  references: ["PSS restricted", "CIS Kubernetes 5.2.7", "CKV_K8S_23"],
  why: "Root within a container is one kernel defect away from root on the node.",
  fix: "Set `securityContext.runAsNonRoot: true` on the pod, and `runAsUser` to a number other than 0.",
  judge(workload, { each, fail }) {
    each(containers(workload), (container) => {
      // A container's own setting overrides the pod's.
      const setting = (name: string) => {
        const own = container.get("securityContext", name);
        return own.present ? own : podSpec(workload).get("securityContext", name);
      };
      if (setting("runAsUser").is(0)) fail(setting("runAsUser"), "The container runs as root.");
      else if (setting("runAsNonRoot").isNot(true)) fail(setting("runAsNonRoot"), "The container may run as root.");
    });
  },
});
