import rule from "../../../../../policy/rules/kubernetes/pod/k8s-sa-token";
import { given, specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const mount = "spec.template.spec.automountServiceAccountToken";
const account = (properties: Record<string, unknown>) =>
  given(
    "kubernetes:core/v1:ServiceAccount",
    { metadata: { name: "shop", namespace: "production" }, ...properties },
    { name: "account" },
  );
const named = around.deployment(one({}, { serviceAccountName: "shop" }));

specify(rule, {
  passes: {
    "a pod that wants none": around.deployment(one({}, { automountServiceAccountToken: false })),
    "an account that gives none": [named, account({ automountServiceAccountToken: false })],
  },
  fails: {
    "a pod that says nothing": [around.deployment(one({})), mount],
    "an account that says nothing": [[named, account({})], mount],
    "a pod that overrides its account": [
      [
        around.deployment(one({}, { serviceAccountName: "shop", automountServiceAccountToken: true })),
        account({ automountServiceAccountToken: false }),
      ],
      mount,
    ],
  },
  open: {
    "a setting that is not known": [around.deployment(one({}, { automountServiceAccountToken: unknown() })), mount],
  },
});
