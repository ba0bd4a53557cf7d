import { defineRule } from "../../../rule";
import { rollout } from "../types";

export default defineRule({
  id: "k8s-rollout-analysis",
  title: "A canary is measured before it gets more traffic",
  severity: "medium",
  level: "advisory",
  appliesTo: [rollout],
  references: [],
  why: "A canary that nobody measures is a slow release, not a safe one.",
  fix: "Add an analysis: `strategy.canary.analysis`, a step of kind `analysis`, or `prePromotionAnalysis` for blue-green.",
  judge(workload, { fail }) {
    const strategy = workload.get("spec", "strategy");
    const canary = strategy.get("canary");
    if (canary.present) {
      const steps = canary.get("steps").items();
      const measured = steps.some((step) => step.get("analysis").present || step.get("experiment").present);
      if (!measured && canary.get("analysis").absent) fail(canary, "Nothing measures the canary.");
    }
    const blueGreen = strategy.get("blueGreen");
    if (
      blueGreen.present &&
      !blueGreen.get("postPromotionAnalysis").present &&
      blueGreen.get("prePromotionAnalysis").absent
    ) {
      fail(blueGreen, "Nothing measures the new version.");
    }
  },
});
