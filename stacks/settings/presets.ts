import type { Preset, PresetName, Target } from "./settings";

/** Who does what on a target, unless the stack file says otherwise. */
const implementations = {
  "aws-ecs": { database: "rds", cache: "elasticache", cdn: "cloudfront", storage: "s3" },
  kubernetes: { database: "cloudnative-pg", cache: "kubernetes", cdn: "none", storage: "none" },
  docker: { database: "docker", cache: "docker", cdn: "nginx", storage: "volume" },
  vercel: { database: "external", cache: "none", cdn: "vercel", storage: "none" },
} as const;

/** Nobody is hurt by its loss, and it costs as little as it can. The other two presets are differences from it. */
const development: Preset = {
  service: {
    cpuMillis: 250,
    memoryMb: 512,
    minReplicas: 1,
    maxReplicas: 2,
    targetCpuPercent: 60,
    targetMemoryPercent: 75,
    requestsPerMinutePerReplica: 1000,
    maxConcurrentRequests: 200,
    port: 3000,
    metricsPort: 9464,
    startupSeconds: 60,
    drainSeconds: 5,
    graceSeconds: 25,
    migration: ["node", "migrate.js"],
    environment: {},
  },
  database: {
    implementation: "docker",
    version: "17",
    instanceClass: "db.t4g.micro",
    cpuMillis: 500,
    memoryMb: 512,
    storageGb: 20,
    standby: false,
    readReplicas: 0,
    poolSize: 10,
    backupRetentionDays: 1,
    backupCron: "15 3 * * *",
    protect: false,
  },
  cache: {
    implementation: "docker",
    nodeType: "cache.t4g.micro",
    memoryMb: 128,
    standby: false,
    ttlSeconds: 3600,
  },
  cdn: { implementation: "none", assetRetentionDays: 7 },
  network: {
    cidr: "10.20.0.0/16",
    zones: 2,
    nat: "one",
    bindAddress: "127.0.0.1",
    httpPort: 8080,
    httpsPort: 8443,
    monitoringPort: 9090,
    trustedProxies: [],
    maxBodyMb: 10,
  },
  kubernetes: {
    namespace: "slipway",
    ingressNamespace: "ingress",
    operatorNamespace: "cnpg-system",
    monitoringNamespace: "monitoring",
  },
  vercel: { productionBranch: "main", regions: ["iad1"] },
  monitoring: { emails: [], logRetentionDays: 7, errorPercent: 5, p95Milliseconds: 2000, saturationPercent: 90 },
  storage: { implementation: "none" },
  release: { strategy: "rolling", weightPercent: 10, stepMinutes: 5, bakeMinutes: 5 },
};

/** Like production in kind, smaller in size: what breaks here would have broken there. */
const staging: Preset = {
  ...development,
  service: { ...development.service, minReplicas: 2, maxReplicas: 4, drainSeconds: 15 },
  database: { ...development.database, backupRetentionDays: 7, protect: true },
  cdn: { ...development.cdn, assetRetentionDays: 30 },
  monitoring: { ...development.monitoring, logRetentionDays: 30 },
};

/** Survives the loss of a zone without a person; data can be had back to any second of two weeks. */
const production: Preset = {
  ...staging,
  service: { ...staging.service, cpuMillis: 500, memoryMb: 1024, maxReplicas: 10 },
  database: {
    ...staging.database,
    instanceClass: "db.t4g.medium",
    cpuMillis: 1000,
    memoryMb: 2048,
    storageGb: 50,
    standby: true,
    backupRetentionDays: 14,
  },
  cache: { ...staging.cache, nodeType: "cache.t4g.small", memoryMb: 512, standby: true },
  network: { ...staging.network, zones: 3 },
  monitoring: {
    ...staging.monitoring,
    logRetentionDays: 90,
    errorPercent: 1,
    p95Milliseconds: 1000,
    saturationPercent: 80,
  },
};

const presets = { production, staging, development } as const;

/** What a preset means on a target. One host has one of everything, and as many replicas as at the start. */
export function presetFor(name: PresetName, target: Target): Preset {
  return target === "vercel" ? onVercel(presets[name]) : withWho(presets[name], target);
}

/** Functions have one size or the other, a release takes over at once, and its files are reached for a week at most. */
function onVercel(preset: Preset): Preset {
  const base = withWho(preset, "vercel");
  return {
    ...base,
    service: { ...base.service, cpuMillis: 1000, memoryMb: 2048 },
    database: { ...base.database, standby: false },
    cache: { ...base.cache, standby: false },
    cdn: { ...base.cdn, assetRetentionDays: 7 },
    release: { ...base.release, strategy: "blue-green" },
  };
}

function withWho(preset: Preset, target: Target): Preset {
  const who = implementations[target];
  const oneHost = target === "docker";
  return {
    ...preset,
    service: oneHost
      ? { ...preset.service, minReplicas: 2, maxReplicas: 2, drainSeconds: Math.min(preset.service.drainSeconds, 5) }
      : preset.service,
    database: { ...preset.database, implementation: who.database, standby: preset.database.standby && !oneHost },
    cache: { ...preset.cache, implementation: who.cache, standby: preset.cache.standby && target === "aws-ecs" },
    cdn: { ...preset.cdn, implementation: who.cdn },
    storage: { implementation: who.storage },
  };
}
