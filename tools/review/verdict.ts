import { costDifference } from "../judge/cost/difference";
import { signedDollars } from "../judge/cost/money";
import { failing, type PolicyReport } from "../judge/policy/report";
import { isCertain } from "../judge/relaxed/relaxed";
import type { Operation } from "../plan/plan";
import { type Destroyed, summarize, type Summary } from "./changes";
import { comparedCost, type Review } from "./review";

/** How much a reviewer has to stop for: a red, an amber or no light. */
export type Gravity = "danger" | "attention" | "calm";

export interface Outcome {
  readonly gravity: Gravity;
  /** `replaces 1 (data), changes 6, adds 2`; the worst first. */
  readonly changes: string;
  /** `policies fail 1`, `+$38/month`; empty when there is nothing to say. */
  readonly others: readonly string[];
  /** What stands in the way of merging, a sentence each, the worst first; empty when nothing does. */
  readonly reasons: readonly string[];
}

interface Reason {
  readonly gravity: Gravity;
  readonly sentence: string;
}

export function judge(review: Review): Outcome {
  const summary = review.plan && summarize(review.plan);
  const reasons = reasonsOf(review, summary);
  return {
    gravity: reasons.some(({ gravity }) => gravity === "danger") ? "danger" : reasons.length > 0 ? "attention" : "calm",
    reasons: reasons.map(({ sentence }) => sentence),
    changes: changesOf(review, summary),
    others: othersOf(review),
  };
}

function reasonsOf(review: Review, summary: Summary | undefined): Reason[] {
  const destroyed = summary?.destroyed ?? [];
  const found = [
    review.failure && danger(failed[review.failure.kind]),
    review.deleted && danger(stackDeleted),
    ...relaxations(review),
    ...guards(review),
    ...findings(review),
    // Without a base there is nothing that could be lost by comparison with it.
    ...(review.failure?.kind === "base" ? [] : data(destroyed)),
    policies(review),
  ].filter((reason): reason is Reason => typeof reason === "object");
  const unknown = destroyed.filter(({ mayHoldData }) => mayHoldData).length;
  if (unknown > 0 && review.failure?.kind !== "base")
    found.push(
      attention(
        `${plural(unknown, "resource")} would be deleted or replaced of which it is not known here whether ${unknown === 1 ? "it holds" : "they hold"} data.`,
      ),
    );
  if (found.length > 0 || !destroyed.some(({ routine }) => !routine)) return found;
  return [attention("Resources are deleted or replaced. None of them is known to hold data.")];
}

const failed = {
  settings: "The settings are wrong, so there is nothing to preview. Nothing was created.",
  program: "The program fails: this stack cannot be previewed or deployed.",
  provider: "A provider refused part of this: what follows is incomplete.",
  policy: "The policies could not be evaluated.",
  base: "The base could not be previewed, so there is nothing to compare with: what changes is not known.",
  cancelled: "The preview was cancelled: what follows is incomplete.",
} as const;

const stackDeleted =
  "The stack file is deleted: this is shown as the destroy of the whole stack. Merging alone destroys nothing; what runs goes on running, and costing, unmanaged.";

function relaxations({ relaxed = [] }: Review): Reason[] {
  const certain = relaxed.filter(isCertain).filter(({ kind }) => kind !== "stack").length;
  const edits = relaxed.length - relaxed.filter(isCertain).length;
  return [
    ...(certain > 0 ? [danger(`This change relaxes ${plural(certain, "guard rail")} that judged it until now.`)] : []),
    ...(edits > 0
      ? [
          attention(
            `This change edits ${plural(edits, "file")} that ${edits === 1 ? "decides" : "decide"} how changes are judged: read ${edits === 1 ? "it" : "them"} first.`,
          ),
        ]
      : []),
  ];
}

function guards({ guards = [] }: Review): Reason[] {
  return guards.map(({ guard, message, label }) =>
    danger(
      `${message} ${label === undefined ? "No label lifts" : `The label \`${label}\` lifts`} \`slipway:guards.${guard}\`.`,
    ),
  );
}

function findings({ findings }: Review): Reason[] {
  const count = (severity: string) => findings?.findings.filter((one) => one.severity === severity).length ?? 0;
  const [refused, lost, outage] = [count("refused"), count("data"), count("outage")];
  return [
    ...(refused > 0 ? [danger(`The target would refuse ${plural(refused, "part")} of this.`)] : []),
    ...(lost > 0 ? [danger(`This would lose data or restore points in ${plural(lost, "place")}.`)] : []),
    ...(outage > 0 ? [attention(`This would interrupt the site in ${plural(outage, "place")}.`)] : []),
  ];
}

