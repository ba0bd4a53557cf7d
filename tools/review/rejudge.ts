import { evaluatePlan } from "../judge/policy/evaluate-plan";
import { relaxation, releasedVerdicts } from "../judge/relaxed/relaxed";
import { readStack, stackNames } from "../sources/in-process/stack-file";
import type { Review } from "./review";
import { stackSettings } from "./stack-settings";

/**
 * A review is what the branch says of itself. Here the rules and the stack file of the folder, those of the base, judge
 * its plan once more; what they would stop and the review does not say is added to what the change relaxes.
 */
export function rejudged(review: Review, projectDir: string): Review {
  const { plan, stack, policies, relaxed = [] } = review;
  // A stack that is new has no file at the base, and so no configuration that could be weaker.
  if (!plan || !policies || !stackNames(projectDir).includes(stack)) return review;
  try {
    const configuration = stackSettings(readStack(projectDir, stack)).policies;
    const { verdicts } = evaluatePlan(plan, configuration, { today: new Date() });
    const known = new Set(relaxed.map(({ kind, subject, message }) => `${kind} ${subject} ${message}`));
    const more = releasedVerdicts(verdicts, policies.verdicts, (urn) => urn.split("::").pop()!).filter(
      ({ kind, subject, message }) => !known.has(`${kind} ${subject} ${message}`),
    );
    return { ...review, relaxed: [...relaxed, ...more] };
  } catch (error) {
    const message = `could not be judged by the base's rules: ${(error as Error).message.split("\n")[0]}`;
    return { ...review, relaxed: [...relaxed, relaxation("guard", stack, message)] };
  }
}
