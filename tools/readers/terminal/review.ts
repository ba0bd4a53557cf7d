import { bold, dim, green, red, yellow } from "picocolors";
import { costDifference } from "../../judge/cost/difference";
import { dollars, signedDollars, signedPercent } from "../../judge/cost/money";
import { failing } from "../../judge/policy/report";
import { bySeverity } from "../../judge/refusals/finding";
import { isCreated, type PlanResource } from "../../plan/plan";
import { componentFinder, resourceLabel, typeLabel } from "../../plan/urn";
import { formatValue } from "../../plan/values";
import { causesOfReplacement, type Destroyed, isChange, summarize } from "../../review/changes";
import { lossOf, startsEmpty } from "../../review/losses";
import { failuresOf } from "../../review/failures";
import { renames } from "../../review/renames";
import { comparedCost, type Review } from "../../review/review";
import { listed, together } from "../../review/together";
import { judge } from "../../review/verdict";
import { warningsOf } from "../../review/warnings";
import { safe, safeLines } from "./safe";

/** A review in the terminal: the same order as the comment, and nothing that only one of the two says. */
export function showReview(review: Review): string {
  const { reasons, changes, others } = judge(review);
  const compared = review.failure?.kind === "base" ? { ...review, plan: undefined } : review;
  return [
    [`${bold(safe(review.stack))}  ${plain(changes)}`, ...others.map(plain)].join(" · "),
    ...reasons.map((reason) => `  ${red(plain(reason))}`),
    ...(review.failure ? ["", indent(safeLines(review.failure.message))] : []),
    ...relaxedLines(review),
    ...findingLines(review),
    ...destroyedLines(compared),
    ...renameLines(compared),
    ...settingLines(review),
    ...policyLines(review),
    ...costLines(compared),
    ...changeLines(compared),
    ...warningLines(review),
    ...(review.plan ? review.unknowns : []).map((unknown) => dim(`  Not known: ${plain(unknown)}`)),
  ].join("\n");
}

const mostWarnings = 50;

function warningLines(review: Review): string[] {
  const warnings = warningsOf(review);
  const lines = warnings
    .slice(0, mostWarnings)
    .map(({ urn, message }) => `${urn === undefined ? "" : `${label(review)(urn)} `}${plain(message)}`);
  const rest = warnings.length - lines.length;
  return [...lines, ...(rest > 0 ? [`… and ${rest} more`] : [])].map((line) => yellow(`  Warning: ${line}`));
}

function label({ plan }: Review): (urn: string) => string {
  const byUrn = new Map((plan?.resources ?? []).map((resource) => [resource.urn, resource]));
  const componentOf = plan && componentFinder(plan);
  return (urn) => {
    const resource = byUrn.get(urn);
    return resource && componentOf ? named(resource, componentOf) : safe(urn.split("::").pop()!);
  };
}

function named(resource: PlanResource, componentOf: (resource: PlanResource) => PlanResource): string {
  return `${safe(resourceLabel(resource, componentOf))} ${dim(safe(typeLabel(resource.type)))}`;
}

function relaxedLines(review: Review): string[] {
  const { relaxed = [] } = review;
  if (relaxed.length === 0) return [];
  const subject = (kind: string, text: string) => (kind === "protection" ? label(review)(text) : safe(text));
  return [
    "",
    `  ${bold("Relaxed by this change")}`,
    ...limited(
      together(relaxed, ({ kind, message }) => `${kind} ${message}`).map((same) => {
        const [{ kind, message }] = same;
        return `    ${red(kind)}  ${listed(
          same.map((one) => subject(kind, one.subject)),
          12,
        )}  ${safe(message)}`;
      }),
      40,
    ),
  ];
}

function findingLines(review: Review): string[] {
  const { findings = [], notEvaluated = [] } = review.findings ?? {};
  if (findings.length + notEvaluated.length === 0) return [];
  const where = ({ urn, setting }: { readonly urn?: string; readonly setting?: string }) =>
    [setting && safe(setting), urn && label(review)(urn)].filter(Boolean).join(", ");
  return [
    "",
    ...together([...findings].sort(bySeverity), ({ id, message }) => `${id} ${message}`).flatMap((same) => {
      const [one] = same;
      return [
        `  ${(one.severity === "harmless" ? dim : red)(one.severity)}  ${listed(same.map(where))}  ${safe(one.message)}`,
        dim(`      ${safe(one.remedy)}  ${safe(one.link)}`),
      ];
    }),
    ...notEvaluated.map((one) => dim(`  not evaluated  ${safe(one.id)}  ${where(one)}  ${safe(one.reason)}`)),
  ];
}

