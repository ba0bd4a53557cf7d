import type { Resource } from "../../../resource";
import type { Stack } from "../../../stack";
import type { Value } from "../../../value";

/** Zones of the subnets that a list names; undefined for each that is not in the stack or whose zone is not known. */
function zonesOf(stack: Stack, subnets: Value): (string | undefined)[] {
  const known = stack.ofType("aws:ec2/subnet:Subnet");
  return subnets.items().map((subnet) => {
    const found = known.find((one) => names(subnet, one));
    const zone = found?.get("availabilityZone");
    return zone === undefined || zone.isUnknown ? undefined : zone.string();
  });
}

export function names(value: Value, resource: Resource): boolean {
  if (value.isUnknown) return value.sources.some((source) => source.startsWith(`${resource.urn}#`));
  return resource.identities().includes(value.string() ?? "");
}

/** Fewer than `wanted` zones for sure: every subnet's zone is known. */
export function tooFewZones(stack: Stack, subnets: Value, wanted = 2): boolean {
  const zones = zonesOf(stack, subnets);
  return !zones.includes(undefined) && new Set(zones).size < wanted;
}
