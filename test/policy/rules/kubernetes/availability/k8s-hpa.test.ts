import rule from "../../../../../policy/rules/kubernetes/availability/k8s-hpa";
import { given, specify, unknown } from "../../../spec";
import { around, beside, one } from "../workloads";

const workload = around.deployment(one({}));
const scaler = (spec: Record<string, unknown>) =>
  beside("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
    scaleTargetRef: { kind: "Deployment", name: "shop" },
    minReplicas: 2,
    ...spec,
  });

specify(rule, {
  passes: {
    "a workload with an autoscaler": [workload, scaler({})],
    "an autoscaler by what it depends on": [
      workload,
      given(
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        { spec: { scaleTargetRef: { kind: "Deployment", name: unknown() }, minReplicas: 2 } },
        { name: "hpa", references: { spec: [workload.urn] } },
      ),
    ],
    "one of KEDA": [
      workload,
      beside("kubernetes:keda.sh/v1alpha1:ScaledObject", { scaleTargetRef: { name: "shop" }, minReplicaCount: 2 }),
    ],
    "one that is recreated": around.deployment(one({}), { strategy: { type: "Recreate" } }),
  },
  fails: {
    "no autoscaler": [workload, "spec.replicas"],
    "one of another kind": [[workload, scaler({ scaleTargetRef: { kind: "Rollout", name: "shop" } })], "spec.replicas"],
    "one of KEDA that may leave none": [
      [workload, beside("kubernetes:keda.sh/v1alpha1:ScaledObject", { scaleTargetRef: { name: "shop" } })],
      "spec.replicas",
    ],
    "one that may leave one replica": [[workload, scaler({ minReplicas: 1 })], "spec.replicas"],
  },
  open: {
    "a name that is not known": [
      [workload, scaler({ scaleTargetRef: { kind: "Deployment", name: unknown() } })],
      "spec.scaleTargetRef.name",
    ],
  },
});
