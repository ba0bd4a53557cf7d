import type { Resource } from "../../../resource";
import type { Value } from "../../../value";

/** Every cache behavior: the default one and those for paths. */
export function behaviors(distribution: Resource): Value[] {
  return [...distribution.get("defaultCacheBehavior").items(), ...distribution.get("orderedCacheBehaviors").items()];
}
