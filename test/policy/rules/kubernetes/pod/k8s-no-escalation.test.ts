import rule from "../../../../../policy/rules/kubernetes/pod/k8s-no-escalation";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const escalation = "spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation";

specify(rule, {
  passes: {
    "one that forbids it": around.deployment(one({ securityContext: { allowPrivilegeEscalation: false } })),
    "Windows, which has no such thing": around.deployment(one({}, { os: { name: "windows" } })),
  },
  fails: { "one that says nothing": [around.deployment(one({})), escalation] },
  open: {
    "a context that is not known": [
      around.deployment(one({ securityContext: unknown() })),
      "spec.template.spec.containers[0].securityContext",
    ],
    "a patch, which shows a part alone": [around.patch(one({})), escalation],
  },
});
