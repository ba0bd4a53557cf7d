import type { Plan, PlanResource } from "../../plan/plan";
import { componentFinder, resourceLabel, typeLabel } from "../../plan/urn";
import { code, prose } from "./markdown";
import type { Review } from "../../review/review";

/** A part of the comment, in ever smaller sizes. */
export interface Section {
  /** What is named as missing when a smaller size had to do: `the graph`. */
  readonly name: string;
  /** Markdown, the largest first. The last may be empty: then the part can be left out. */
  readonly sizes: readonly string[];
}

export type SectionOf = (review: Review) => Section | undefined;

/** Names resources by URN as people know them, as Markdown: `database/primary` and `rds Instance`. */
export function labels(plan: Plan | undefined): (urn: string) => string {
  if (!plan) return (urn) => code(urn.split("::").pop()!);
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const componentOf = componentFinder(plan);
  return (urn) => {
    const resource = byUrn.get(urn);
    return resource ? labelOf(resource, componentOf) : code(urn.split("::").pop()!);
  };
}

function labelOf(resource: PlanResource, componentOf: (resource: PlanResource) => PlanResource): string {
  return `${code(resourceLabel(resource, componentOf), 80)} ${prose(typeLabel(resource.type), 60)}`;
}

/** The first `most` rows, and a last one that says how many are missing. */
export function limited<Row>(rows: readonly Row[], most: number, rest: (missing: number) => Row): readonly Row[] {
  return rows.length <= most ? rows : [...rows.slice(0, most), rest(rows.length - most)];
}
