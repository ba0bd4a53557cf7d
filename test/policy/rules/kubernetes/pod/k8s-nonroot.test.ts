import rule from "../../../../../policy/rules/kubernetes/pod/k8s-nonroot";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const own = "spec.template.spec.containers[0].securityContext";

specify(rule, {
  passes: {
    "a pod that forbids it": around.deployment(one({}, { securityContext: { runAsNonRoot: true } })),
    "a container that forbids it": around.deployment(one({ securityContext: { runAsNonRoot: true, runAsUser: 1000 } })),
  },
  fails: {
    "a pod that says nothing": [around.deployment(one({})), "spec.template.spec.securityContext.runAsNonRoot"],
    "a container that overrides its pod": [
      around.deployment(one({ securityContext: { runAsNonRoot: false } }, { securityContext: { runAsNonRoot: true } })),
      `${own}.runAsNonRoot`,
    ],
    "user 0": [
      around.deployment(one({ securityContext: { runAsUser: 0 } }, { securityContext: { runAsNonRoot: true } })),
      `${own}.runAsUser`,
    ],
  },
  open: {
    "a user that is not known": [
      around.deployment(one({ securityContext: { runAsUser: unknown() } })),
      `${own}.runAsUser`,
    ],
  },
});
