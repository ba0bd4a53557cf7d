import { createHash } from "node:crypto";
import { all, getProject, getStack, type Output } from "@pulumi/pulumi";
import { isSecretRef } from "../secrets/contract";
import type { Environment } from "./environment";

/** Variables of the process alone: no page shows them, so that a change keeps what is cached. */
const ofTheProcess =
  /^(CLOUDFRONT_.*|DATABASE_POOL_SIZE|HOSTNAME|KEEP_ALIVE_TIMEOUT|LOG_LEVEL|MAX_CONCURRENT_REQUESTS|METRICS_PORT|PORT|RELEASE|SHUTDOWN_.*)$/;

/**
 * CACHE_NAMESPACE, which every workload sets under this name: `<project>-<stack>-<service>/<digest of its variables>`. The
 * application keeps cached pages under it, so that a stack never serves what another rendered into the same Redis, nor
 * what it rendered itself with other variables. Replicas of one release have the same; secrets take no part.
 *
 * @example "shop-prod-app/3f9c2a71d04b"
 */
export function cacheNamespace(name: string, environment: Environment): Output<string> {
  const shown = Object.entries(environment)
    .filter(([variable, value]) => !isSecretRef(value) && !ofTheProcess.test(variable))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return all(shown.map(([variable, value]) => all([variable, value as string]))).apply((variables) => {
    const digest = createHash("sha256").update(JSON.stringify(variables)).digest("hex").slice(0, 12);
    return `${getProject()}-${getStack()}-${name}/${digest}`;
  });
}
