import rule from "../../../../../policy/rules/kubernetes/pod/k8s-resources";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const resources = (value: unknown) => around.pod(one({ resources: value }));
const path = "spec.containers[0].resources";

specify(rule, {
  passes: {
    "both said": resources({ requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "256Mi" } }),
    "an init container, which is over soon": around.pod({ containers: [], initContainers: [{ name: "migrate" }] }),
  },
  fails: {
    "no limit": [resources({ requests: { cpu: "100m", memory: "256Mi" } }), `${path}.limits.memory`],
    "no share of a processor": [resources({ limits: { memory: "256Mi" } }), `${path}.requests.cpu`],
    "a sidecar": [
      around.pod({ initContainers: [{ name: "proxy", restartPolicy: "Always" }] }),
      "spec.resources.limits.memory",
    ],
  },
  open: { "resources that are not known": [around.pod({ containers: unknown() }), "spec.containers"] },
});
