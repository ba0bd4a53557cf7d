import type { Environment } from "../components/container-service/environment";
import { KubernetesValkey } from "../components/cache/kubernetes-valkey";
import { KubernetesService } from "../components/container-service/kubernetes-service";
import type { KubernetesRoute } from "../components/container-service/kubernetes-route";
import { ExternalPostgres } from "../components/database/external-postgres";
import { KubernetesCloudNativePg } from "../components/database/kubernetes-cloudnative-pg";
import { registryImage } from "../components/image/registry-image";
import type { SignalSource } from "../components/monitoring/contract";
import { KubernetesPrometheus } from "../components/monitoring/kubernetes-prometheus";
import type { KubernetesNetwork } from "../components/network/contract";
import { KubernetesNamespace } from "../components/network/kubernetes-namespace";
import type { SecretStore } from "../components/secrets/contract";
import { KubernetesSecrets } from "../components/secrets/kubernetes-secrets";
import { applicationEnvironment, databaseArgs, secretSources, serviceArgs } from "./application";
import type { StackOutputs } from "./outputs";
import type { Settings } from "./settings";

/** Any Kubernetes, with the operators that docs/kubernetes.md names. */
export function kubernetes(settings: Settings): StackOutputs {
  const { kubernetes: cluster, monitoring } = settings;

  const network = new KubernetesNamespace("network", {
    namespace: cluster.namespace,
    protect: settings.database.protect,
  });
  const secrets = new KubernetesSecrets("secrets", { network, secrets: secretSources(settings) });
  const database = createDatabase(settings, network, secrets);
  const cache = createCache(settings, network);
  const service = new KubernetesService("web", {
    ...serviceArgs(settings),
    network,
    image: registryImage(settings.image!),
    environment: {
      ...applicationEnvironment(settings),
      ...database.environment,
      ...cache.environment,
      ...storageEnvironment(settings),
      ...secrets.refs,
    },
    route: routeOf(settings),
    entranceNamespace: cluster.ingressNamespace,
    egressPorts: egressPorts(settings),
    ...(cluster.prometheusUrl === undefined
      ? {}
      : { analysis: { ...monitoring, prometheusUrl: cluster.prometheusUrl } }),
  });
  const watch = new KubernetesPrometheus("monitoring", {
    network,
    sources: [...service.signals, ...database.signals, ...cache.signals],
    thresholds: monitoring,
    notify: monitoring,
    smtp: monitoring.smtp,
  });

  return {
    url: service.url,
    health: service.url.apply((url) => `${url}/api/ready`),
    dashboard: watch.dashboard,
    logs: service.logs,
    rollback: service.rollback,
  };
}

/** What the application is told of something, and what is watched of it. */
interface Part {
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];
}

const nothing: Part = { environment: {}, signals: [] };

function createDatabase(settings: Settings, network: KubernetesNetwork, secrets: SecretStore): Part {
  const { database, kubernetes: cluster, images } = settings;
  switch (database.implementation) {
    case "cloudnative-pg":
      return new KubernetesCloudNativePg("database", {
        ...databaseArgs(settings),
        network,
        storageClass: cluster.storageClass,
        image: images.postgres,
        ...(cluster.backupBucket === undefined
          ? {}
          : { backup: { destination: cluster.backupBucket, cron: database.backupCron } }),
      });
    case "rds": {
      // Loaded only where it is used: the AWS SDK is most of a preview's time.
      const { AwsRdsPostgres } =
        require("../components/database/aws-rds-postgres") as typeof import("../components/database/aws-rds-postgres");
      const { environment } = new AwsRdsPostgres("database", {
        ...databaseArgs(settings),
        instanceClass: database.instanceClass,
        backupCron: database.backupCron,
        vpcId: database.vpcId!,
        subnetIds: database.subnetIds!,
        clientSecurityGroupIds: database.clientSecurityGroupIds!,
      });
      // RDS reports to CloudWatch, where no Prometheus sees it.
      return { environment, signals: [] };
    }
    case "external":
      return new ExternalPostgres("database", { url: database.url!, password: secrets.refs["DATABASE_PASSWORD"]! });
    case "none":
    case "docker":
      // The settings refuse Docker's database on a cluster: pairings.ts.
      return nothing;
  }
}

function createCache({ cache, images }: Settings, network: KubernetesNetwork): Part {
  if (cache.implementation === "none") return nothing;
  if (cache.implementation === "external") return { environment: { REDIS_URL: cache.url! }, signals: [] };
  return new KubernetesValkey("cache", {
    ...cache,
    network,
    image: images.valkey,
    exporterImage: images.redisExporter,
  });
}

function storageEnvironment({ storage }: Settings): Environment {
  if (storage.implementation !== "external") return {};
  return {
    STORAGE_BUCKET: storage.bucket!,
    ...(storage.endpoint === undefined ? {} : { STORAGE_ENDPOINT: storage.endpoint }),
  };
}

function routeOf({ kubernetes: { gateway, ingressClass }, tls }: Settings): KubernetesRoute {
  if (gateway === undefined) return { through: "ingress", ingressClass, issuer: tls.issuer };
  const [namespace, name] = gateway.split("/") as [string, string];
  return { through: "gateway", namespace, gateway: name };
}

/** HTTPS, and the ports of what lies outside of the namespace. */
function egressPorts({ database, cache, storage }: Settings): number[] {
  const port = (url: string | undefined, fallback: number) => Number(new URL(url!).port || fallback);
  return [
    ...new Set([
      443,
      ...(database.implementation === "rds" ? [5432] : []),
      ...(database.implementation === "external" ? [port(database.url, 5432)] : []),
      ...(cache.implementation === "external" ? [port(cache.url, 6379)] : []),
      ...(storage.endpoint === undefined ? [] : [port(storage.endpoint, 443)]),
    ]),
  ];
}
