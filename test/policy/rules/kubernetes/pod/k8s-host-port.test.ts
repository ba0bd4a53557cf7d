import rule from "../../../../../policy/rules/kubernetes/pod/k8s-host-port";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

specify(rule, {
  passes: { "a port of the pod": around.deployment(one({ ports: [{ containerPort: 3000 }] })) },
  fails: {
    "a port of the node": [
      around.deployment(one({ ports: [{ containerPort: 3000, hostPort: 80 }] })),
      "spec.template.spec.containers[0].ports[0].hostPort",
    ],
  },
  open: { "ports that are not known": [around.pod(one({ ports: unknown() })), "spec.containers[0].ports"] },
});
