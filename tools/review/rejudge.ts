import { estimate } from "../judge/cost/estimate";
import { evaluatePlan } from "../judge/policy/evaluate-plan";
import { refusalsOf } from "../judge/refusals/states";
import { lostProtections } from "../judge/relaxed/protections";
import { type Relaxation, relaxation, releasedVerdicts } from "../judge/relaxed/relaxed";
import { hasProject } from "../sources/in-process/project";
import { readStack, stackNames } from "../sources/in-process/stack-file";
import { found } from "./found";
import { guarded } from "./guarded";
import type { Review } from "./review";
import { stackSettings } from "./stack-settings";

/**
 * A review is what the branch says of itself. Here the rules, tools and stack file of the folder, those of the base, judge
 * its plan once more: what they would stop and the review does not say is added, and consequences, prices and guards are
 * theirs. The plan itself stays the branch's word.
 */
export function rejudged(review: Review, projectDir: string, labels: readonly string[]): Review {
  const { plan, stack, policies, cost, relaxed = [] } = review;
  // A stack that is new has no file at the base, and so no configuration that could be weaker.
  if (!plan || !hasProject(projectDir) || !stackNames(projectDir).includes(stack)) return review;
  try {
    const { policies: configuration, assumptions, guards, region } = stackSettings(readStack(projectDir, stack));
    const today = new Date();
    const { verdicts } = evaluatePlan(plan, configuration, { today });
    const released = releasedVerdicts(verdicts, policies?.verdicts ?? [], (urn) => urn.split("::").pop()!);
    const compared = review.failure?.kind !== "base" && plan.source !== "in-process";
    const judged: Review = {
      ...review,
      relaxed: withMore(relaxed, [...(review.deleted ? [] : released), ...lostProtections(plan)]),
      ...(!review.deleted && { findings: found(plan, refusalsOf(plan, configuration, { today }), { compared }) }),
      ...(cost && {
        cost: { ...cost, after: estimate(plan, { region: cost.after.region || region || "", assumptions }) },
      }),
    };
    return guarded(judged, [{ guards }], labels);
  } catch (error) {
    const message = `could not be judged by the base's rules: ${(error as Error).message.split("\n")[0]}`;
    return { ...review, relaxed: [...relaxed, relaxation("guard", stack, message)] };
  }
}

/** Stacks that the folder has and no review speaks of: a branch that says nothing of one hides what it does to it. */
export function unmentioned(reviews: readonly Review[], projectDir: string): string[] {
  if (!hasProject(projectDir)) return [];
  const mentioned = new Set(reviews.map(({ stack }) => stack));
  return stackNames(projectDir).filter((stack) => !mentioned.has(stack));
}

function withMore(relaxed: readonly Relaxation[], more: readonly Relaxation[]): Relaxation[] {
  const identity = ({ kind, subject, message }: Relaxation) => `${kind} ${subject} ${message}`;
  return [...new Map([...relaxed, ...more].map((one) => [identity(one), one])).values()];
}
