import { defineRule } from "../../../rule";
import { containers, isWindows, workloads } from "../types";

export default defineRule({
  id: "k8s-drop-all",
  title: "Containers give up all capabilities",
  severity: "medium",
  level: "mandatory",
  appliesTo: workloads,
  references: [
    "PSS restricted",
    "CIS Kubernetes 5.2.8",
    "CIS Kubernetes 5.2.9",
    "CKV_K8S_25",
    "CKV_K8S_28",
    "CKV_K8S_37",
  ],
  why: "A web server needs none of root's powers; those it keeps are what an intruder works with.",
  fix: 'Set `securityContext.capabilities.drop` to ["ALL"] in every container; add nothing but NET_BIND_SERVICE.',
  judge(workload, { each, fail, separately }) {
    each(containers(workload), (container) => {
      const capabilities = container.get("securityContext", "capabilities");
      separately(
        () => {
          const drop = capabilities.get("drop");
          const dropsAll = drop.items().some((capability) => capability.is("ALL", "all"));
          if (!dropsAll && drop.isNot("ALL") && !isWindows(workload)) fail(drop, "The container keeps capabilities.");
        },
        () => {
          each(capabilities.get("add").items(), (capability) => {
            if (capability.isNot("NET_BIND_SERVICE")) fail(capability, "The container gains a capability.");
          });
        },
      );
    });
  },
});
