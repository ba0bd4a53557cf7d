import { resolveSettings } from "../../../stacks/settings/load";
import { runStack } from "../../../stacks/targets";
import type { Plan } from "../../../tools/plan/plan";
import { difference } from "../../../tools/sources/difference/difference";
import { record } from "../../record";

const backed = { namespace: "shop", ingressClass: "traefik", backupBucket: "s3://acme-backups/shop" };
const base = {
  target: "kubernetes",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  storage: { implementation: "volume" },
  tls: { issuer: "letsencrypt" },
  kubernetes: { ...backed, prometheusUrl: "http://prometheus.monitoring:9090" },
  secrets: { DSN: { reference: "vault:shop/sentry#dsn" } },
};
const cluster = (more: object) => ({ kubernetes: { ...base.kubernetes, ...more } });

/** A setting, and what the stack file has after the change. */
const settings: Readonly<Record<string, object>> = {
  image: { image: "ghcr.io/acme/shop:1.5.0" },
  domain: { domain: "www.example.com" },
  "tls.issuer": { tls: { issuer: "other" } },
  "service.environment": { service: { environment: { THEME: "dark" } } },
  "service.cpuMillis": { service: { cpuMillis: 2000 } },
  "service.memoryMb": { service: { memoryMb: 2048 } },
  "service.minReplicas": { service: { minReplicas: 4 } },
  "service.maxReplicas": { service: { maxReplicas: 40 } },
  "service.drainSeconds": { service: { drainSeconds: 20 } },
  "service.port": { service: { port: 4000 } },
  workers: { workers: { mail: { command: ["node", "mail.js"] } } },
  jobs: { jobs: { nightly: { command: ["node", "nightly.js"], cron: "0 3 * * *" } } },
  "release.strategy": { release: { strategy: "canary" } },
  "database.version": { database: { version: "18" } },
  "database.storageGb": { database: { storageGb: 200 } },
  "database.memoryMb": { database: { memoryMb: 8192 } },
  "database.standby": { database: { standby: false } },
  "database.readReplicas": { database: { readReplicas: 2 } },
  "database.backupCron": { database: { backupCron: "0 5 * * *" } },
  "database.backupRetentionDays": { database: { backupRetentionDays: 5 } },
  "cache.memoryMb": { cache: { memoryMb: 2048 } },
  "secrets.NAME.reference": { secrets: { DSN: { reference: "vault:shop/other#dsn" } } },
  "kubernetes.storageClass": cluster({ storageClass: "fast" }),
  "kubernetes.walStorageGb": cluster({ walStorageGb: 10 }),
  "kubernetes.backupBucket": cluster({ backupBucket: "s3://acme-backups/other" }),
  "kubernetes.uploadsGb": cluster({ uploadsGb: 50 }),
  "kubernetes.uploadsStorageClass": cluster({ uploadsStorageClass: "efs" }),
  "kubernetes.ingressClass": cluster({ ingressClass: "nginx" }),
  "kubernetes.gateway": { ...cluster({ gateway: "infra/public", ingressClass: undefined }), tls: {} },
  "kubernetes.nodeSelector": cluster({ nodeSelector: { pool: "web" } }),
  "kubernetes.tolerations": cluster({ tolerations: [{ key: "dedicated", operator: "Exists" }] }),
  "kubernetes.affinity": cluster({
    affinity: {
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 1,
            podAffinityTerm: {
              topologyKey: "topology.kubernetes.io/zone",
              labelSelector: { matchLabels: { app: "search" } },
            },
          },
        ],
      },
    },
  }),
  "kubernetes.serviceZones": cluster({ serviceZones: "required" }),
  "kubernetes.databaseZones": cluster({ databaseZones: "preferred" }),
  "kubernetes.autoscaler": cluster({ autoscaler: "keda" }),
  "kubernetes.requestCpuMillis": cluster({ requestCpuMillis: 100 }),
  "kubernetes.workloadIdentity": cluster({ workloadIdentity: "aks" }),
  "kubernetes.serviceAnnotations": cluster({ serviceAnnotations: { role: "shop" } }),
  "kubernetes.routeAnnotations": cluster({ routeAnnotations: { team: "shop" } }),
  "kubernetes.imagePullSecret": cluster({ imagePullSecret: "registry" }),
  "kubernetes.priorityClass": cluster({ priorityClass: "high" }),
  "kubernetes.podLabels": cluster({ podLabels: { team: "shop" } }),
  "kubernetes.poolerCpuMillis": cluster({ poolerCpuMillis: 900 }),
  "kubernetes.monitoringLabels": cluster({ monitoringLabels: { release: "kps" } }),
  "kubernetes.networkPlugin": cluster({ networkPlugin: "cilium" }),
  "kubernetes.namespace": cluster({ namespace: "other" }),
};

