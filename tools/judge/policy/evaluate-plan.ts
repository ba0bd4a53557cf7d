import { catalogue, evaluate, type PolicyConfiguration, type PolicyReport } from "../../../policy/index";
import type { Plan } from "../../plan/plan";
import { withItems } from "./items";
import { toResources } from "./resources";

/** Judges a plan by every rule of the pack, in-process. The engine gives the same verdicts with `--policy-pack policy`. */
export function evaluatePlan(plan: Plan, configuration: PolicyConfiguration, { today }: { today: Date }): PolicyReport {
  return withItems(evaluate(toResources(plan), catalogue, { configuration, today }), plan);
}
