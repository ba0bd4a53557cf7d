import { bold, dim, green, red, yellow } from "picocolors";
import type { Review } from "../../review/review";
import { judge } from "../../review/verdict";
import { dollars, signedDollars } from "../../judge/cost/money";
import { failing } from "../../judge/policy/report";
import type { PlanResource } from "../../plan/plan";
import { causesOfReplacement, isChange, summarize } from "../../review/changes";
import { componentFinder, resourceLabel, shortType } from "../../plan/urn";
import { formatValue } from "../../plan/values";

/** A review in the terminal: the same order as the comment. */
export function showReview(review: Review): string {
  const { reason, changes, others } = judge(review);
  return [
    [`${bold(review.stack)}  ${plain(changes)}`, ...others.map(plain)].join(" · "),
    ...(reason === undefined ? [] : [`  ${red(plain(reason))}`]),
    ...(review.failure ? ["", indent(review.failure.message)] : []),
    ...destroyedLines(review),
    ...policyLines(review),
    ...costLines(review),
    ...changeLines(review),
    ...(review.plan ? review.unknowns : []).map((unknown) => dim(`  Not known: ${plain(unknown)}`)),
  ].join("\n");
}

function destroyedLines({ plan }: Review): string[] {
  if (!plan) return [];
  const componentOf = componentFinder(plan);
  const lines = summarize(plan)
    .destroyed.filter(({ routine }) => !routine)
    .map(({ resource, lost, refused, retained }) => {
      const what = retained
        ? "stays in the cloud, no longer managed"
        : lost === undefined
          ? "no data"
          : `loses ${lost}`;
      const causes = causesOfReplacement(resource)
        .map(({ path }) => path)
        .slice(0, 3);
      const why = causes.length > 0 ? dim(`  for ${causes.join(", ")}`) : "";
      const verb = resource.operation === "delete" ? "deletes" : "replaces";
      const guard = refused ? yellow("  protected: pulumi up refuses") : "";
      return `  ${red(verb)}  ${resourceLabel(resource, componentOf)} ${dim(shortType(resource.type))}  ${what}${guard}${why}`;
    });
  return lines.length === 0 ? [] : ["", ...lines];
}

function policyLines({ policies }: Review): string[] {
  if (!policies) return [];
  const failed = policies.verdicts.filter(({ outcome }) => outcome === "fail");
  const { counts } = policies;
  const { stopping, advising } = failing(policies);
  return [
    "",
    `  policies  ${counts.pass} passed · ${stopping > 0 ? red(`${stopping} failed`) : "0 failed"} ·${advising > 0 ? ` ${advising} advisory ·` : ""} ${counts.notEvaluated} not evaluated`,
    ...failed.slice(0, 20).map(({ rule, resource, fix }) => `    ${red(rule)}  ${resource.split("::").pop()}  ${fix}`),
  ];
}

function costLines({ cost }: Review): string[] {
  if (!cost || (cost.after.lines.length === 0 && !cost.before?.lines.length)) return [];
  const { before, after } = cost;
  if (!before) return [`  cost      ${dollars(after.monthlyUsd)} a month`];
  return [
    `  cost      ${dollars(before.monthlyUsd)} → ${dollars(after.monthlyUsd)} a month (${signedDollars(after.monthlyUsd - before.monthlyUsd)})`,
  ];
}

const marks: Readonly<Record<string, (text: string) => string>> = {
  create: green,
  update: yellow,
  replace: red,
  delete: red,
};
const signs: Readonly<Record<string, string>> = { create: "+", update: "~", replace: "±", delete: "-", import: "=" };

function changeLines({ plan }: Review): string[] {
  if (!plan) return [];
  const componentOf = componentFinder(plan);
  const changed = plan.resources.filter(
    ({ custom, type, operation }) => custom && !type.startsWith("pulumi:") && isChange(operation),
  );
  if (changed.length === 0) return [];
  const one = (resource: PlanResource) => [
    `  ${(marks[resource.operation] ?? String)(signs[resource.operation] ?? " ")} ${resourceLabel(resource, componentOf)} ${dim(shortType(resource.type))}`,
    ...(resource.changes ?? []).slice(0, 12).map(({ path, before, after, forcesReplacement }) => {
      return `      ${path}  ${formatValue(before, 60)} → ${formatValue(after, 60)}${forcesReplacement ? red("  replaces") : ""}`;
    }),
  ];
  return ["", ...changed.flatMap(one), ""];
}

function plain(markdown: string): string {
  return markdown.replaceAll("**", "");
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}
