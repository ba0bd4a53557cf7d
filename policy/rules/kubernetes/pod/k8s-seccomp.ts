import { defineRule } from "../../../rule";
import { containers, isWindows, podSpec, workloads } from "../types";

export default defineRule({
  id: "k8s-seccomp",
  title: "Containers make no unusual system calls",
  severity: "medium",
  level: "mandatory",
  appliesTo: workloads,
  references: ["PSS restricted", "CIS Kubernetes 5.7.2", "CKV_K8S_31"],
  why: "Most ways out of a container go through system calls that no web server makes; the runtime's profile refuses them.",
  fix: "Set `securityContext.seccompProfile.type` to `RuntimeDefault` on the pod.",
  judge(workload, { each, fail }) {
    each(containers(workload), (container) => {
      const own = container.get("securityContext", "seccompProfile", "type");
      const profile = own.present ? own : podSpec(workload).get("securityContext", "seccompProfile", "type");
      if (profile.isNot("RuntimeDefault", "Localhost") && !isWindows(workload))
        fail(profile, "No seccomp profile is set.");
    });
  },
  remediate: (workload) => {
    const profile = podSpec(workload).get("securityContext", "seccompProfile", "type");
    return profile.present ? [] : [{ property: profile.path, value: "RuntimeDefault" }];
  },
});
