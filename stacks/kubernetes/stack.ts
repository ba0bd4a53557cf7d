import { KubernetesValkey } from "../../components/cache/kubernetes-valkey";
import { KubernetesService } from "../../components/workload/kubernetes/service";
import { KubernetesJob } from "../../components/workload/kubernetes/job";
import { KubernetesWorker } from "../../components/workload/kubernetes/worker";
import type { KubernetesRoute } from "../../components/ingress/kubernetes-route";
import { KubernetesCloudNativePg } from "../../components/database/kubernetes/cloudnative-pg";
import type { ObjectStorage } from "../../components/database/kubernetes/object-store";
import { registryImage } from "../../components/image/registry-image";
import { KubernetesPrometheus } from "../../components/monitoring/kubernetes/prometheus";
import type { KubernetesNetwork } from "../../components/network/contract";
import { KubernetesNamespace } from "../../components/network/kubernetes-namespace";
import type { ClusterNetwork } from "../../components/shared/kubernetes-peers";
import { KubernetesUploads } from "../../components/storage/kubernetes-uploads";
import type { SecretStore } from "../../components/secrets/contract";
import { KubernetesSecrets } from "../../components/secrets/kubernetes-secrets";
import { all, getProject, getStack, type ComponentResourceOptions } from "@pulumi/pulumi";
import { labelled } from "../../components/shared/kubernetes-labels";
import { requireSdks } from "../../components/shared/sdk";
import {
  applicationEnvironment,
  databaseArgs,
  eachOf,
  processArgs,
  healthUrl,
  secretSources,
  serviceArgs,
  startsOf,
} from "../application";
import { ingressNamespaceOf } from "./constraints";
import { namespacesOf, placeOf, reachOf } from "./outbound";
import { kubernetesRotations } from "./rotations";
import { databaseRoles } from "../database-roles";
import type { StackOutputs } from "../outputs";
import { existingCache, existingDatabase, existingStorage, given, type Part, merge } from "../parts";
import type { KubernetesSettings } from "../settings/settings";

