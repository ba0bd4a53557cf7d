import { groupBy } from "../../components/shared/group";
import { componentFinder, componentLabel, shortType } from "../plan/urn";
import { customResources, isUnknown, type Plan, type PlanResource, type PlanValue } from "../plan/plan";
import { factsOf } from "./facts";

/** What a plan comes to, by concern, for the terminal and the report. */
export interface PlanSummary {
  readonly concerns: readonly ConcernSummary[];
  readonly resources: number;
}

export interface ConcernSummary {
  /** `database` of `slipway:database:AwsRdsPostgres`. */
  readonly concern: string;
  /** `AwsRdsPostgres`; several where a concern has several components. */
  readonly implementations: readonly string[];
  /** What a reader decides by: `db.t4g.medium`, `2 zones`. */
  readonly facts: readonly string[];
  readonly resources: number;
  /** URNs of the concern's top-level components. */
  readonly urns: readonly string[];
}

export function summarise(plan: Plan): PlanSummary {
  const componentOf = componentFinder(plan);
  const resources = customResources(plan);
  // A resource outside of every component belongs to the stack itself.
  const concernOf = (resource: PlanResource) => {
    const component = componentOf(resource);
    return component === resource ? "stack" : componentLabel(component);
  };
  const concerns = [...groupBy(resources, concernOf)].map(([concern, members]) => {
    const components = [...new Set(members.map(componentOf))];
    return {
      concern,
      implementations: [...new Set(components.map(({ type }) => shortType(type)))],
      facts: factsOf(members),
      resources: members.length,
      urns: components.map(({ urn }) => urn),
    };
  });
  return { concerns: concerns.sort(byOrder), resources: resources.length };
}

/** From the outside in, as a request meets them. */
const order = ["cdn", "container-service", "image", "database", "cache", "storage", "network", "secrets", "monitoring"];

function byOrder(left: ConcernSummary, right: ConcernSummary): number {
  const rank = ({ concern }: ConcernSummary) => (order.includes(concern) ? order.indexOf(concern) : order.length);
  return rank(left) - rank(right);
}

/** An output as a person reads it; what only the deployment knows stands in angle brackets. */
export function shownOutput(value: PlanValue | undefined): string {
  if (!isUnknown(value)) return typeof value === "string" ? value : JSON.stringify(value ?? null);
  const names = value.$unknown.map((source) => `<${nameIn(source)}>`);
  return (value.template ?? "{0}").replace(
    /\{(\d+)\}/g,
    (_, index: string) => names[Number(index)] ?? "<known after deployment>",
  );
}

function nameIn(source: string): string {
  const [urn = "", property = ""] = source.split("#");
  return `${urn.split("::").at(-1)}.${property}`;
}
