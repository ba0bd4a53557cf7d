import { defineRule } from "../../../rule";
import { namespaceOf, workloads } from "../types";

export default defineRule({
  id: "k8s-default-namespace",
  title: "Workloads are not in the default namespace",
  severity: "low",
  level: "advisory",
  appliesTo: workloads,
  references: ["CIS Kubernetes 5.7.4", "CKV_K8S_21"],
  why: "Network policies, quotas and rights are given by namespace; in `default` everything shares them.",
  fix: "Set `metadata.namespace`.",
  judge(workload, { fail }) {
    const namespace = namespaceOf(workload);
    if (namespace.isUnknown) return;
    if (namespace.absent || namespace.is("default")) fail(namespace, "The workload is in the default namespace.");
  },
});
