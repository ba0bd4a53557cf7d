import { defineRule } from "../../../rule";
import type { Resource } from "../../../resource";
import { containers, isWindows, workloads } from "../types";

export default defineRule({
  id: "k8s-no-escalation",
  title: "Processes cannot gain rights",
  severity: "high",
  level: "mandatory",
  appliesTo: workloads,
  references: ["PSS restricted", "CIS Kubernetes 5.2.6", "CKV_K8S_20"],
  why: "With a setuid program in the image, a process that is not root becomes root.",
  fix: "Set `securityContext.allowPrivilegeEscalation` to false in every container.",
  judge(workload, { each, fail }) {
    each(containers(workload), (container) => {
      const escalation = container.get("securityContext", "allowPrivilegeEscalation");
      if (escalation.isNot(false) && !isWindows(workload))
        fail(escalation, "A process of the container may gain rights.");
    });
  },
  remediate: (workload: Resource) =>
    containers(workload)
      .map((container) => container.get("securityContext", "allowPrivilegeEscalation"))
      .filter((escalation) => !escalation.isUnknown && !escalation.is(true))
      .map(({ path }) => ({ property: path, value: false })),
});
