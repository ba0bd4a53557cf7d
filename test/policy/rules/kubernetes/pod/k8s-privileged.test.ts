import rule from "../../../../../policy/rules/kubernetes/pod/k8s-privileged";
import { specify, unknown } from "../../../spec";
import { around, borrowing, one } from "../workloads";

const privileged = { securityContext: { privileged: true } };
const path = "containers[0].securityContext.privileged";

specify(rule, {
  passes: {
    "a plain pod": around.pod(one({})),
    "a rollout of somebody else's pods": borrowing,
    "a patch that does not touch it": around.patch(one({})),
  },
  fails: {
    "a pod": [around.pod(one(privileged)), `spec.${path}`],
    "a deployment": [around.deployment(one(privileged)), `spec.template.spec.${path}`],
    "an old deployment": [around.oldDeployment(one(privileged)), `spec.template.spec.${path}`],
    "a patch": [around.patch(one(privileged)), `spec.template.spec.${path}`],
    "a job": [around.job(one(privileged)), `spec.template.spec.${path}`],
    "a cron job": [around.cronJob(one(privileged)), `spec.jobTemplate.spec.template.spec.${path}`],
    "a stateful set": [around.statefulSet(one(privileged)), `spec.template.spec.${path}`],
    "a rollout": [around.rollout(one(privileged)), `spec.template.spec.${path}`],
    "an init container": [
      around.pod({ containers: [], initContainers: [privileged] }),
      "spec.initContainers[0].securityContext.privileged",
    ],
    "an ephemeral container": [
      around.pod({ ephemeralContainers: [privileged] }),
      "spec.ephemeralContainers[0].securityContext.privileged",
    ],
    "one beside an unknown": [
      around.pod({ containers: [{ securityContext: unknown() }, privileged] }),
      "spec.containers[1].securityContext.privileged",
    ],
    "all of /proc": [
      around.pod(one({ securityContext: { procMount: "Unmasked" } })),
      "spec.containers[0].securityContext.procMount",
    ],
  },
  open: {
    "a context that is not known": [
      around.pod(one({ securityContext: unknown() })),
      "spec.containers[0].securityContext",
    ],
  },
});
