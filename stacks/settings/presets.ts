import { defaultBodyMb } from "../../components/ingress/contract";
import { requestsPerMinutePerReplica } from "../../components/workload/scaling-defaults";
import { type Concern, targetDefinitions } from "../targets";
import type { Preset, PresetName, Target } from "./settings";

/** Nobody is hurt by its loss, and it costs as little as it can. The other two presets are differences from it. */
const development: Preset = {
  service: {
    cpuMillis: 250,
    memoryMb: 512,
    // A third of the price; a replica that is taken away comes back elsewhere.
    spotPercent: 100,
    minReplicas: 1,
    maxReplicas: 2,
    targetCpuPercent: 60,
    targetMemoryPercent: 75,
    requestsPerMinutePerReplica,
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
    nat: "instance",
    bindAddress: "127.0.0.1",
    httpPort: 8080,
    httpsPort: 8443,
    monitoringPort: 9090,
    trustedProxies: [],
    maxBodyMb: defaultBodyMb,
  },
  aws: {},
  kubernetes: {
    namespace: "slipway",
    operatorNamespace: "cnpg-system",
    monitoringNamespace: "monitoring",
  },
  docker: { pointInTimeRecovery: false, exporters: false, grafana: false, grafanaPort: 3001 },
  vercel: { productionBranch: "main", regions: ["iad1"] },
  monitoring: {
    emails: [],
    dashboard: true,
    compositeAlarms: false,
    logRetentionDays: 7,
    errorPercent: 5,
    p95Milliseconds: 2000,
    saturationPercent: 90,
  },
  storage: { implementation: "none" },
  release: { strategy: "rolling", weightPercent: 10, stepMinutes: 5, bakeMinutes: 5, minimumRequests: 20 },
};

/** Like production in kind, smaller in size: what breaks here would have broken there. */
const staging: Preset = {
  ...development,
  service: { ...development.service, spotPercent: 0, minReplicas: 2, maxReplicas: 4, drainSeconds: 15 },
  database: { ...development.database, backupRetentionDays: 7, protect: true },
  cdn: { ...development.cdn, assetRetentionDays: 30 },
  network: { ...development.network, nat: "one" },
  docker: { ...development.docker, pointInTimeRecovery: true },
  monitoring: { ...development.monitoring, compositeAlarms: true, logRetentionDays: 30 },
};

/** Survives the loss of a zone without a person; data is restorable to any second of two weeks. */
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
  docker: { ...staging.docker, exporters: true },
  monitoring: {
    ...staging.monitoring,
    logRetentionDays: 90,
    errorPercent: 1,
    p95Milliseconds: 1000,
    saturationPercent: 80,
  },
};

/** A site with few visitors and few means: its data is as safe as staging's, and everything that is for more load or a lost zone is left out. */
const small: Preset = {
  ...staging,
  service: { ...staging.service, spotPercent: 100, minReplicas: 1, maxReplicas: 2 },
  network: { ...staging.network, nat: "instance" },
  monitoring: { ...staging.monitoring, compositeAlarms: false, dashboard: false },
};

const presets = { production, staging, small, development } as const;

/** Presets in which every dollar counts: what is left out there can be had by saying so. */
export const isLean = (name: PresetName): boolean => name === "small" || name === "development";

/** What a preset means on a target, with the implementations that are its defaults. */
export function presetFor(name: PresetName, target: Target): Preset {
  const { byPreset, implementations, preset } = targetDefinitions[target];
  const { database, cache, cdn, ...rest } = preset(presets[name], name);
  const chosen = <Name extends string>(concern: Concern) =>
    (byPreset?.[name]?.[concern] ?? implementations[concern][0]) as Name;
  return {
    ...rest,
    database: { ...database, implementation: chosen("database") },
    cache: { ...cache, implementation: chosen("cache") },
    cdn: { ...cdn, implementation: chosen("cdn") },
    storage: { ...rest.storage, implementation: chosen("storage") },
  };
}
