import rule from "../../../../../policy/rules/kubernetes/pod/k8s-seccomp";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const profile = (type: unknown) => ({ securityContext: { seccompProfile: { type } } });
const ofPod = "spec.securityContext.seccompProfile.type";

specify(rule, {
  passes: {
    "a pod with the runtime's": around.pod(one({}, profile("RuntimeDefault"))),
    "a container with one of its own": around.pod(one(profile("Localhost"))),
  },
  fails: {
    "a pod that says nothing": [around.pod(one({})), ofPod],
    "a container without": [
      around.pod(one(profile("Unconfined"), profile("RuntimeDefault"))),
      "spec.containers[0].securityContext.seccompProfile.type",
    ],
  },
  open: { "a profile that is not known": [around.pod(one({}, profile(unknown()))), ofPod] },
});
