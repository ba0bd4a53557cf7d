import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ContainerServiceArgs, Process, ReleaseStrategy, ServiceSize } from "../components/workload/contract";
import { assetPathBelow, tcp } from "../components/ingress/contract";
import type { Environment } from "../components/shared/environment";
import type { AwsAuroraServerlessV2Args } from "../components/database/aws/aurora-serverless-v2";
import type { AwsRdsPostgresArgs } from "../components/database/aws/rds-postgres";
import type { DatabaseArgs } from "../components/database/contract";
import type { ImageSource } from "../components/image/contract";
import { fallbackOf, type SecretSource } from "../components/secrets/contract";
import { declaredSecrets } from "./database-roles";
import type { StackOutputs } from "./outputs";
import type { AwsEcsSettings, DockerSettings, Settings } from "./settings/settings";

/** Arguments that the container service of every target has. */
export function serviceArgs({
  service,
  database,
  release,
  domain,
}: Settings): Omit<ContainerServiceArgs, "image" | "environment"> {
  return {
    size: { cpuMillis: service.cpuMillis, memoryMb: service.memoryMb },
    scaling: {
      minReplicas: service.minReplicas,
      maxReplicas: service.maxReplicas,
      targetCpuPercent: service.targetCpuPercent,
      targetMemoryPercent: service.targetMemoryPercent,
      requestsPerMinutePerReplica: service.requestsPerMinutePerReplica,
    },
    ...(service.command === undefined ? {} : { command: service.command }),
    ...imageUser(service),
    health: {
      livePath: service.health?.live ?? "/api/health",
      readyPath: service.health?.ready ?? "/api/ready",
      ...(service.health === undefined ? {} : { platform: false, command: service.health.command }),
      intervalSeconds: 10,
      timeoutSeconds: 5,
      startupSeconds: service.startupSeconds,
    },
    shutdown: { drainSeconds: service.drainSeconds, graceSeconds: service.graceSeconds },
    release: releaseStrategy(release),
    port: service.port,
    metricsPort: service.metricsPort,
    // Without a database it could only fail, and no release would ever start.
    migration: database.implementation === "none" || service.migration === false ? undefined : service.migration,
    domain,
  };
}

/** Who runs the image, and where it writes: the same for everything that runs it. */
const imageUser = ({ user, writable }: Settings["service"]): Pick<Process, "user" | "writable"> => ({
  ...(user === undefined ? {} : { user }),
  ...(writable === undefined ? {} : { writable }),
});

/** What the ingress does for an image without the platform, and where such an image has its static files. */
export function ingressArgs(settings: Settings) {
  const path = assetPath(settings);
  return {
    ...(settings.service.health === undefined ? {} : { securityHeaders: true }),
    ...(path === undefined ? {} : { assetPath: path }),
  };
}

/** What the paths of static files begin with. Default: as Next.js has it without `basePath`. */
export const assetPath = ({ cdn, service: { basePath } }: Pick<Settings, "cdn" | "service">): string | undefined =>
  cdn.assetPath ?? (basePath === undefined ? undefined : assetPathBelow(basePath));

function releaseStrategy({ strategy, weightPercent, stepMinutes, bakeMinutes }: Settings["release"]): ReleaseStrategy {
  if (strategy === "rolling") return { strategy };
  return strategy === "blue-green" ? { strategy, bakeMinutes } : { strategy, weightPercent, stepMinutes, bakeMinutes };
}

/** The variables that are the same on every target. Those of database, cache and storage come from their components. */
export function applicationEnvironment(settings: Settings, url = `https://${settings.domain}`): Environment {
  const { service, cache, database } = settings;
  return {
    AUTH_URL: url,
    CACHE_TTL: String(cache.ttlSeconds),
    DATABASE_POOL_SIZE: String(database.poolSize),
    LOG_LEVEL: "info",
    MAX_CONCURRENT_REQUESTS: String(service.maxConcurrentRequests),
    METRICS_PORT: String(service.metricsPort),
    PORT: String(service.port),
    SHUTDOWN_DELAY_SECONDS: String(service.drainSeconds),
    SHUTDOWN_GRACE_SECONDS: String(service.graceSeconds),
    TRUSTED_PROXIES: String(trustedProxies(settings)),
    ...service.environment,
  };
}

/**
 * Proxies of ours in front of the application: it believes that many entries of `X-Forwarded-For`, counted from the end.
 * CloudFront and the load balancer append one each; nginx and Vercel replace what the visitor sent by a single one; a
 * Gateway or an Ingress controller appends one. Where your own CDN stands before those, say so in `service.environment`.
 */
const trustedProxies = ({ target, cdn }: Settings) =>
  target === "aws-ecs" && cdn.implementation === "cloudfront" ? 2 : 1;

/** Values from the configuration become secrets here, before any component sees them. */
export function secretSources(settings: Settings): Record<string, SecretSource> {
  return Object.fromEntries(
    Object.entries(declaredSecrets(settings)).flatMap(([name, source]): [string, SecretSource][] => {
      if (typeof source === "string") return [[name, { from: "value", value: pulumi.secret(source) }]];
      if ("generate" in source) return generations(name, source);
      const { reference, keyArn } = source;
      return [[name, { from: "reference", reference, ...(keyArn === undefined ? {} : { keyArn }) }]];
    }),
  );
}

