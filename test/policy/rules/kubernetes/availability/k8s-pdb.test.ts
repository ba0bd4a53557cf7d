import rule from "../../../../../policy/rules/kubernetes/availability/k8s-pdb";
import { specify, unknown } from "../../../spec";
import { around, beside, one } from "../workloads";

const workload = around.deployment(one({}), { replicas: 3 });
const scaled = around.deployment(one({}));
const budget = (spec: Record<string, unknown>) =>
  beside("kubernetes:policy/v1:PodDisruptionBudget", {
    selector: { matchLabels: { app: "shop" } },
    maxUnavailable: 1,
    ...spec,
  });
const scaler = beside("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
  scaleTargetRef: { kind: "Deployment", name: "shop" },
  minReplicas: 2,
});

specify(rule, {
  passes: {
    "replicas with a budget": [workload, budget({})],
    "one replica, which no budget can keep": around.deployment(one({}), { replicas: 1 }),
  },
  fails: {
    "replicas without": [workload, "spec"],
    "replicas of an autoscaler": [[scaled, scaler], "spec"],
    "a budget for others": [[workload, budget({ selector: { matchLabels: { app: "blog" } } })], "spec"],
    "a budget that blocks every drain": [[workload, budget({ maxUnavailable: 0 })], "spec"],
  },
  open: { "replicas that are not known": [around.deployment(one({}), { replicas: unknown() }), "spec.replicas"] },
});
