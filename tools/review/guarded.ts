import type { Guards } from "../../stacks/settings/sections/guards";
import { costDifference } from "../judge/cost/difference";
import { type CrossedGuard, crossedGuards, type GuardedChange } from "../judge/guards/guards";
import { isCertain } from "../judge/relaxed/relaxed";
import { summarize } from "./changes";
import type { Review } from "./review";

/**
 * The review with what the guards do not let it do. Each of several has its say, the base's and the branch's: a branch may
 * tighten its guards, and cannot loosen those that judge it.
 */
export function guarded(review: Review, guards: readonly Guards[], labels: readonly string[]): Review {
  const change = changeOf(review);
  const crossed = new Map<string, CrossedGuard>();
  for (const one of guards.flatMap((own) => crossedGuards(change, own, labels)))
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
    ...(difference && { increaseUsd: difference.monthlyUsd }),
    outages: consequences.filter(({ severity }) => severity === "outage").map(({ lasts }) => lasts ?? "minutes"),
    losses:
      consequences.filter(({ severity }) => severity === "data").length +
      lost.filter((one) => one.lost !== undefined || one.startsEmpty).length,
    relaxed: relaxed.filter(isCertain).length,
  };
}
