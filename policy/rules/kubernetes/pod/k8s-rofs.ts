import { defineRule } from "../../../rule";
import { containers, workloads } from "../types";

export default defineRule({
  id: "k8s-rofs",
  title: "Containers cannot write to their root file system",
  severity: "low",
  level: "advisory",
  appliesTo: workloads,
  references: ["CKV_K8S_22"],
  why: "An attacker who breaks into the process cannot put a tool or a changed page beside it.",
  fix: "Set `securityContext.readOnlyRootFilesystem: true` and mount an emptyDir where the application must write.",
  judge(workload, { each, fail }) {
    each(containers(workload), (container) => {
      const readonly = container.get("securityContext", "readOnlyRootFilesystem");
      if (readonly.isNot(true)) fail(readonly, "The container can write to its root file system.");
    });
  },
});
