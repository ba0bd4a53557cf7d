/** What one setting's change does to a stack on AWS that runs, as the engine applies it. */
export interface AwsChange {
  readonly title: string;
  /** Sections of the stack file, merged into what stands before. */
  readonly change: Readonly<Record<string, unknown>>;
  /** Types of resources that are updated where they are. */
  readonly updated?: readonly string[];
  /** Types of resources of which another takes the place. */
  readonly replaced?: readonly string[];
  /** Row or answer that refuses it. */
  readonly refused?: string;
  /** What refuses the update that takes the change back: the stack is stuck half-way. */
  readonly wayBack?: string;
}

export const awsChanges: readonly AwsChange[] = [
  {
    title: "a new `image`",
    change: { image: "ghcr.io/acme/shop@sha256:5be1c7a0d5e9f8b35be1c7a0d5e9f8b35be1c7a0d5e9f8b35be1c7a0d5e9f8b3" },
    updated: ["invocation", "service"],
    replaced: ["taskDefinition"],
  },
  {
    title: "`service.cpuMillis`, `memoryMb`, `minReplicas`, `maxReplicas`, `drainSeconds`",
    change: { service: { cpuMillis: 1000, memoryMb: 2048, minReplicas: 3, maxReplicas: 20, drainSeconds: 30 } },
    updated: ["invocation", "metricAlarm", "service", "target", "targetGroup"],
    replaced: ["taskDefinition"],
  },
  {
    title: "`service.port`",
    change: { service: { port: 4000 } },
    updated: ["invocation", "service"],
    replaced: ["taskDefinition"],
  },
  { title: "`service.spotPercent` from 0 to 50", change: { service: { spotPercent: 50 } }, updated: ["service"] },
  {
    title: "`service.spotPercent` from 50 to 0",
    change: { service: { spotPercent: 0 } },
    updated: ["dashboard", "eventRule", "metricAlarm"],
    replaced: ["policy", "service", "target"],
  },
  {
    title: "`release.strategy` from `rolling` to `blue-green`",
    change: { release: { strategy: "blue-green" } },
    updated: ["dashboard", "metricAlarm", "service"],
  },
  {
    title: "`release.strategy` from `blue-green` to `rolling`",
    change: { release: { strategy: "rolling" } },
    updated: ["dashboard", "metricAlarm", "service"],
  },
  {
    title: "`release.strategy` from `rolling` to `canary`",
    change: { release: { strategy: "canary" } },
    updated: ["dashboard", "metricAlarm", "service"],
  },
  {
    title: "`release.strategy` from `canary` to `rolling`",
    change: { release: { strategy: "rolling" } },
    updated: ["dashboard", "metricAlarm", "service"],
  },
  {
    title: "`release.strategy` from `rolling` to `linear`",
    change: { release: { strategy: "linear" } },
    updated: ["dashboard", "metricAlarm", "service"],
  },
  {
    title: "`release.strategy` from `linear` to `rolling`",
    change: { release: { strategy: "rolling" } },
    updated: ["dashboard", "metricAlarm", "service"],
  },
  {
    title: "`database.instanceClass`, `storageGb` upwards, `proxy`",
    change: { database: { instanceClass: "db.r7g.large", storageGb: 100, proxy: true } },
    updated: ["dashboard", "instance", "invocation", "metricAlarm", "service"],
    replaced: ["taskDefinition"],
  },
  { title: "`database.storageGb` downwards", change: { database: { storageGb: 50 } }, refused: "rds-storage-shrinks" },
  {
    title: "`database.readReplicas` from 0 to 1",
    change: { database: { readReplicas: 1 } },
    updated: ["dashboard", "eventSubscription", "instance", "invocation", "proxy", "rolePolicy", "service"],
    replaced: ["taskDefinition"],
  },
  {
    title: "`database.readReplicas` from 1 to 0",
    change: { database: { readReplicas: 0 } },
    updated: ["dashboard", "eventSubscription", "instance", "invocation", "proxy", "rolePolicy", "service"],
    replaced: ["taskDefinition"],
  },
  {
    title: "`database.standby` off, `backupRetentionDays` downwards",
    change: { database: { standby: false, backupRetentionDays: 7 } },
    updated: ["instance"],
  },
  {
    title: "`database.version` without `allowMajorVersionUpgrade`",
    change: { database: { version: "18" } },
    refused: "rds-major-upgrade-flag",
  },
  {
    title: "`database.version` with `allowMajorVersionUpgrade`",
    change: { database: { version: "18", allowMajorVersionUpgrade: true } },
    updated: ["instance"],
    replaced: ["parameterGroup"],
  },
  { title: "`database.version` downwards", change: { database: { version: "17" } }, refused: "rds-engine-downgrade" },
  { title: "`cache.nodeType`", change: { cache: { nodeType: "cache.r7g.large" } }, updated: ["replicationGroup"] },
  {
    title: "`cache.accessControl` from `auth` to `rbac`",
    change: { cache: { accessControl: "rbac" } },
    updated: ["invocation", "replicationGroup", "service"],
    replaced: ["taskDefinition"],
  },
  {
    title: "`cache.accessControl` from `rbac` to `auth`",
    change: { cache: { accessControl: "auth" } },
    updated: ["invocation", "replicationGroup", "service"],
    replaced: ["taskDefinition"],
  },
  { title: "`network.nat` from `one` to `per-zone`", change: { network: { nat: "per-zone" } }, updated: ["route"] },
  {
    title: "`network.zones` downwards",
    change: { network: { zones: 2 } },
    updated: ["function", "invocation", "loadBalancer", "service", "subnetGroup", "vpcEndpoint"],
    replaced: ["proxy", "proxyDefaultTargetGroup", "proxyTarget", "taskDefinition"],
  },
  {
    title: "`network.cidr`",
    change: { network: { cidr: "10.30.0.0/16" } },
    refused: "InvalidSubnet",
    wayBack: "InvalidSubnet",
  },
  {
    title: "`cdn.implementation` from `cloudfront` to `none`",
    change: { cdn: { implementation: "none" } },
    refused: "alb-deletion-protection",
    wayBack: "alb-deletion-protection",
  },
];
