import rule from "../../../../../policy/rules/kubernetes/access/k8s-default-namespace";
import { given, specify, unknown } from "../../../spec";

const pod = (namespace: unknown) => given("kubernetes:core/v1:Pod", { metadata: { namespace }, spec: {} });

specify(rule, {
  passes: { "a namespace": pod("shop"), "a namespace that is not known yet": pod(unknown("urn#metadata")) },
  fails: { none: [pod(undefined), "metadata.namespace"], default: [pod("default"), "metadata.namespace"] },
  open: {
    "a patch that does not say": [
      given("kubernetes:apps/v1:DeploymentPatch", { metadata: { name: "shop" } }),
      "metadata.namespace",
    ],
  },
});
