import { isCreated, isUnknown, type Plan, type PlanResource, type PropertyChange } from "../plan/plan";
import { isChange } from "./changes";

export interface Highlight {
  readonly resource: PlanResource;
  readonly change: PropertyChange;
}

/**
 * The properties by which a change is understood: those with a new value of their own, not those that follow from
 * another's. What forces a replacement comes first, and one value that many resources share is said once.
 */
export function highlights(plan: Plan): readonly Highlight[] {
  const seen = new Set<string>();
  return plan.resources
    .filter((resource) => isCreated(resource) && isChange(resource.operation))
    .flatMap((resource) => (resource.changes ?? []).map((change) => ({ resource, change })))
    .filter(({ change }) => !follows(change))
    .sort((a, b) => Number(b.change.forcesReplacement) - Number(a.change.forcesReplacement))
    .filter(({ change: { path, before, after } }) => {
      const key = JSON.stringify([path.split(".").pop(), before, after]);
      return !seen.has(key) && seen.add(key) !== undefined;
    });
}

/** Unknown before and after: nothing in the program changed, so what the value comes from is replaced. */
export function follows({ before, after }: Pick<PropertyChange, "before" | "after">): boolean {
  return (
    isUnknown(before) &&
    isUnknown(after) &&
    before.template === after.template &&
    before.$unknown.length === after.$unknown.length
  );
}

/**
 * Why a resource is replaced, for grouping: the changes themselves, those of the resource at the root of it when it only
 * follows another.
 */
export function rootCause(resource: PlanResource, byUrn: ReadonlyMap<string, PlanResource>, depth = 0): string {
  const causes = (resource.changes ?? []).filter(({ forcesReplacement }) => forcesReplacement);
  const sources = causes.flatMap(({ after }) => (isUnknown(after) ? after.$unknown : []));
  const parents = [...new Set(sources.map((source) => source.slice(0, source.lastIndexOf("#"))))]
    .map((urn) => byUrn.get(urn))
    .filter((parent) => parent?.operation === "replace" && parent !== resource);
  if (causes.length > 0 && causes.every(follows) && parents[0] && depth < 20) {
    return rootCause(parents[0], byUrn, depth + 1);
  }
  return causes.length === 0
    ? resource.urn
    : JSON.stringify(causes.map(({ path, before, after }) => [path, before, after]));
}
