import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DockerValkey } from "../../components/cache/docker-valkey";
import { routedBy } from "../../components/ingress/contract";
import type { AcmeArgs } from "../../components/ingress/docker/certbot";
import type { DnsProvider } from "../../components/ingress/docker/dns-providers";
import { DockerNginx } from "../../components/ingress/docker/nginx";
import { killAfterSeconds } from "../../components/workload/contract";
import { DockerService } from "../../components/workload/docker/service";
import { DockerJob } from "../../components/workload/docker/job";
import { containerEnvironment } from "../../components/workload/docker/environment";
import { DockerWorker } from "../../components/workload/docker/worker";
import { DockerRouter } from "../../components/ingress/docker/router";
import { assertBuildx } from "../../components/image/docker-buildx";
import { DockerPostgres, type PointInTimeArgs } from "../../components/database/docker/postgres";
import { DockerImage } from "../../components/image/docker-image";
import { DockerExporters } from "../../components/monitoring/docker-exporters";
import { DockerGrafana } from "../../components/monitoring/docker-grafana";
import { DockerPrometheus } from "../../components/monitoring/docker-prometheus";
import { DockerNetworks } from "../../components/network/docker-networks";
import type { DockerSecretRef } from "../../components/secrets/contract";
import { DockerSecrets } from "../../components/secrets/docker-secrets";
import { DockerUploads } from "../../components/storage/docker-uploads";
import {
  applicationEnvironment,
  buildSecrets,
  dailyAt,
  databaseArgs,
  eachOf,
  healthUrl,
  imageSource,
  assetPath,
  ingressArgs,
  processArgs,
  secretSources,
  serviceArgs,
  startsOf,
} from "../application";
import { databaseRoles } from "../database-roles";
import { errorPageAt } from "../error-page";
import type { DockerOperations } from "../operations";
import type { StackOutputs } from "../outputs";
import { existingCache, existingDatabase, existingStorage, given, type Part, merge } from "../parts";
import type { DockerSettings } from "../settings/settings";
import { backupSecrets, hasPointInTimeRecovery } from "./recovery";
import { dockerRotations } from "./rotations";

