import { consequencesOf } from "../judge/refusals/changes";
import type { FindingReport } from "../judge/refusals/finding";
import type { Plan } from "../plan/plan";

/**
 * What a change would do, over what the target refuses of the state it leads to. What could not be judged is said of the
 * resources that change; of the others it stands under every review, and nobody reads it.
 */
export function found(plan: Plan, states: FindingReport, { compared = true } = {}): FindingReport {
  const changed = new Set(plan.resources.filter(({ operation }) => operation !== "same").map(({ urn }) => urn));
  return {
    ...states,
    findings: [...(compared ? consequencesOf(plan) : []), ...states.findings],
    notEvaluated: states.notEvaluated.filter(({ urn }) => urn === undefined || changed.has(urn)),
  };
}
