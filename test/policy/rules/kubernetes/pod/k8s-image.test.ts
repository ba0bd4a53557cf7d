import rule from "../../../../../policy/rules/kubernetes/pod/k8s-image";
import { partly, specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const image = "spec.containers[0].image";

specify(rule, {
  passes: {
    "a tag": around.pod(one({ image: "shop:1" })),
    "a tag of a registry that is not known": around.pod(one({ image: partly("{0}/shop:1", "urn#url") })),
  },
  fails: {
    "no tag": [around.pod(one({ image: "shop" })), image],
    "latest of an init container": [
      around.pod({ initContainers: [{ image: "shop:latest" }] }),
      "spec.initContainers[0].image",
    ],
  },
  open: { "an image that is not known": [around.pod(one({ image: unknown() })), image] },
});
