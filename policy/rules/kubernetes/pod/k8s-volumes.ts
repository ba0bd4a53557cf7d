import { defineRule } from "../../../rule";
import { borrowsItsPods, podSpec, workloads } from "../types";

/** What the Pod Security Standard `restricted` admits. */
const admitted = [
  "name",
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

export default defineRule({
  id: "k8s-volumes",
  title: "Pods mount nothing of their node",
  severity: "high",
  level: "mandatory",
  appliesTo: workloads,
  references: ["PSS restricted", "CIS Kubernetes 5.2.11", "CKV_K8S_27"],
  why: "With a path of the node, or the runtime's socket, a pod writes itself onto the node.",
  fix: "Use emptyDir, a claim, a ConfigMap or a Secret.",
  judge(workload, { each, fail }) {
    if (borrowsItsPods(workload)) return;
    each(podSpec(workload).get("volumes").items(), (volume) => {
      for (const [kind, source] of volume.entries()) {
        if (source.present && !admitted.includes(kind))
          fail(source, "The pod mounts a kind of volume that reaches its node or its network.");
      }
    });
  },
});
