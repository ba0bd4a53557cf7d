import type { KubernetesSettings } from "../settings/settings";

/** Settings of what the stack does not make with the implementations that it chose. */
export function withoutEffect({ kubernetes, database, cache, storage }: KubernetesSettings): string | undefined {
  const of = (what: string, found: string, makes: string, keys: readonly (keyof typeof kubernetes)[]) => {
    const idle = found === makes ? [] : keys.filter((key) => kubernetes[key] !== undefined);
    return idle.length === 0
      ? []
      : [
          `${idle.map((key) => `slipway:kubernetes.${key}`).join(", ")}: no effect with ${what} ${found}, only with ${makes}`,
        ];
  };
  const found = [
    ...of("database.implementation", database.implementation, "cloudnative-pg", [
      ...(["storageClass", "walStorageGb", "databaseZones", "databaseAnnotations"] as const),
      ...(["backupBucket", "backupEndpoint", "backupServerName", "backupCredentialsSecret"] as const),
      ...(["backupCpuMillis", "backupMemoryMb"] as const),
      ...(["poolerCpuMillis", "poolerMemoryMb", "apiServerCidrs", "apiServerPorts"] as const),
    ]),
    ...of("cache.implementation", cache.implementation, "kubernetes", ["cacheCpuMillis"]),
    ...of("storage.implementation", storage.implementation, "volume", ["uploadsGb", "uploadsStorageClass"]),
  ];
  return found.length === 0 ? undefined : found.join("; ");
}

/** Without a gateway the share of the pods is the share of the traffic, and there is no part of a pod. */
export function canaryOfPods({ release, service, kubernetes }: KubernetesSettings): string | undefined {
  const { strategy, weightPercent } = release;
  if (strategy !== "canary" || (kubernetes.gateway ?? kubernetes.gatewayClass) !== undefined) return undefined;
  // Argo rounds up, and takes none of the others away for it.
  const pods = Math.max(1, Math.ceil((service.minReplicas * weightPercent) / 100));
  const share = Math.round((100 * pods) / (service.minReplicas + pods));
  return share <= 2 * weightPercent
    ? undefined
    : `a canary of ${weightPercent} % is ${pods} of ${service.minReplicas + pods} replicas here, ${share} % of the traffic. More replicas, or slipway:kubernetes.gateway for exact weights`;
}
