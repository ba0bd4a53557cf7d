import type { Guards } from "../../stacks/settings/sections/guards";
import { costDifference } from "../judge/cost/difference";
import type { CostChange, CostReport } from "../judge/cost/report";
import { type CrossedGuard, crossedGuards, type GuardedChange } from "../judge/guards/guards";
import { isCertain } from "../judge/relaxed/relaxed";
import { summarize } from "./changes";
import type { Review } from "./review";

/** Guards of a stack file. */
export interface GuardsOf {
  readonly guards: Guards;
  /** By the assumptions of the same file. Default: the review's. */
  readonly cost?: CostChange;
}

/**
 * The review with what the guards do not let it do. Each of several has its say, the base's and the branch's: a branch may
 * tighten its guards, and cannot loosen those that judge it, nor what they are measured by.
 */
export function guarded(review: Review, several: readonly GuardsOf[], labels: readonly string[]): Review {
  const crossed = new Map<string, CrossedGuard>();
  for (const { guards, cost = review.cost } of several)
    for (const one of crossedGuards(changeOf({ ...review, cost }), guards, labels))
      if (!crossed.has(one.guard)) crossed.set(one.guard, one);
  const { guards: _, ...rest } = review;
  return crossed.size === 0 ? rest : { ...rest, guards: [...crossed.values()] };
}

function changeOf(review: Review): GuardedChange {
  const { cost, plan, findings, relaxed = [] } = review;
  const difference = cost && costDifference(cost, plan);
  const consequences = findings?.findings ?? [];
  const lost = plan && review.failure?.kind !== "base" ? summarize(plan).destroyed : [];
  return {
    monthlyUsd: cost && cost.after.unpriced.length > 0 ? undefined : (cost?.after.monthlyUsd ?? 0),
    ...(cost?.after.mostUsd !== undefined && { mostUsd: cost.after.mostUsd }),
    ...(difference && { increaseUsd: difference.monthlyUsd, mostIncreaseUsd: cost && mostIncrease(cost) }),
    outages: consequences.filter(({ severity }) => severity === "outage").map(({ lasts }) => lasts ?? "minutes"),
    losses:
      consequences.filter(({ severity }) => severity === "data").length +
      lost.filter((one) => one.lost !== undefined || one.startsEmpty).length,
    relaxed: relaxed.filter(isCertain).length,
  };
}

function mostIncrease({ before, after }: CostChange): number | undefined {
  const most = ({ monthlyUsd, mostUsd = monthlyUsd }: CostReport) => mostUsd;
  return before && most(after) - most(before);
}