/** While a secret is rotated, the application accepts a second one, and uses it for nothing new. */
function generations(
  name: string,
  { generate: bytes, generation, fallback }: { generate: number; generation?: number; fallback?: number },
): [string, SecretSource][] {
  return [
    [name, { from: "generate", bytes, ...(generation !== undefined && { generation }) }],
    ...(fallback === undefined
      ? []
      : [
          [fallbackOf(name), { from: "generate", bytes, generation: fallback, of: name }] satisfies [
            string,
            SecretSource,
          ],
        ]),
  ];
}

/** A worker or a job in the words of its component: the application's image and variables with a command of its own. */
export function processArgs(
  { service }: Settings,
  {
    command,
    cpuMillis,
    memoryMb,
    replicas = 1,
  }: { command: readonly string[]; replicas?: number } & Partial<ServiceSize>,
): Omit<Process, "image" | "environment"> {
  return {
    command,
    ...imageUser(service),
    size: { cpuMillis: cpuMillis ?? service.cpuMillis, memoryMb: memoryMb ?? service.memoryMb },
    scaling: { minReplicas: replicas, maxReplicas: replicas },
    // Nothing routes to it that would have to learn first that it leaves.
    shutdown: { drainSeconds: 0, graceSeconds: service.graceSeconds },
    metricsPort: service.metricsPort,
  };
}

/** Workers and jobs by name, each as what `create` makes of it. */
export function eachOf<Declared, Made>(
  declared: Readonly<Record<string, Declared>>,
  create: (name: string, declared: Declared) => Made,
): Made[] {
  return Object.entries(declared).map(([name, one]) => create(name, one));
}

/** The output `jobs`: by name, the command that starts each. */
export function startsOf(
  { jobs }: Settings,
  made: readonly { readonly start: pulumi.Output<string> }[],
): Pick<StackOutputs, "jobs"> {
  const names = Object.keys(jobs);
  if (names.length === 0) return {};
  return { jobs: pulumi.output(Object.fromEntries(names.map((name, index) => [name, made[index]!.start]))) };
}

/** Address of the readiness check; of an image that has no path for it, the site itself. */
export function healthUrl({ service }: Settings, url: pulumi.Input<string>): pulumi.Output<string> {
  const path = service.health?.ready ?? "/api/ready";
  return pulumi.interpolate`${url}${path === tcp ? "/" : path}`;
}

/** Arguments that every implementation of the database has. */
export function databaseArgs({ database }: Settings): DatabaseArgs & { cpuMillis: number; memoryMb: number } {
  const { version, storageGb, standby, readReplicas, backupRetentionDays, protect, cpuMillis, memoryMb } = database;
  return { version, storageGb, standby, readReplicas, backupRetentionDays, protect, cpuMillis, memoryMb };
}

/** What only RDS is told, on whichever target it stands. */
export function rdsArgs({
  database,
  preset,
}: Settings): Pick<
  AwsRdsPostgresArgs,
  | "allowMajorVersionUpgrade"
  | "backupCron"
  | "finalSnapshot"
  | "instanceClass"
  | "maxStorageGb"
  | "proxy"
  | "storageKeyArn"
> {
  const { allowMajorVersionUpgrade, backupCron, finalSnapshot, instanceClass, maxStorageGb, proxy, storageKeyArn } =
    database;
  // What is made many times and destroyed as often leaves nothing behind that is paid for.
  const leavesSnapshot = finalSnapshot ?? (preset !== "development" || database.protect);
  return {
    ...{ allowMajorVersionUpgrade, backupCron, instanceClass, maxStorageGb, proxy, storageKeyArn },
    finalSnapshot: leavesSnapshot,
  };
}

/** What only Aurora is told. */
export function auroraArgs(settings: Settings) {
  const { version, standby, readReplicas, backupRetentionDays, protect, minAcu, maxAcu, autoPauseSeconds } =
    settings.database;
  const { allowMajorVersionUpgrade, backupCron, finalSnapshot, proxy, storageKeyArn } = rdsArgs(settings);
  return {
    ...{ version, standby, readReplicas, backupRetentionDays, protect, minAcu, maxAcu, autoPauseSeconds },
    ...{ allowMajorVersionUpgrade, backupCron, finalSnapshot, proxy, storageKeyArn },
  } satisfies Partial<AwsAuroraServerlessV2Args>;
}

/** Minute and hour of a daily cron expression. */
export function dailyAt({ database }: Settings): { hour: number; minute: number } {
  const [minute, hour] = database.backupCron.trim().split(/\s+/).map(Number);
  return { hour: hour ?? 0, minute: minute ?? 0 };
}

export function imageSource({ image, build }: AwsEcsSettings | DockerSettings): ImageSource {
  return image === undefined ? { from: "build", ...build } : { from: "registry", reference: image };
}

/**
 * What a build may read and no layer holds. The key that encrypts what server actions close over is made once and kept,
 * so that a page of the previous release can still call the actions of this one.
 */
export function buildSecrets({ build }: Settings, name: string): Record<string, pulumi.Input<string>> {
  if (build === undefined) return {};
  const files = Object.entries(build.secrets ?? {}).map(([id, path]) => [
    id,
    pulumi.secret(readFileSync(path, "utf8")),
  ]);
  return {
    server_actions_key: new random.RandomBytes(`${name}-server-actions-key`, { length: 32 }).base64,
    ...(Object.fromEntries(files) as Record<string, pulumi.Input<string>>),
  };
}
