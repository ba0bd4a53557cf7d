import rule from "../../../../../policy/rules/kubernetes/pod/k8s-image-digest";
import { partly, specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const image = "spec.containers[0].image";
const digest = `sha256:${"e".repeat(64)}`;

specify(rule, {
  passes: {
    "a digest": around.pod(one({ image: `shop@${digest}` })),
    "a digest of a registry that is not known": around.pod(one({ image: partly(`{0}@${digest}`, "urn#url") })),
  },
  fails: { "a tag": [around.pod(one({ image: "shop:1" })), image] },
  open: { "an image that is not known": [around.pod(one({ image: unknown() })), image] },
});
