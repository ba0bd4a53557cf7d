import type { Verdict } from "../judge/policy/report";
import type { PlanResource } from "../plan/plan";
import { previousUrns } from "../sources/difference/aliases";
import type { Review } from "./review";

/** What fails a rule: because of this change, and on the base already. */
export function failuresOf({ policies, policiesBefore, plan }: Review): {
  readonly fresh: readonly Verdict[];
  readonly standing: readonly Verdict[];
} {
  const failed = (policies?.verdicts ?? []).filter(({ outcome }) => outcome === "fail");
  const before = new Set(policiesBefore?.verdicts.filter(({ outcome }) => outcome === "fail").map(identity));
  const resources = new Map((plan?.resources ?? []).map((resource) => [resource.urn, resource]));
  // Under the name that it had as well: an alias makes it the same resource.
  const former = plan ? previousUrns(plan) : new Map<string, readonly string[]>();
  const names = ({ resource }: Verdict) => [resource, ...(former.get(resource) ?? [])];
  const stood = (verdict: Verdict) =>
    names(verdict).some((resource) => before.has(identity({ ...verdict, resource }))) &&
    !isTouched(verdict, resources.get(verdict.resource));
  return { fresh: failed.filter((verdict) => !stood(verdict)), standing: failed.filter(stood) };
}

/** A port that was open and a port that is opened are two failures of one rule. */
function identity({ rule, resource, property = "", message }: Verdict): string {
  return JSON.stringify([rule, resource, property, message]);
}

/**
 * The same sentence about a list item that the change edits is about the edit: `22` was open, now everything is. Items
 * with a name (variables, containers) are distinguished by it, so there another's edit says nothing of this one.
 */
function isTouched({ property }: Verdict, resource: PlanResource | undefined): boolean {
  if (property === undefined || !resource?.changes?.length) return false;
  // A rule of a firewall is one resource: whatever of it changes is what it lets through.
  if (/(Rule|Permission|Policy)$/.test(resource.type)) return true;
  const item = property.slice(0, property.lastIndexOf("]") + 1).replace(/(\[\d+\])\..*$/, "$1");
  return resource.changes.some(
    ({ path }) => path === property || (item !== "" && (path === item || path.startsWith(`${item}.`))),
  );
}
