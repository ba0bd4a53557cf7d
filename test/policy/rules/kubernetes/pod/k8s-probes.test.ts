import rule from "../../../../../policy/rules/kubernetes/pod/k8s-probes";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const probe = { httpGet: { path: "/api/health", port: 3000 } };

specify(rule, {
  passes: {
    both: around.deployment(one({ readinessProbe: probe, livenessProbe: probe })),
    "one that is not known yet": around.deployment(one({ readinessProbe: unknown(), livenessProbe: probe })),
  },
  fails: {
    none: [around.deployment(one({})), "spec.template.spec.containers[0].readinessProbe"],
    one: [around.rollout(one({ readinessProbe: probe })), "spec.template.spec.containers[0].livenessProbe"],
  },
  open: {
    "containers that are not known": [around.deployment({ containers: unknown() }), "spec.template.spec.containers"],
  },
});
