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
  const earlier = (policiesBefore?.verdicts ?? []).filter(({ outcome }) => outcome === "fail");
  const before = new Set(earlier.map(identity));
  // Where an earlier version of Slipway judged the base, only places can be compared.
  const byItem = earlier.some(({ item }) => item !== undefined);
  const comparable = (verdict: Verdict) => (byItem ? verdict : { ...verdict, item: undefined });
  const resources = new Map((plan?.resources ?? []).map((resource) => [resource.urn, resource]));
  // Under the name that it had as well: an alias makes it the same resource.
  const former = plan ? previousUrns(plan) : new Map<string, readonly string[]>();
  const names = ({ resource }: Verdict) => [resource, ...(former.get(resource) ?? [])];
  const stood = (verdict: Verdict) =>
    names(verdict).some((resource) => before.has(identity({ ...comparable(verdict), resource }))) &&
    !isTouched(comparable(verdict), resources.get(verdict.resource));
  return { fresh: failed.filter((verdict) => !stood(verdict)), standing: failed.filter(stood) };
}

/** A port that was open and a port that is opened are two failures of one rule; in another order they are the same. */
function identity({ rule, resource, property = "", message, item }: Verdict): string {
  return JSON.stringify([rule, resource, item === undefined ? property : { item }, message]);
}

/** The same sentence about what the change edits is about the edit: `22` was open, now everything is. */
function isTouched({ property, item: known }: Verdict, resource: PlanResource | undefined): boolean {
  if (property === undefined || known !== undefined || !resource?.changes?.length) return false;
  // A rule of a firewall is one resource: whatever of it changes is what it lets through.
  if (/(Rule|Permission|Policy)$/.test(resource.type)) return true;
  const item = property.slice(0, property.lastIndexOf("]") + 1).replace(/(\[\d+\])\..*$/, "$1");
  return resource.changes.some(
    ({ path }) => path === property || (item !== "" && (path === item || path.startsWith(`${item}.`))),
  );
}