/** Kinds whose replacement loses data. */
const holdsData = new Set(["Namespace", "Cluster", "PersistentVolumeClaim", "ObjectStore", "StatefulSet", "RandomId"]);

export interface Change {
  /** `Kind name` by what happens to it. */
  readonly updated: readonly string[];
  readonly replaced: readonly string[];
  readonly created: readonly string[];
  readonly deleted: readonly string[];
  /** Workloads whose pods are replaced, one after the other. */
  readonly rolled: readonly string[];
  /** Stateful, and would be replaced: the engine refuses to, since they are protected. */
  readonly refused: readonly string[];
  /** Stateful, replaced, and not protected. */
  readonly lost: readonly string[];
}

const planOf = (file: object): Promise<Plan> =>
  record(() => runStack(resolveSettings("production", { ...base, ...file }, {})));

export async function changes(): Promise<Record<string, Change>> {
  const before = await planOf({});
  const result: Record<string, Change> = {};
  for (const [setting, file] of Object.entries(settings)) {
    result[setting] = changeOf(before, await planOf(file));
  }
  return result;
}

function changeOf(before: Plan, after: Plan): Change {
  const resources = difference(before, after).resources.filter(({ custom }) => custom);
  const named = (operation: string) =>
    resources.filter((each) => each.operation === operation).map(({ type, name }) => `${kindOf(type)} ${name}`);
  const stateful = (isProtected: boolean) =>
    resources
      .filter(
        ({ type, operation, options }) =>
          operation === "replace" && holdsData.has(kindOf(type)) && (options.protect === true) === isProtected,
      )
      .map(({ type, name }) => `${kindOf(type)} ${name}`);
  return {
    ...{ updated: named("update"), replaced: named("replace"), created: named("create"), deleted: named("delete") },
    rolled: resources
      .filter(
        ({ type, operation, changes }) =>
          operation === "update" &&
          /:(Deployment|Rollout|Cluster|Pooler)$/.test(type) &&
          changes?.some(({ path }) =>
            /^spec\.(template|resources|imageName|affinity|topologySpread|priorityClassName)/.test(path),
          ),
      )
      .map(({ type, name }) => `${kindOf(type)} ${name}`),
    refused: stateful(true),
    lost: stateful(false),
  };
}

/** The table of docs/kubernetes.md#what-a-change-does. */
export function tableOf(found: Readonly<Record<string, Change>>): string {
  const cell = (names: readonly string[]) => [...names].sort().join(", ");
  return [
    "| setting | pods replaced, one after the other | changed in place | made anew | created | deleted |",
    "| --- | --- | --- | --- | --- | --- |",
    ...Object.entries(found).map(([setting, { rolled, updated, replaced, created, deleted, refused }]) => {
      const made = refused.length === 0 ? cell(replaced) : `**refused while protected**: ${cell(refused)}`;
      const inPlace = updated.filter((name) => !rolled.includes(name));
      return `| \`${setting}\` | ${[cell(rolled), cell(inPlace), made, cell(created), cell(deleted)].join(" | ")} |`;
    }),
  ].join("\n");
}

const kindOf = (type: string) => type.split(/[:/]/).at(-1)!;