function data(destroyed: readonly Destroyed[]): Reason[] {
  const losing = destroyed.filter(({ lost }) => lost !== undefined);
  const empty = destroyed.filter(({ startsEmpty, lost }) => startsEmpty && lost === undefined);
  const left = destroyed.filter(({ leftBehind, startsEmpty }) => leftBehind !== undefined && !startsEmpty);
  // One protected resource is enough: the engine then refuses the whole update.
  const refused = destroyed.filter((one) => one.refused).length;
  const what = `in ${plural(losing.length, "resource")}`;
  return [
    ...(losing.length === 0
      ? []
      : refused > 0
        ? [
            danger(
              `This would lose data ${what}. \`pulumi up\` refuses it as long as ${refused} of what it destroys is protected.`,
            ),
          ]
        : [danger(`Deploying this loses data ${what}, and nothing will stop it.`)]),
    ...(empty.length === 0
      ? []
      : [
          danger(
            `The application would start on ${empty.length === 1 ? "an empty one" : `${empty.length} empty ones`}: what holds the data stays in the cloud, unmanaged.`,
          ),
        ]),
    ...(left.length === 0
      ? []
      : [attention(`${plural(left.length, "resource")} with data would stay in the cloud, unmanaged.`)]),
    ...(refused > 0 && losing.length === 0
      ? [danger(`\`pulumi up\` refuses this: ${plural(refused, "protected resource")} would be deleted or replaced.`)]
      : []),
  ];
}

function policies({ policies }: Review): Reason | undefined {
  const stopping = policies ? failing(policies).stopping : 0;
  if (stopping === 0) return undefined;
  return danger(`${plural(stopping, "mandatory policy", "mandatory policies")} would stop the deployment.`);
}

function danger(sentence: string): Reason {
  return { gravity: "danger", sentence };
}

function attention(sentence: string): Reason {
  return { gravity: "attention", sentence };
}

function changesOf(review: Review, summary: Summary | undefined): string {
  if (!summary) return "has no preview";
  // Counts against nothing would call everything new.
  if (review.failure?.kind === "base") return "cannot be compared with its base";
  const { counts, destroyed } = summary;
  const dataIn = (operation: Operation) =>
    destroyed.some(
      ({ lost, startsEmpty, resource }) => (lost !== undefined || startsEmpty) && resource.operation === operation,
    )
      ? " (data)"
      : "";
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
  if (review.failure) return "has no complete preview";
  const anew = review.settings?.filter(({ encrypted }) => encrypted).length ?? 0;
  return anew > 0 ? `changes ${plural(anew, "encrypted setting")} and no resource` : "changes nothing";
}

function othersOf(review: Review): string[] {
  const { policies, policiesBefore, plan, relaxed = [], guards = [], findings } = review;
  const cost = comparedCost(review);
  const rules = (report: PolicyReport | undefined) =>
    new Set(report?.verdicts.filter(({ outcome }) => outcome === "fail").map(({ rule }) => rule));
  const mandatory = policies ? failing(policies).stopping : 0;
  const before = rules(policiesBefore);
  const advice = [...rules(policies)].filter((rule) => !before.has(rule)).length;
  const weaker = relaxed.filter(isCertain).length;
  const refused = findings?.findings.filter(({ severity }) => severity === "refused").length ?? 0;
  return [
    weaker > 0 ? `**relaxes ${weaker}**` : "",
    guards.length > 0 ? `**guards crossed ${guards.length}**` : "",
    refused > 0 ? `**refused ${refused}**` : "",
    mandatory > 0 ? `**policies fail ${mandatory}**` : "",
    mandatory === 0 && advice > 0 ? `policies advise against ${advice}` : "",
    cost ? costOf(cost, plan, review.deleted === true) : "",
  ].filter((part) => part !== "");
}

function costOf(cost: NonNullable<Review["cost"]>, plan: Review["plan"], deleted: boolean): string {
  const difference = costDifference(cost, plan);
  if (!difference || deleted) return "";
  return difference.monthlyUsd === undefined ? "cost not known" : `${signedDollars(difference.monthlyUsd)}/month`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
