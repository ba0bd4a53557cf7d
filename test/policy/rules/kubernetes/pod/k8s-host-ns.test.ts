import rule from "../../../../../policy/rules/kubernetes/pod/k8s-host-ns";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

specify(rule, {
  passes: { "a plain pod": around.deployment(one({})) },
  fails: {
    "the node's network": [around.deployment(one({}, { hostNetwork: true })), "spec.template.spec.hostNetwork"],
    "the node's processes beside an unknown": [
      around.cronJob(one({}, { hostNetwork: unknown(), hostPID: true })),
      "spec.jobTemplate.spec.template.spec.hostPID",
    ],
  },
  open: { "a setting that is not known": [around.pod(one({}, { hostIPC: unknown() })), "spec.hostIPC"] },
});
