import { dollars, signedDollars } from "../../../judge/cost/money";
import type { ComponentCost, CostChange } from "../../../judge/cost/report";
import { code, details, table } from "../markdown";
import type { SectionOf } from "../section";
import { plural } from "../../../review/verdict";

export const cost: SectionOf = ({ cost: change }) => {
  if (!change) return undefined;
  const { after } = change;
  if (after.lines.length === 0 && after.unpriced.length === 0 && (change.before?.lines.length ?? 0) === 0)
    return undefined;
  return {
    name: "the cost by component",
    sizes: [
      [headline(change), unpriced(change), breakdown(change)].filter((part) => part !== "").join("\n\n"),
      headline(change),
    ],
  };
};

function headline(change: CostChange): string {
  const { before, after } = change;
  if (!before) return `**Cost** ${dollars(after.monthlyUsd)} a month`;
  const difference = after.monthlyUsd - before.monthlyUsd;
  if (Math.abs(difference) < 0.005) return `**Cost** stays at ${dollars(after.monthlyUsd)} a month`;
  const parts = compare(change)
    .filter(({ difference }) => Math.abs(difference) >= 0.005)
    .slice(0, 4)
    .map(({ name, difference }) => `${code(name, 40)} ${signedDollars(difference)}`);
  return `**Cost** ${dollars(before.monthlyUsd)} → ${dollars(after.monthlyUsd)} a month (**${signedDollars(difference)}**): ${parts.join(", ")}`;
}

function unpriced({ after }: CostChange): string {
  if (after.unpriced.length === 0) return "";
  const types = [...new Set(after.unpriced.map(({ type }) => type))].slice(0, 5).map((type) => code(type, 60));
  return `${plural(after.unpriced.length, "resource")} without a known price, not in the sum: ${types.join(", ")}.`;
}

function breakdown(change: CostChange): string {
  const { before, after } = change;
  const rows = compare(change).map(({ name, before: old, after: now, difference }) => [
    code(name, 40),
    ...(before ? [dollars(old), dollars(now), signedDollars(difference)] : [dollars(now)]),
  ]);
  const head = before ? ["a month", "before", "after", "difference"] : ["a month", "cost"];
  const assumed = after.assumptions.map(
    ({ key, value, unit, from }) =>
      `${code(key)} ${value.toLocaleString("en-US")} ${unit}${from === "settings" ? ", from the settings" : ""}`,
  );
  const basis = `On-demand list prices of ${code(after.region)} as published on ${after.pricesAsOf} or later, without tax and discounts.`;
  const usage = assumed.length === 0 ? "" : ` Assumed: ${assumed.join("; ")}.`;
  return details("Cost by component", `${table(head, rows, ["left", "right", "right", "right"])}\n\n${basis}${usage}`);
}

interface Comparison {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly difference: number;
}

/** Components by name, the greatest difference first, then the dearest. */
function compare({ before, after }: CostChange): Comparison[] {
  const sums = (costs: readonly ComponentCost[] = []) => {
    const sum = new Map<string, number>();
    for (const { component, monthlyUsd } of costs) sum.set(component, (sum.get(component) ?? 0) + monthlyUsd);
    return sum;
  };
  const [old, now] = [sums(before?.components), sums(after.components)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((name) => ({ name, before: old.get(name) ?? 0, after: now.get(name) ?? 0 }))
    .map((row) => ({ ...row, difference: before ? row.after - row.before : 0 }))
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || b.after - a.after);
}
