import rule from "../../../../../policy/rules/kubernetes/pod/k8s-drop-all";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const capabilities = (value: unknown) => around.pod(one({ securityContext: { capabilities: value } }));
const path = "spec.containers[0].securityContext.capabilities";

specify(rule, {
  passes: {
    "one that gives up all": capabilities({ drop: ["ALL"] }),
    "one that binds port 80": capabilities({ drop: ["ALL"], add: ["NET_BIND_SERVICE"] }),
  },
  fails: {
    "one that says nothing": [around.pod(one({})), `${path}.drop`],
    "one that gives up some": [capabilities({ drop: ["NET_RAW"] }), `${path}.drop`],
    "one that gains one": [capabilities({ drop: unknown(), add: ["SYS_ADMIN"] }), `${path}.add[0]`],
  },
  open: { "a list that is not known": [capabilities({ drop: unknown() }), `${path}.drop`] },
});
