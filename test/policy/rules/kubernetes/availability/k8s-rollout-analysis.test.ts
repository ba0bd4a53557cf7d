import rule from "../../../../../policy/rules/kubernetes/availability/k8s-rollout-analysis";
import { specify, unknown } from "../../../spec";
import { around, one } from "../workloads";

const rollout = (strategy: unknown) => around.rollout(one({}), { strategy });

specify(rule, {
  passes: {
    "a canary that is measured": rollout({
      canary: { analysis: { templates: [{ templateName: "errors" }] }, steps: [{ setWeight: 10 }] },
    }),
    "a step that measures": rollout({ canary: { steps: [{ setWeight: 10 }, { analysis: { templates: [] } }] } }),
    "blue-green that is measured": rollout({ blueGreen: { prePromotionAnalysis: { templates: [] } } }),
  },
  fails: {
    "a canary that waits": [
      rollout({ canary: { steps: [{ setWeight: 10 }, { pause: { duration: "5m" } }] } }),
      "spec.strategy.canary",
    ],
    "blue-green on trust": [rollout({ blueGreen: { activeService: "shop" } }), "spec.strategy.blueGreen"],
  },
  open: { "steps that are not known": [rollout({ canary: { steps: unknown() } }), "spec.strategy.canary.steps"] },
});
