import { type AssumptionKey, costAssumptions } from "../../../stacks/settings/cost-assumptions";
import { groupBy } from "../../../components/shared/group";
import { componentFinder, componentLabel } from "../../plan/urn";
import { customResources, isUnknown, type Plan, type PlanResource, type PlanValue } from "../../plan/plan";
import type { Context, Item } from "./estimator";
import { assumedUse, byUse, estimators, isElsewhere, isFree, unpricedBecause } from "./estimators";
import { isKnownRegion, type Region, regions } from "./price-list/regions";
import { asOf, price } from "./prices";
import type { Assumption, CostLine, CostReport, ResourceCount, Unpriced } from "./report";

type Assumptions = Readonly<Partial<Record<AssumptionKey, number | undefined>>>;

export interface EstimateOptions {
  readonly region: string;
  /** From the settings: `slipway:costs`. */
  readonly assumptions?: Assumptions;
}

/** What the plan's resources cost a month, those that a difference deletes left out. */
export function estimate(plan: Plan, { region, assumptions = {} }: EstimateOptions): CostReport {
  const resources = customResources(plan).filter(({ operation }) => operation !== "delete");
  const componentOf = componentFinder(plan);
  const used = new Set<AssumptionKey>();
  const lines: CostLine[] = [];
  const unpriced: Unpriced[] = [];

  for (const resource of resources.filter((one) => !isFree(one) && !isElsewhere(one.type))) {
    const where = regionOf(resource, plan, region);
    const billed = unpricedBecause(resource, assumptions);
    const result = billed
      ? { unpriced: billed }
      : isKnownRegion(where)
        ? priceOf(resource, contextOf(resources, where, assumptions, "least"))
        : { unpriced: unknownRegion(where) };
    if ("unpriced" in result) {
      const { urn, type } = resource;
      unpriced.push({ urn, type, component: componentLabel(componentOf(resource)), reason: result.unpriced });
    } else lines.push(...result.map((item) => toLine(item, resource, componentOf(resource), where as Region)));
  }
  for (const { assumes } of lines) assumes.forEach((key) => used.add(key as AssumptionKey));

  const components = [...groupBy(lines, ({ component }) => component)]
    .map(([urn, own]) => ({ urn, component: labelOf(plan, urn), monthlyUsd: sum(own) }))
    .filter(({ monthlyUsd }) => monthlyUsd > 0)
    .sort((a, b) => b.monthlyUsd - a.monthlyUsd);
  const more = scaled(resources, region, assumptions);
  return {
    version: 1,
    stack: plan.stack,
    region,
    pricesAsOf: asOf,
    currency: "USD",
    monthlyUsd: sum(lines),
    ...(more > 0 && { mostUsd: sum(lines) + more }),
    components,
    lines,
    assumptions: [...used].sort().map((key) => describe(key, assumptions)),
    free: countByType(resources.filter(isFree)),
    elsewhere: countByType(resources.filter(({ type }) => isElsewhere(type))),
    unpriced,
  };
}

/** Its own, that of the provider which it names, or the stack's. */
function regionOf({ inputs, options }: PlanResource, { resources }: Plan, otherwise: string): string {
  const provider = options.provider?.split("::").slice(0, 4).join("::");
  const named = provider === undefined ? undefined : resources.find(({ urn }) => urn === provider);
  const region = inputs["region"] ?? named?.inputs["region"] ?? otherwise;
  // A provider that takes its region from elsewhere may lie anywhere.
  return typeof region === "string" ? region : "a region that is not known before deployment";
}

function unknownRegion(region: string): string {
  if (region === "") return "no region is configured";
  return `${region} is not in the price table, which has ${regions.join(", ")}`;
}

function priceOf(resource: PlanResource, context: Context) {
  if (resource.remote) return { unpriced: "what its package makes is not known here" };
  const estimator = byUse[resource.type] ? assumedUse : estimators[resource.type];
  return estimator ? estimator(resource, context) : { unpriced: "no estimator for this type" };
}

function toLine(
  { what, quantity, price: key, assumes = [] }: Item,
  { urn }: PlanResource,
  component: PlanResource,
  region: Region,
): CostLine {
  const { unit, usd, page, taken } = typeof key === "string" ? price(key, region) : key;
  return {
    urn,
    component: component.urn,
    what,
    quantity,
    unit,
    unitUsd: usd,
    monthlyUsd: quantity * usd,
    assumes,
    source: { page, taken: taken.from, on: taken.on },
  };
}

/** What autoscalers add at their maximum. */
function scaled(resources: readonly PlanResource[], region: string, assumptions: Assumptions): number {
  if (!isKnownRegion(region)) return 0;
  const services = resources.filter(({ type }) => type === "aws:ecs/service:Service");
  const costs = (to: Context["scaledTo"]) =>
    services
      .flatMap((service) => {
        const items = priceOf(service, contextOf(resources, region, assumptions, to));
        return "unpriced" in items ? [] : items;
      })
      .reduce(
        (sum, { quantity, price: key }) => sum + quantity * (typeof key === "string" ? price(key, region) : key).usd,
        0,
      );
  return services.length === 0 ? 0 : costs("most") - costs("least");
}

function contextOf(
  resources: readonly PlanResource[],
  region: Region,
  assumptions: Assumptions,
  scaledTo: Context["scaledTo"],
): Context {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    region,
    scaledTo,
    assume: (key) => assumptions[key] ?? costAssumptions[key][0],
    ofType,
    source: (value, type) => ofType(type).find((resource) => comesFrom(value, resource)),
    readers: (resource, type, input) => ofType(type).filter(({ inputs }) => comesFrom(inputs[input], resource)),
  };
}

/** Before deployment a value names where it comes from; afterwards, in an engine's plan, it is the other's id or ARN. */
function comesFrom(value: PlanValue | undefined, { urn, inputs, outputs }: PlanResource): boolean {
  if (value === undefined || value === null) return false;
  if (isUnknown(value)) return value.$unknown.some((name) => name.startsWith(`${urn}#`));
  if (typeof value !== "string") return false;
  const names = [outputs["arn"], outputs["id"], outputs["identifier"], inputs["identifier"], inputs["family"]];
  return names.some((name) => typeof name === "string" && name !== "" && value === name);
}

function describe(key: AssumptionKey, assumptions: Assumptions): Assumption {
  const [value, unit, meaning] = costAssumptions[key];
  return { key, value: assumptions[key] ?? value, unit, meaning, from: key in assumptions ? "settings" : "default" };
}

function labelOf(plan: Plan, urn: string): string {
  return componentLabel(plan.resources.find((resource) => resource.urn === urn)!);
}

function countByType(resources: readonly PlanResource[]): ResourceCount[] {
  return [...groupBy(resources, ({ type }) => type)].map(([type, own]) => ({ type, count: own.length }));
}

function sum(items: readonly { readonly monthlyUsd: number }[]): number {
  return items.reduce((total, { monthlyUsd }) => total + monthlyUsd, 0);
}
