import { defineRule } from "../../../rule";
import { containers, workloads } from "../types";

export default defineRule({
  id: "k8s-host-port",
  title: "Pods open no port on their node",
  severity: "medium",
  level: "mandatory",
  appliesTo: workloads,
  references: ["PSS baseline", "CIS Kubernetes 5.2.12", "CKV_K8S_26"],
  why: "A port of the node answers around the Service, the gateway and most NetworkPolicies.",
  fix: "Remove `hostPort` and use a Service.",
  judge(workload, { each, fail }) {
    each(containers(workload), (container) => {
      each(container.get("ports").items(), (port) => {
        const host = port.get("hostPort");
        if (host.present && !host.is(0)) fail(host, "The container opens a port on its node.");
      });
    });
  },
});
