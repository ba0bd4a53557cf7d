import { signedDollars } from "../judge/cost/money";
import { summarize, type Summary } from "./changes";
import { failing, type PolicyReport } from "../judge/policy/report";
import type { Operation } from "../plan/plan";
import type { Review } from "./review";

/** How much a reviewer has to stop for: a red, an amber or no light. */
export type Gravity = "danger" | "attention" | "calm";

export interface Outcome {
  readonly gravity: Gravity;
  /** `replaces 1 (data), changes 6, adds 2`; the worst first. */
  readonly changes: string;
  /** `policies fail 1`, `+$38/month`; empty when there is nothing to say. */
  readonly others: readonly string[];
  /** One sentence on what stands in the way of merging; absent when nothing does. */
  readonly reason?: string;
}

export function judge(review: Review): Outcome {
  const summary = review.plan && summarize(review.plan);
  const failures = review.policies ? failing(review.policies).stopping : 0;
  const { gravity, reason } = weigh(review, summary, failures);
  return { gravity, reason, changes: changesOf(review, summary), others: othersOf(review) };
}

function weigh(review: Review, summary: Summary | undefined, failures: number): Pick<Outcome, "gravity" | "reason"> {
  const destroyed = summary?.destroyed ?? [];
  const losing = destroyed.filter(({ lost }) => lost !== undefined);
  if (review.failure) return { gravity: "danger", reason: failed[review.failure.kind] };
  if (losing.length > 0) {
    // One protected resource is enough: the engine then refuses the whole update.
    const refused = destroyed.filter((one) => one.refused).length;
    const what = `in ${plural(losing.length, "resource")}`;
    const reason =
      refused > 0
        ? `This would lose data ${what}. \`pulumi up\` refuses it as long as ${refused} of what it destroys is protected.`
        : `Deploying this loses data ${what}, and nothing will stop it.`;
    return { gravity: "danger", reason };
  }
  if (failures > 0)
    return {
      gravity: "danger",
      reason: `${plural(failures, "mandatory policy", "mandatory policies")} would stop the deployment.`,
    };
  if (destroyed.some(({ routine }) => !routine))
    return { gravity: "attention", reason: "Resources are deleted or replaced. None of them is known to hold data." };
  return { gravity: "calm" };
}

const failed = {
  settings: "The settings are wrong, so there is nothing to preview. Nothing was created.",
  program: "The program failed before its end: what follows is incomplete.",
  provider: "A provider refused part of this: what follows is incomplete.",
  policy: "The policies could not be evaluated.",
  base: "The base could not be previewed, so there is nothing to compare with: everything is shown as new.",
  cancelled: "The preview was cancelled: what follows is incomplete.",
} as const;

function changesOf(review: Review, summary: Summary | undefined): string {
  if (!summary) return "has no preview";
  const { counts, destroyed } = summary;
  const dataIn = (operation: Operation) =>
    destroyed.some(({ lost, resource }) => lost !== undefined && resource.operation === operation) ? " (data)" : "";
  const revisions = destroyed.filter(({ routine, lost }) => routine && lost === undefined).length;
  const replaced = counts.replace - revisions;
  const parts = [
    counts.delete && `**deletes ${counts.delete}${dataIn("delete")}**`,
    replaced && `**replaces ${replaced}${dataIn("replace")}**`,
    revisions && plural(revisions, "new revision"),
    counts.update && `changes ${counts.update}`,
    counts.create && `adds ${counts.create}`,
    counts.import && `imports ${counts.import}`,
  ].filter((part) => part !== 0);
  if (parts.length > 0) return parts.join(", ");
  return review.failure ? "has no complete preview" : "changes nothing";
}

function othersOf({ policies, policiesBefore, cost }: Review): string[] {
  const rules = (report: PolicyReport | undefined) =>
    new Set(report?.verdicts.filter(({ outcome }) => outcome === "fail").map(({ rule }) => rule));
  const mandatory = policies ? failing(policies).stopping : 0;
  const before = rules(policiesBefore);
  const advice = [...rules(policies)].filter((rule) => !before.has(rule)).length;
  return [
    mandatory > 0 ? `**policies fail ${mandatory}**` : "",
    mandatory === 0 && advice > 0 ? `policies advise against ${advice}` : "",
    cost?.before ? `${signedDollars(cost.after.monthlyUsd - cost.before.monthlyUsd)}/month` : "",
  ].filter((part) => part !== "");
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