/** One Docker host: networks, PostgreSQL, Valkey, the application, nginx in front, Prometheus beside. */
export function docker(settings: DockerSettings): StackOutputs {
  const { domain, network: ports, monitoring: watch, tls } = settings;
  if (settings.image === undefined) assertBuildx();
  // The router answers from one buffer of 64 KiB, headers included.
  const errorPage = errorPageAt("docker.errorPage", settings.docker.errorPage, 48);
  const host = engineOf(settings);
  const name = settings.docker.name ?? `slipway-${pulumi.getStack()}`;
  const supporting = (image: keyof typeof supportingImages | "postgres") =>
    new DockerImage(`${name}-${image}`, {
      source: { from: "registry", reference: settings.images[image] ?? publicImage(image) },
    }).reference;
  const publicImage = (image: keyof typeof supportingImages | "postgres") =>
    image === "postgres" ? postgresImages[settings.database.version] : supportingImages[image];

  const network = new DockerNetworks(name);
  const image = new DockerImage(`${name}-app-image`, {
    source: imageSource(settings),
    buildSecrets: buildSecrets(settings, `${name}-app-image`),
  });
  const secrets = new DockerSecrets(`${name}-secrets`, { secrets: secretSources(settings), image: image.reference });
  const uploads = createUploads();
  const database = createDatabase();
  const cache = createCache();
  const application = merge(database, cache, uploads ?? existingStorage(settings));
  const origin = `https://${domain}${ports.httpsPort === 443 ? "" : `:${ports.httpsPort}`}`;
  const migrationNetwork = settings.database.implementation === "external" ? network.edge : network.internal;
  const { environment, migrationEnvironment } = databaseRoles(
    settings,
    {
      ...applicationEnvironment(settings, origin),
      ...application.environment,
      ...ofApplication(secrets.refs),
      RELEASE: image.release,
    },
    database.environment,
  );
  // `slipway release` has run it in this very image.
  const isMigrated = settings.image !== undefined && settings.docker.migratedImage === settings.image;
  const service = new DockerService(
    `${name}-app`,
    {
      ...serviceArgs(settings),
      ...(isMigrated && { migration: undefined, migratedImage: settings.image }),
      network,
      image,
      uploads: uploads?.volume,
      migrationNetwork,
      environment,
      migrationEnvironment,
    },
    { dependsOn: [database, cache].filter((part) => pulumi.Resource.isInstance(part)) },
  );
  // After the release: when that fails, the previous one goes on whole.
  const after = { dependsOn: [service] };
  const place = { network, uploads: uploads?.volume };
  eachOf(
    settings.workers,
    (worker, declared) =>
      new DockerWorker(
        `${name}-worker-${worker}`,
        { ...place, process: { ...processArgs(settings, declared), image, environment } },
        after,
      ),
  );
  const jobs = eachOf(
    settings.jobs,
    (job, { cron, timeoutMinutes, ...declared }) =>
      new DockerJob(
        `${name}-job-${job}`,
        { ...place, process: { ...processArgs(settings, declared), image, environment }, cron, timeoutMinutes },
        after,
      ),
  );
  const router = new DockerRouter(
    `${name}-router`,
    {
      network,
      image: supporting("haproxy"),
      replicas: service.replicas,
      port: settings.service.port,
      domain,
      readyPath: routedBy(serviceArgs(settings).health),
      graceSeconds: settings.service.graceSeconds,
      assetPath: assetPath(settings),
      errorPage,
    },
    // Compose starts by this order; Pulumi waits for the replicas' names anyway.
    { dependsOn: [service] },
  );
  const nginx = new DockerNginx(`${name}-nginx`, {
    network,
    socket: router.socket,
    state: router.receipts,
    errorPage,
    acmeFolder: tls.acmeFolder,
    acme: acme(),
    basicAuthUser: settings.docker.basicAuthUser,
    image: supporting("nginx"),
    domain,
    bindAddress: ports.bindAddress,
    httpPort: ports.httpPort,
    httpsPort: ports.httpsPort,
    certificateFolder: tls.certificateFolder,
    trustedProxies: ports.trustedProxies,
    maxBodyMb: ports.maxBodyMb,
    http3: ports.http3,
    statusPort: settings.docker.exporters,
    ...ingressArgs(settings),
    assetCacheDays: settings.cdn.implementation === "nginx" ? settings.cdn.assetRetentionDays : undefined,
  });
  const exporters = settings.docker.exporters
    ? new DockerExporters(`${name}-exporters`, {
        network,
        images: {
          node: supporting("nodeExporter"),
          nginx: supporting("nginxExporter"),
          blackbox: supporting("blackboxExporter"),
        },
        ingress: `${name}-nginx`,
        domain,
      })
    : undefined;
  const monitoring = new DockerPrometheus(`${name}-monitoring`, {
    network,
    images: { prometheus: supporting("prometheus"), alertmanager: supporting("alertmanager") },
    scrape: service.upstream,
    alsoScrape: [
      ...jobs.map(({ scrape }) => scrape),
      ...(database.metrics ? [database.metrics] : []),
      ...(exporters?.scrape ?? []),
    ],
    sources: [
      ...service.signals,
      ...jobs.flatMap(({ signals }) => signals),
      ...application.signals,
      ...(exporters?.signals ?? []),
    ],
    thresholds: watch,
    notify: watch,
    compositeAlarms: watch.compositeAlarms,
    domain: settings.domain,
    smtp: watch.smtp,
    port: ports.monitoringPort,
    retentionDays: watch.logRetentionDays,
  });
  const grafana = settings.docker.grafana
    ? new DockerGrafana(`${name}-grafana`, {
        network,
        image: supporting("grafana"),
        prometheus: monitoring.address,
        dashboards: monitoring.dashboards,
        port: settings.docker.grafanaPort,
      })
    : undefined;

  return {
    url: nginx.url,
    health: healthUrl(settings, nginx.url),
    dashboard: monitoring.dashboard,
    logs: service.logs,
    rollback: `set slipway:image to that of the previous release, then pulumi up -s ${pulumi.getStack()}`,
    ...(database.restore && { restore: database.restore }),
    ...startsOf(settings, jobs),
    operations: operations(),
    ...(nginx.basicAuth && { basicAuth: nginx.basicAuth }),
    ...(grafana && { grafana: pulumi.interpolate`${grafana.url} admin:${grafana.password}` }),
  };

  function operations(): pulumi.Output<DockerOperations> {
    const { health, shutdown, scaling, migration, release } = serviceArgs(settings);
    return pulumi.output({
      target: "docker",
      stack: pulumi.getStack(),
      ...(host !== undefined && { host }),
      service: `${name}-app`,
      containers: service.replicas,
      image: settings.image ?? image.reference,
      replicas: scaling.minReplicas,
      networks: { internal: network.internal, edge: network.edge },
      port: settings.service.port,
      readyPath: health.readyPath,
      startupSeconds: health.startupSeconds,
      drainSeconds: shutdown.drainSeconds,
      stopSeconds: killAfterSeconds(shutdown),
      ...(migration && { migration: { command: migration, network: migrationNetwork, ...migratesAs() } }),
      release,
      ingress: `${name}-nginx`,
      rotations: dockerRotations(settings, name),
      receipts: router.receipts,
      ...(database.backup && { backup: { container: database.backup } }),
    } as const);
  }

  /** For `slipway release`, which makes the migration like a replica. */
  function migratesAs() {
    const own = Object.entries(migrationEnvironment).filter(([variable]) => variable.startsWith("DATABASE_MIGRATION_"));
    const { variables, mounts } = containerEnvironment(Object.fromEntries(own));
    const volumes = mounts.map(({ target, source }) => [target, source!] as [string, pulumi.Input<string>]);
    const withheld = Object.keys(environment).filter((variable) => !(variable in migrationEnvironment));
    return {
      ...(own.length > 0 && { variables, volumes: Object.fromEntries(volumes) }),
      ...(withheld.length > 0 && { withheld }),
    };
  }

  function acme(): AcmeArgs | undefined {
    if (tls.acme === undefined) return undefined;
    const { email, directoryUrl, rootCertificate, dnsProvider: provider, dnsCredentials } = tls.acme;
    const reference = settings.images.certbot ?? certbotImage(provider);
    return {
      image: new DockerImage(`${name}-certbot`, { source: { from: "registry", reference } }).reference,
      ...{ email, directoryUrl, rootCertificate },
      ...(provider && { dns: { provider, credentials: secrets.refs[dnsCredentials!] as DockerSecretRef } }),
    };
  }

  function createDatabase(): Part & Partial<Pick<DockerPostgres, "metrics" | "backup">> {
    if (settings.database.implementation !== "docker") return existingDatabase(`${name}-database`, settings, secrets);
    return new DockerPostgres(`${name}-database`, {
      ...databaseArgs(settings),
      version: settings.database.version,
      backupAt: dailyAt(settings),
      network,
      image: supporting("postgres"),
      pointInTime: hasPointInTimeRecovery(settings) ? pointInTime() : undefined,
    });
  }

  function pointInTime(): PointInTimeArgs {
    const { backupBucket, backupEndpoint, backupRegion, backupAuthority, recoveryPointSeconds } = settings.docker;
    const key = (secret: (typeof backupSecrets)[number]) => secrets.refs[secret] as DockerSecretRef | undefined;
    // With the other value of one that is rotated: rows may have been encrypted by it.
    const generated = Object.entries(ofApplication(secretSources(settings))).filter(
      ([, { from }]) => from === "generate",
    );
    return {
      image: new DockerImage(`${name}-backup-image`, {
        source: {
          from: "build",
          context: backupImageFolder,
          args: { BASE: settings.images.postgres ?? publicImage("postgres") },
        },
        legacyBuilder: true,
      }).reference,
      recoveryPointSeconds,
      key: key("BACKUP_KEY"),
      uploads: uploads?.volume,
      keys: Object.fromEntries(generated.map(([secret]) => [secret, secrets.refs[secret] as DockerSecretRef])),
      ...(backupBucket !== undefined && {
        bucket: {
          ...{ destination: backupBucket, endpoint: backupEndpoint, region: backupRegion },
          certificateAuthority: backupAuthority === undefined ? undefined : readFileSync(backupAuthority, "utf8"),
          accessKeyId: given(key("BACKUP_ACCESS_KEY_ID"), "secrets.BACKUP_ACCESS_KEY_ID"),
          secretAccessKey: given(key("BACKUP_SECRET_ACCESS_KEY"), "secrets.BACKUP_SECRET_ACCESS_KEY"),
        },
      }),
    };
  }

  /** Without what opens the backups or the domain's DNS, which is no business of the application. */
  function ofApplication<Value>(values: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
    const others = [...(hasPointInTimeRecovery(settings) ? backupSecrets : []), tls.acme?.dnsCredentials];
    return Object.fromEntries(Object.entries(values).filter(([key]) => !others.includes(key)));
  }

  function createCache(): Part {
    if (settings.cache.implementation !== "docker") return existingCache(settings);
    const { memoryMb } = settings.cache;
    return new DockerValkey(`${name}-cache`, { memoryMb, cpuMillis: 250, network, image: supporting("valkey") });
  }

  function createUploads(): DockerUploads | undefined {
    return settings.storage.implementation === "volume"
      ? new DockerUploads(`${name}-uploads`, { protect: settings.database.protect })
      : undefined;
  }
}

