import rule from "../../../../../policy/rules/kubernetes/availability/k8s-spread";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

specify(rule, {
  passes: {
    "replicas over zones": around.deployment(
      one({}, { topologySpreadConstraints: [{ topologyKey: "topology.kubernetes.io/zone" }] }),
    ),
    "replicas that avoid each other": around.rollout(one({}, { affinity: { podAntiAffinity: {} } })),
    "one replica": around.deployment(one({}), { replicas: 1 }),
  },
  fails: {
    "replicas that may share a node": [
      around.deployment(one({}), { replicas: 3 }),
      "spec.template.spec.topologySpreadConstraints",
    ],
  },
  open: {
    "constraints that are not known": [
      around.deployment(one({}, { topologySpreadConstraints: unknown() })),
      "spec.template.spec.topologySpreadConstraints",
    ],
  },
});
