import type { Review } from "../../review/review";
import type { Preview } from "../../review/preview";

/** A preview as the report shows it: the desired state, without a base. */
export function reviewOfPreview({ plan, policies, cost }: Preview): Review {
  return {
    version: 1,
    project: plan.project,
    stack: plan.stack,
    plan,
    policies,
    cost: { after: cost },
    unknowns: ["The live state: this shows what the stack would be, not what changes."],
    run: { number: 0, attempt: 1, commit: "", at: new Date().toISOString() },
    reproduce: `npx slipway preview ${plan.stack}`,
  };
}
