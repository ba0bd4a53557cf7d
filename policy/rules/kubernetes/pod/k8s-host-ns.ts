import { defineRule } from "../../../rule";
import { borrowsItsPods, podSpec, workloads } from "../types";

export default defineRule({
  id: "k8s-host-ns",
  title: "Pods share no namespace with their node",
  severity: "high",
  level: "mandatory",
  appliesTo: workloads,
  references: [
    "PSS baseline",
    "CIS Kubernetes 5.2.3",
    "CIS Kubernetes 5.2.4",
    "CIS Kubernetes 5.2.5",
    "CKV_K8S_17",
    "CKV_K8S_18",
    "CKV_K8S_19",
  ],
  why: "On the node's network a pod is past every NetworkPolicy; with its processes it sees their secrets.",
  fix: "Remove `hostNetwork`, `hostPID` and `hostIPC`.",
  judge(workload, { each, fail }) {
    if (borrowsItsPods(workload)) return;
    each(["hostNetwork", "hostPID", "hostIPC"], (name) => {
      const shared = podSpec(workload).get(name);
      if (shared.is(true)) fail(shared, "The pod shares a namespace with its node.");
    });
  },
});
