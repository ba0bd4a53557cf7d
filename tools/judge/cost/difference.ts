import { groupBy } from "../../../components/shared/group";
import type { Plan, PlanResource } from "../../plan/plan";
import { byUse } from "./estimators";
import type { ComponentCost, CostChange, Unpriced } from "./report";

/** What a change does to the bill. Where a price is missing there is no sum: a hole is not a zero. */
export interface CostDifference {
  /** The priced part before and after, US dollars a month. */
  readonly before: number;
  readonly after: number;
  /** Absent when {@link unknown} is not empty. */
  readonly monthlyUsd?: number;
  /** Of {@link before}; absent as well when that is nothing. */
  readonly percent?: number;
  /** What is added, changed or removed and has no price here, each resource once. */
  readonly unknown: readonly Unpriced[];
  /** By name: the greatest difference first, those that are not known before all. */
  readonly components: readonly ComponentDifference[];
}

export interface ComponentDifference {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** False when a resource of it has no price and is touched by the change. */
  readonly known: boolean;
}

/** Undefined without a base to compare with. `plan` says which resources the change touches. */
export function costDifference({ before, after }: CostChange, plan: Plan | undefined): CostDifference | undefined {
  if (!before) return undefined;
  const operations = new Map((plan?.resources ?? []).map((resource) => [resource.urn, resource]));
  // A component that is not in the plan was renamed: the new name speaks for it.
  const touched = ({ urn }: Unpriced) => isTouched(operations.get(urn));
  const priced = new Set([...before.lines, ...after.lines].map(({ urn }) => urn));
  // It has a price on the other side, as where only the region is gone: that alone is no difference.
  const onOneSide = ({ urn }: Unpriced) => priced.has(urn);
  const unknown = [
    ...new Map(
      [...before.unpriced, ...after.unpriced]
        .filter((one) => touched(one) || onOneSide(one))
        .map((one) => [one.urn, one]),
    ).values(),
  ];
  const difference = after.monthlyUsd - before.monthlyUsd;
  return {
    before: before.monthlyUsd,
    after: after.monthlyUsd,
    unknown,
    components: components(before.components, after.components, unknown),
    ...(unknown.length === 0 && {
      monthlyUsd: difference,
      ...(before.monthlyUsd >= 0.005 && { percent: (100 * difference) / before.monthlyUsd }),
    }),
  };
}

/** Nobody is billed for these. */
const unbilled = /^(tags|tagsAll|description|comment)($|[.[])/;

function isTouched(resource: PlanResource | undefined): boolean {
  if (resource === undefined || resource.operation === "same") return false;
  if (resource.operation !== "update") return true;
  const paths = (resource.changes ?? []).map(({ path }) => path);
  const use = byUse[resource.type];
  if (use !== undefined) return paths.some((path) => use.pricedBy?.test(path) ?? false);
  return !paths.every((path) => unbilled.test(path));
}

function components(
  before: readonly ComponentCost[],
  after: readonly ComponentCost[],
  unknown: readonly Unpriced[],
): ComponentDifference[] {
  const sums = (costs: readonly ComponentCost[]) =>
    new Map(
      [...groupBy(costs, ({ component }) => component)].map(([name, own]) => [
        name,
        own.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0),
      ]),
    );
  const [old, now] = [sums(before), sums(after)];
  const open = new Set(unknown.map(({ component }) => component));
  return [...new Set([...now.keys(), ...old.keys(), ...open])]
    .map((name) => ({ name, before: old.get(name) ?? 0, after: now.get(name) ?? 0, known: !open.has(name) }))
    .sort(
      (a, b) =>
        Number(a.known) - Number(b.known) ||
        Math.abs(b.after - b.before) - Math.abs(a.after - a.before) ||
        b.after - a.after,
    );
}
