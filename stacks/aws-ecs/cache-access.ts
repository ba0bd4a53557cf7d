import * as pulumi from "@pulumi/pulumi";
import type { AwsEcsSettings } from "../settings/settings";

/** Commands of `@slipway/next`, as its contract lists them (packages/next/contract.json). */
export const platformCommands = [
  ...["client|setinfo", "del", "eval", "evalsha", "exec", "expire", "hdel", "hget", "hgetall", "hincrby", "hlen"],
  ...["hmget", "hset", "incr", "incrby", "info", "multi", "ping", "publish", "subscribe", "time"],
] as const;

/** The application's access string; undefined: one password for everything. */
export function cacheAccess({ cache, service }: AwsEcsSettings): string | undefined {
  if (cache.accessControl !== "rbac") return undefined;
  if (cache.accessString !== undefined) return cache.accessString;
  // The cache is the stack's alone, and what an image of its own keeps in it is not known. Clients ask INFO whether it is ready.
  if (service.health !== undefined) return "on ~* &* +@all -@dangerous +info";
  // CACHE_NAMESPACE of each process begins with both: components/shared/cache-namespace.ts.
  const own = `slipway:${pulumi.getProject()}-${pulumi.getStack()}-*`;
  return ["on", `~${own}`, `&${own}`, "-@all", ...platformCommands.map((command) => `+${command}`)].join(" ");
}