/** Any Kubernetes, with the operators that docs/kubernetes.md names. */
export function kubernetes(settings: KubernetesSettings): StackOutputs {
  const { kubernetes: cluster, monitoring } = settings;
  const of = (component: string) => labelled({ project: getProject(), stack: getStack(), component });

  const network = new KubernetesNamespace(
    "network",
    {
      namespace: cluster.namespace,
      existing: cluster.existingNamespace,
      protect: settings.database.protect,
      cpuLimits: cluster.cpuLimit,
      // Cilium gives each Ingress and Gateway a Service with a load balancer beside it.
      loadBalancers: (cluster.gatewayClass ?? cluster.ingressClass) === "cilium" ? 1 : 0,
      cluster: clusterNetwork(settings),
    },
    of("network"),
  );
  const secrets = new KubernetesSecrets("secrets", { network, secrets: secretSources(settings) }, of("secrets"));
  const database = createDatabase(settings, network, secrets, of("database"));
  const cache = createCache(settings, network, of("cache"));
  const { imagePullSecret, monitoringNamespace } = cluster;
  const uploads = createUploads(settings, network, of("storage"));
  const application = merge(database, cache, uploads ?? existingStorage(settings));
  const reach = reachOf(settings);
  const image = registryImage(settings.image);
  const { environment, migrationEnvironment } = databaseRoles(
    settings,
    { ...applicationEnvironment(settings), ...application.environment, ...secrets.refs },
    database.environment,
  );
  const pods = {
    network,
    cluster: clusterNetwork(settings),
    placement: cluster,
    podLabels: cluster.podLabels,
    requests: { cpuMillis: cluster.requestCpuMillis, memoryMb: cluster.requestMemoryMb },
    cpuLimit: cluster.cpuLimit,
    podAnnotations: cluster.podAnnotations,
    uploadsClaim: uploads?.claim,
    imagePullSecret,
  };
  const service = new KubernetesService(
    "web",
    {
      ...serviceArgs(settings),
      ...pods,
      image,
      environment,
      migrationEnvironment,
      route: routeOf(settings),
      ingressNamespace: ingressNamespaceOf(cluster),
      routeAnnotations: cluster.routeAnnotations,
      redirectFrom: settings.network.redirectFrom,
      maxBodyMb: settings.network.maxBodyMb,
      zones: cluster.serviceZones,
      outbound: reach.outbound,
      serviceAccount: cluster.serviceAccount,
      monitoringNamespace,
      serviceAccountAnnotations: cluster.serviceAnnotations,
      egressPorts: reach.ports,
      egressUdpPorts: reach.udpPorts,
      ...(cluster.autoscaler === "keda" && {
        keda: { prometheusUrl: given(cluster.prometheusUrl, "kubernetes.prometheusUrl") },
      }),
      ...(cluster.prometheusUrl === undefined || settings.service.health !== undefined
        ? {}
        : {
            analysis: {
              ...monitoring,
              prometheusUrl: cluster.prometheusUrl,
              minimumRequests: settings.release.minimumRequests,
            },
          }),
    },
    of("service"),
  );
  // After the release: when that fails, the previous one goes on whole.
  const after = (component: string) => ({ dependsOn: [service], ...of(component) });
  const beside = { ...pods, serviceAccount: service.serviceAccount };
  const workers = eachOf(
    settings.workers,
    (name, worker) =>
      new KubernetesWorker(
        `worker-${name}`,
        { ...beside, process: { ...processArgs(settings, worker), image, environment } },
        after("worker"),
      ),
  );
  const jobs = eachOf(
    settings.jobs,
    (name, { cron, timeoutMinutes, ...job }) =>
      new KubernetesJob(
        `job-${name}`,
        { ...beside, process: { ...processArgs(settings, job), image, environment }, cron, timeoutMinutes },
        after("job"),
      ),
  );
  const watch = new KubernetesPrometheus(
    "monitoring",
    {
      network,
      sources: [...service.signals, ...[...workers, ...jobs].flatMap(({ signals }) => signals), ...application.signals],
      thresholds: monitoring,
      notify: monitoring,
      compositeAlarms: monitoring.compositeAlarms,
      domain: settings.domain,
      smtp: monitoring.smtp,
      monitoringNamespace,
      selectorLabels: cluster.monitoringLabels,
      grafanaUrl: cluster.grafanaUrl,
    },
    of("monitoring"),
  );

  return {
    url: service.url,
    health: healthUrl(settings, service.url),
    dashboard: watch.dashboard,
    logs: service.logs,
    rollback: service.rollback,
    ...(database.restore && { restore: database.restore }),
    ...startsOf(settings, jobs),
    operations: all([network.namespace, kubernetesRotations(settings, database)]).apply(([namespace, rotations]) => ({
      target: "kubernetes" as const,
      namespace,
      kind: settings.release.strategy === "rolling" ? ("Deployment" as const) : ("Rollout" as const),
      name: "web",
      container: "web",
      image: settings.image,
      ...(settings.database.implementation === "cloudnative-pg" &&
        backupOf(settings) !== undefined && { backups: { cluster: "database", database: "app" } }),
      rotations,
    })),
  };
}

