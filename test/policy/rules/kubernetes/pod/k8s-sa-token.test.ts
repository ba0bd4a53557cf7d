import { deepEqual } from "node:assert/strict";

import { remediationsOf } from "../../../../../policy/evaluate";
import rule from "../../../../../policy/rules/kubernetes/pod/k8s-sa-token";
import { given, specify, unknown } from "../../../spec";
import { around, borrowing, one } from "../workloads";

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
    "a default account that gives none": [
      around.deployment(one({})),
      account({ metadata: { name: "default", namespace: "production" }, automountServiceAccountToken: false }),
    ],
  },
  fails: {
    "a pod that says nothing": [around.deployment(one({})), mount],
    "an account that says nothing": [[named, account({})], mount],
    "an account of that name in another namespace": [
      [named, account({ metadata: { name: "shop", namespace: "staging" }, automountServiceAccountToken: false })],
      mount,
    ],
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

describe("k8s-sa-token, as a repair", () => {
  it("takes the token from pods of the default account, of every kind", () => {
    deepEqual(remediationsOf(rule, around.deployment(one({}))), [{ property: mount, value: false }]);
    deepEqual(remediationsOf(rule, around.cronJob(one({}, { serviceAccountName: "default" }))), [
      { property: "spec.jobTemplate.spec.template.spec.automountServiceAccountToken", value: false },
    ]);
    deepEqual(remediationsOf(rule, around.pod(one({}))), [
      { property: "spec.automountServiceAccountToken", value: false },
    ]);
  });

  it("leaves pods alone that may need theirs, or of which that is not known", () => {
    for (const pod of [
      { serviceAccountName: "operator" },
      { serviceAccountName: unknown() },
      { automountServiceAccountToken: true },
      { automountServiceAccountToken: unknown() },
    ]) {
      deepEqual(remediationsOf(rule, around.deployment(one({}, pod))), []);
    }
    deepEqual(remediationsOf(rule, around.patch(one({}))), []);
    deepEqual(remediationsOf(rule, borrowing), []);
  });
});
