import { defineRule } from "../../../rule";
import { containers, workloads } from "../types";

export default defineRule({
  id: "k8s-privileged",
  title: "No container is privileged",
  severity: "critical",
  level: "mandatory",
  appliesTo: workloads,
  references: ["PSS baseline", "CIS Kubernetes 5.2.2", "CKV_K8S_16"],
  why: "A privileged container is root on its node, and so on everything that runs there.",
  fix: "Remove `securityContext.privileged`, and the unmasked /proc of `procMount`.",
  judge(workload, { each, fail, separately }) {
    each(containers(workload), (container) => {
      const context = container.get("securityContext");
      separately(
        () => {
          if (context.get("privileged").is(true)) fail(context.get("privileged"), "The container is privileged.");
        },
        () => {
          if (context.get("procMount").is("Unmasked"))
            fail(context.get("procMount"), "The container sees all of /proc.");
        },
        () => {
          const hostProcess = context.get("windowsOptions", "hostProcess");
          if (hostProcess.is(true)) fail(hostProcess, "The container is a process of its host.");
        },
      );
    });
  },
});
