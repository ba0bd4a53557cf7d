import rule from "../../../../../policy/rules/kubernetes/network/k8s-netpol";
import { specify, unknown } from "../../../spec";
import { around, beside, one } from "../workloads";

const type = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const workload = around.deployment(one({}));
const policy = (podSelector: unknown, more = {}, own = {}) => beside(type, { podSelector, ...more }, own);

specify(rule, {
  passes: {
    "a policy for these pods": [workload, policy({ matchLabels: { app: "shop" } })],
    "a policy for all pods of the namespace": [workload, policy({})],
    "a policy by an expression": [
      workload,
      policy({ matchExpressions: [{ key: "app", operator: "In", values: ["shop", "blog"] }] }),
    ],
    "one of Cilium": [
      workload,
      beside("kubernetes:cilium.io/v2:CiliumNetworkPolicy", { endpointSelector: { matchLabels: { app: "shop" } } }),
    ],
  },
  fails: {
    "no policy": [workload, "metadata"],
    "a policy for other pods": [[workload, policy({ matchLabels: { app: "blog" } })], "metadata"],
    "a policy of another namespace": [[workload, policy({}, {}, { namespace: "staging" })], "metadata"],
    "a policy for what goes out": [[workload, policy({}, { policyTypes: ["Egress"] })], "metadata"],
  },
  open: {
    "a selector that is not known": [[workload, policy(unknown())], "spec.podSelector"],
    "a namespace that is not known": [[workload, policy({}, {}, { namespace: unknown() })], "metadata.namespace"],
  },
});