function createDatabase(
  settings: KubernetesSettings,
  network: KubernetesNetwork,
  secrets: SecretStore,
  options: ComponentResourceOptions,
): Part {
  const { database, kubernetes: cluster, images } = settings;
  switch (database.implementation) {
    case "cloudnative-pg":
      return new KubernetesCloudNativePg(
        "database",
        {
          ...databaseArgs(settings),
          network,
          storageClass: cluster.storageClass,
          image: images.postgres,
          ownerMakesRoles: database.separateRoles,
          imagePullSecret: cluster.imagePullSecret,
          operatorNamespace: cluster.operatorNamespace,
          monitoringNamespace: cluster.monitoringNamespace,
          serviceAccountAnnotations: cluster.databaseAnnotations,
          backup: backupOf(settings),
          poolerCpuMillis: cluster.poolerCpuMillis,
          poolerMemoryMb: cluster.poolerMemoryMb,
          clients: clientsOf(settings),
          zones:
            cluster.databaseZones ?? (settings.preset === "production" && database.standby ? "required" : "preferred"),
          walStorageGb: cluster.walStorageGb,
          cluster: clusterNetwork(settings),
          outbound:
            cluster.backupEndpoint === undefined
              ? []
              : namespacesOf([placeOf(cluster.backupEndpoint, cluster.namespace) ?? {}]),
          placement: cluster,
        },
        options,
      );
    case "rds": {
      requireSdks("slipway:database.implementation rds", ["@pulumi/aws"]);
      const { createRds } = require("./rds") as typeof import("./rds");
      return createRds(settings, database);
    }
    default:
      return existingDatabase("database", settings, secrets);
  }
}

function createCache(
  settings: KubernetesSettings,
  network: KubernetesNetwork,
  options: ComponentResourceOptions,
): Part {
  const { cache, images, kubernetes: cluster } = settings;
  if (cache.implementation !== "kubernetes") return existingCache(settings);
  return new KubernetesValkey(
    "cache",
    {
      memoryMb: cache.memoryMb,
      cpuMillis: cluster.cacheCpuMillis,
      network,
      image: images.valkey,
      exporterImage: images.redisExporter,
      imagePullSecret: cluster.imagePullSecret,
      monitoringNamespace: cluster.monitoringNamespace,
      placement: cluster,
    },
    options,
  );
}

/** Connections to the database that all processes open at most, a release's second set of replicas among them. */
function clientsOf({ service, workers, jobs, database, release }: KubernetesSettings): number {
  const replicas = Math.ceil(service.maxReplicas * (release.strategy === "blue-green" ? 2 : 1.25));
  const beside = Object.values(workers).reduce((sum, { replicas = 1 }) => sum + replicas + 1, 0);
  return (replicas + beside + Object.keys(jobs).length) * database.poolSize;
}

function createUploads(
  { storage, kubernetes, database }: KubernetesSettings,
  network: KubernetesNetwork,
  options: ComponentResourceOptions,
): KubernetesUploads | undefined {
  if (storage.implementation !== "volume") return undefined;
  return new KubernetesUploads(
    "uploads",
    {
      network,
      storageClass: kubernetes.uploadsStorageClass,
      sizeGb: kubernetes.uploadsGb,
      protect: database.protect,
    },
    options,
  );
}

function clusterNetwork({ kubernetes }: KubernetesSettings): ClusterNetwork {
  const { networkPlugin, dnsCidrs, ingressCidrs, apiServerCidrs, apiServerPorts, workloadIdentity } = kubernetes;
  return { plugin: networkPlugin, dnsCidrs, ingressCidrs, apiServerCidrs, apiServerPorts, workloadIdentity };
}

function backupOf({ database, kubernetes }: KubernetesSettings): ObjectStorage | undefined {
  const { backupBucket, backupEndpoint, backupServerName, backupCredentialsSecret } = kubernetes;
  if (backupBucket === undefined) return undefined;
  return {
    destination: backupBucket,
    cron: database.backupCron,
    endpointUrl: backupEndpoint,
    serverName: backupServerName,
    credentialsSecret: backupCredentialsSecret,
    cpuMillis: kubernetes.backupCpuMillis,
    memoryMb: kubernetes.backupMemoryMb,
  };
}

function routeOf({ kubernetes: { gateway, gatewayClass, ingressClass }, tls }: KubernetesSettings): KubernetesRoute {
  if (gatewayClass !== undefined) return { through: "own-gateway", gatewayClass, issuer: tls.issuer! };
  if (gateway === undefined) return { through: "ingress", ingressClass, issuer: tls.issuer };
  const [namespace, name] = gateway.split("/") as [string, string];
  return { through: "gateway", namespace, gateway: name };
}