function destroyedLines({ plan }: Review): string[] {
  if (!plan) return [];
  const componentOf = componentFinder(plan);
  const lines = summarize(plan)
    .destroyed.filter(({ routine }) => !routine)
    .map((one) => {
      const { resource, refused } = one;
      const causes = causesOfReplacement(resource)
        .map(({ path }) => safe(path))
        .slice(0, 3);
      const why = causes.length > 0 ? dim(`  for ${causes.join(", ")}`) : "";
      const verb = resource.operation === "delete" ? "deletes" : "replaces";
      const guard = refused ? yellow("  protected: pulumi up refuses") : "";
      return `  ${red(verb)}  ${named(resource, componentOf)}  ${loss(one)}${guard}${why}`;
    });
  return lines.length === 0 ? [] : ["", ...limited(lines, 60)];
}

function loss(one: Destroyed): string {
  return [one.startsEmpty ? startsEmpty : "", lossOf(one)].filter((part) => part !== "").join("; ");
}

function renameLines({ plan, deleted }: Review): string[] {
  const found = plan && !deleted ? renames(plan) : [];
  return limited(
    found.map(
      ({ before, after, alias }) =>
        `  ${yellow("renamed?")}  ${safe(before.name)} is now ${safe(after.name)}: with ${bold(safe(alias))} nothing is destroyed`,
    ),
    10,
  );
}

function settingLines({ settings = [], stack }: Review): string[] {
  if (settings.length === 0) return [];
  return [
    "",
    ...settings.slice(0, 40).map(({ key, before, after, encrypted }) => {
      const values =
        encrypted && before === after
          ? "encrypted again: whether its value changed is unknown without the key"
          : `${safe(before ?? "(not set)")} → ${safe(after ?? "(not set)")}`;
      return `  ${yellow("edited")}  Pulumi.${safe(stack)}.yaml ${safe(key)}  ${values}`;
    }),
  ];
}

function policyLines(review: Review): string[] {
  const { policies } = review;
  if (!policies || review.deleted) return [];
  const { counts } = policies;
  const { stopping, advising } = failing(policies);
  const { fresh, standing } = failuresOf(review);
  return [
    "",
    `  policies  ${counts.pass} passed · ${stopping > 0 ? red(`${stopping} failed`) : "0 failed"} ·${advising > 0 ? ` ${advising} advisory ·` : ""} ${counts.notEvaluated} not evaluated`,
    ...limited(
      fresh.map(
        ({ rule, resource, message, fix }) =>
          `    ${red(safe(rule))}  ${label(review)(resource)}  ${plain(message)} ${dim(plain(fix))}`,
      ),
      40,
    ),
    ...(standing.length > 0
      ? [dim(`    failed on the base already: ${[...new Set(standing.map(({ rule }) => safe(rule)))].join(", ")}`)]
      : []),
  ];
}

function costLines(review: Review): string[] {
  const { plan, deleted } = review;
  const cost = comparedCost(review);
  if (!cost) return [];
  const { before, after } = cost;
  if ([before, after].every((report) => !report || report.lines.length + report.unpriced.length === 0)) return [];
  if (deleted && before)
    return [`  cost      ${dollars(before.monthlyUsd)} a month today, and on until it is destroyed`];
  const difference = costDifference(cost, plan);
  const missing = after.unpriced.length > 0 ? ` and ${after.unpriced.length} without a price` : "";
  if (!difference) return [`  cost      ${dollars(after.monthlyUsd)} a month${missing}`];
  if (difference.monthlyUsd === undefined) {
    return [
      `  cost      the difference is not known: no price for`,
      ...limited(
        difference.unknown.map(({ urn, reason }) => `    ${safe(urn.split("::").pop()!)}  ${safe(reason)}`),
        20,
      ),
    ];
  }
  const percent =
    difference.percent === undefined || difference.monthlyUsd === 0 ? "" : `, ${signedPercent(difference.percent)}`;
  const most =
    after.mostUsd === undefined || missing !== "" ? "" : `, up to ${dollars(after.mostUsd)} with the most replicas`;
  return [
    `  cost      ${dollars(difference.before)} → ${dollars(difference.after)} a month (${signedDollars(difference.monthlyUsd)}${percent})${missing}${most}`,
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
  const changed = plan.resources.filter((resource) => isCreated(resource) && isChange(resource.operation));
  if (changed.length === 0) return [];
  const one = (resource: PlanResource) => [
    `  ${(marks[resource.operation] ?? String)(signs[resource.operation] ?? " ")} ${named(resource, componentOf)}`,
    ...(resource.changes ?? []).slice(0, 12).map(({ path, before, after, forcesReplacement }) => {
      return `      ${forcesReplacement ? red("replaces  ") : ""}${safe(path)}  ${safe(formatValue(before, 60))} → ${safe(formatValue(after, 60))}`;
    }),
  ];
  return [
    "",
    ...limited(
      changed.map((resource) => one(resource).join("\n")),
      300,
    ),
    "",
  ];
}

function limited(lines: readonly string[], most: number): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), dim(`    … and ${lines.length - most} more`)];
}

function plain(markdown: string): string {
  return safe(markdown.replaceAll("**", ""));
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}