/** The engine that the stack file names, as every verb asks it too. */
function engineOf({ image }: DockerSettings): string | undefined {
  const host = new pulumi.Config("docker").get("host");
  const builder = new pulumi.Config("docker-build").get("host");
  if (image !== undefined || host === builder || process.env["DOCKER_HOST"] === host) return host;
  throw new pulumi.RunError(
    `docker:host is ${host ?? "not set"} and docker-build:host ${builder ?? "is not set"}: slipway:build would build on one engine for another. Set both to the same. Nothing was created.`,
  );
}

/** Relative to the project, as Docker's builder and a rendered Compose file take it. */
const backupImageFolder = relative(process.cwd(), join(__dirname, "../../components/database/docker/image"));

/** https://hub.docker.com, each by the newest version that this release was written against. */
const supportingImages = {
  valkey: "valkey/valkey:8.1.3",
  nginx: "nginxinc/nginx-unprivileged:1.28.0",
  haproxy: "haproxy:3.2.4",
  prometheus: "prom/prometheus:v3.5.0",
  alertmanager: "prom/alertmanager:v0.28.1",
  nodeExporter: "prom/node-exporter:v1.9.1",
  nginxExporter: "nginx/nginx-prometheus-exporter:1.5.1",
  blackboxExporter: "prom/blackbox-exporter:v0.27.0",
  grafana: "grafana/grafana:12.2.0",
} as const;

/** https://hub.docker.com/u/certbot: one image a plugin. */
const certbotImage = (plugin: DnsProvider | undefined) =>
  `certbot/${plugin === undefined ? "certbot" : `dns-${plugin}`}:v5.8.0`;

const postgresImages = {
  "15": "postgres:15.14",
  "16": "postgres:16.10",
  "17": "postgres:17.6",
  "18": "postgres:18.0",
} as const;
