import { costDifference, type CostDifference } from "../../../judge/cost/difference";
import { dollars, signedDollars, signedPercent } from "../../../judge/cost/money";
import type { CostChange, CostReport, Unpriced } from "../../../judge/cost/report";
import { groupBy } from "../../../../components/shared/group";
import type { Plan } from "../../../plan/plan";
import { typeLabel } from "../../../plan/urn";
import { comparedCost } from "../../../review/review";
import { code, details, prose, table } from "../markdown";
import { labels, limited, type SectionOf } from "../section";

export const cost: SectionOf = (review) => {
  const { plan, deleted } = review;
  const change = comparedCost(review);
  if (!change) return undefined;
  const { before, after } = change;
  if ([before, after].every((report) => !report || report.lines.length + report.unpriced.length === 0))
    return undefined;
  const difference = costDifference(change, plan);
  if (deleted && before) return { name: "the cost", sizes: [stillRunning(before)] };
  const head = `${headline(change, difference)}${range(after)}`;
  return {
    name: "the cost by component",
    sizes: [
      [head, unpriced(change, difference, plan), breakdown(change, difference)]
        .filter((part) => part !== "")
        .join("\n\n"),
      head,
    ],
  };
};

/** Nobody saves anything by removing a file. */
function stillRunning(before: CostReport): string {
  return `**Cost** ${total(before)} a month today, and on until it is destroyed`;
}

function headline({ after }: CostChange, difference: CostDifference | undefined): string {
  if (!difference) return `**Cost** ${total(after)} a month`;
  if (difference.monthlyUsd === undefined) {
    const names = [...new Set(difference.unknown.map(({ type }) => type))]
      .slice(0, 3)
      .map((type) => code(typeLabel(type), 60));
    return `**Cost** the difference is **not known**: no price for ${names.join(", ")}`;
  }
  if (Math.abs(difference.monthlyUsd) < 0.005) return `**Cost** stays at ${total(after)} a month`;
  const parts = difference.components
    .filter((one) => Math.abs(one.after - one.before) >= 0.005)
    .slice(0, 4)
    .map((one) => `${code(one.name, 40)} ${signedDollars(one.after - one.before)}`);
  const percent = difference.percent === undefined ? "" : `, ${signedPercent(difference.percent)}`;
  return `**Cost** ${dollars(difference.before)} → ${dollars(difference.after)} a month (**${signedDollars(difference.monthlyUsd)}**${percent}): ${parts.join(", ")}`;
}

/** What it is at most, by the autoscaler. */
function range({ mostUsd, unpriced }: CostReport): string {
  return mostUsd === undefined || unpriced.length > 0 ? "" : `. Up to ${dollars(mostUsd)} with the most replicas`;
}

/** A sum with holes is not one. */
function total({ monthlyUsd, lines, unpriced }: CostReport): string {
  if (unpriced.length === 0) return dollars(monthlyUsd);
  return lines.length === 0 ? "not known" : `${dollars(monthlyUsd)} and what has no price here`;
}

/** Each by name: those that the change touches, then those that stand. */
function unpriced({ after }: CostChange, difference: CostDifference | undefined, plan: Plan | undefined): string {
  const label = labels(plan);
  const touched = new Set(difference?.unknown.map(({ urn }) => urn));
  const list = (title: string, own: readonly Unpriced[]) => {
    if (own.length === 0) return "";
    const rows = [...groupBy(own, ({ reason }) => reason)].map(([reason, same]) => [
      limited(
        same.map(({ urn }) => label(urn)),
        30,
        (missing) => `${missing} more`,
      ).join("<br>"),
      prose(reason),
    ]);
    return details(`${title}: ${own.length}`, table(["no price", "why"], rows));
  };
  return [
    list("No price, touched by this change", difference?.unknown ?? []),
    list(
      "No price, not in the sum",
      after.unpriced.filter(({ urn }) => !touched.has(urn)),
    ),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function breakdown({ after, before }: CostChange, difference: CostDifference | undefined): string {
  const rows = difference
    ? difference.components
        .filter(({ before, after, known }) => !known || Math.abs(after - before) >= 0.005)
        .map(({ name, before, after, known }) => [
          code(name, 40),
          ...(known
            ? [dollars(before), dollars(after), signedDollars(after - before)]
            : [open(before), open(after), "not known"]),
        ])
    : after.components.map(({ component, monthlyUsd }) => [code(component, 40), dollars(monthlyUsd)]);
  if (rows.length === 0) return "";
  const head = difference ? ["a month", "before", "after", "difference"] : ["a month", "cost"];
  const assumed = after.assumptions.map(({ key, value, unit, from }) =>
    key === "service.replicas" && value === 0
      ? "the fewest replicas"
      : `${code(key)} ${value.toLocaleString("en-US")} ${unit}${from === "settings" ? ", from the settings" : ""}`,
  );
  const where = [...new Set([before?.region, after.region].filter((region) => region))].map((region) => code(region!));
  const basis = `On-demand list prices of ${where.join(" and ")} as published on ${after.pricesAsOf} or later, without tax and discounts.`;
  const usage = assumed.length === 0 ? "" : ` Assumed: ${assumed.join("; ")}.`;
  return details("Cost by component", `${table(head, rows, ["left", "right", "right", "right"])}\n\n${basis}${usage}`);
}

function open(usd: number): string {
  return usd === 0 ? "not known" : `${dollars(usd)} and more`;
}
