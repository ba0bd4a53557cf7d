import { defineRule } from "../../../rule";
import { selecting } from "../selection";
import { borrowsItsPods, ciliumPolicy, deployment, kinds, networkPolicy, rollout, statefulSet } from "../types";

export default defineRule({
  id: "k8s-netpol",
  title: "A NetworkPolicy says who may talk to a workload",
  severity: "high",
  level: "mandatory",
  scope: "stack",
  appliesTo: [deployment, statefulSet, rollout, kinds("(apps|extensions)", "DaemonSet")],
  references: ["CIS Kubernetes 5.3.2", "CKV2_K8S_6"],
  why: "Without one every pod of the cluster may connect: one broken-in container reaches every database.",
  fix: "Add a NetworkPolicy for ingress whose `podSelector` picks the pods; `{}` picks all of a namespace.",
  judge(workload, { fail, stack }) {
    if (borrowsItsPods(workload)) return;
    const policies = [
      ...selecting(workload, "podSelector", stack, networkPolicy),
      ...selecting(workload, "endpointSelector", stack, ciliumPolicy),
    ];
    // Without `policyTypes` a policy is for ingress.
    const ingress = policies.filter((policy) => {
      const types = policy.get("spec", "policyTypes").items();
      return types.length === 0 || types.some((type) => type.is("Ingress"));
    });
    if (ingress.length === 0) fail(workload.get("metadata"), "No NetworkPolicy limits who may connect.");
  },
});
