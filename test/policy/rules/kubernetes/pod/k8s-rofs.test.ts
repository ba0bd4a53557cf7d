import rule from "../../../../../policy/rules/kubernetes/pod/k8s-rofs";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const path = "spec.containers[0].securityContext.readOnlyRootFilesystem";

specify(rule, {
  passes: { "one that cannot write": around.pod(one({ securityContext: { readOnlyRootFilesystem: true } })) },
  fails: { "one that says nothing": [around.pod(one({})), path] },
  open: {
    "a setting that is not known": [around.pod(one({ securityContext: { readOnlyRootFilesystem: unknown() } })), path],
  },
});
