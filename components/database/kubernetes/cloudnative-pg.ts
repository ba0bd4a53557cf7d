import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import type { NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget, type PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1";
import {
  type Input,
  ComponentResource,
  interpolate,
  log,
  output,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
} from "@pulumi/pulumi";
import type { Environment } from "../../shared/environment";
import { identityLabels, type ClusterNetwork, type Outbound } from "../../shared/kubernetes-peers";
import { placed, spread, spreadRequired, type Affinity, type Placement } from "../../shared/kubernetes-pod";
import { cpuQuantity, gibibytes, mebibytes } from "../../shared/kubernetes-quantity";
import { RandomId } from "@pulumi/random";
import type { SignalSource } from "../../monitoring/contract";
import type { KubernetesNetwork } from "../../network/contract";
import type { KubernetesSecretRef } from "../../secrets/contract";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import type { Database, DatabaseArgs } from "../contract";
import { maxConnections, tuning } from "../postgres-tuning";
import { openDatabaseDoors, port } from "./network-policies";
import { createObjectStore, type ObjectStorage } from "./object-store";
import { documentation } from "../../shared/documentation";

export interface KubernetesCloudNativePgArgs extends DatabaseArgs {
  /**
   * Namespace, and the labels of the pods that may connect.
   * @example new KubernetesNamespace("shop", { namespace: "shop" })
   */
  readonly network: KubernetesNetwork;
  /** Of each PostgreSQL server, in thousandths of a CPU. @example 500 */
  readonly cpuMillis: number;
  /** Of each PostgreSQL server, in MiB. A quarter of it becomes `shared_buffers`. @example 1024 */
  readonly memoryMb: number;
  /** Class of the volumes. Choose one that can grow. @default the cluster's own @example "gp3" */
  readonly storageClass?: Input<string>;
  /**
   * Where backups go. Without it there are none, and the program says so each time it runs.
   *
   * @default there are none
   * @example { destination: "s3://acme-backups/shop", cron: "15 3 * * *" }
   */
  readonly backup?: ObjectStorage;
  /**
   * Image of PostgreSQL with the operator's conventions, tagged with the major version.
   *
   * @default the project's own `standard` image of {@link DatabaseArgs.version}
   * @example "mirror.example.com/postgresql:17-standard-trixie"
   */
  readonly image?: Input<string>;
  /**
   * Whether the owner of the database may make roles: so that a migration makes one for the application.
   *
   * @default false
   * @example true
   */
  readonly ownerMakesRoles?: boolean;
  /**
   * Image of pgbouncer with the operator's conventions.
   *
   * @default what the installed operator brings
   * @example "mirror.example.com/pgbouncer:1.24"
   */
  readonly poolerImage?: Input<string>;
  /**
   * Secret of type `kubernetes.io/dockerconfigjson` in the namespace, for a private registry.
   *
   * @default none
   * @example "registry"
   */
  readonly imagePullSecret?: Input<string>;
  /**
   * Annotations of the servers' ServiceAccount, by which clouds give pods a role without a key: for the bucket of the
   * backups.
   *
   * @default none
   * @example { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/shop-backups" }
   */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  /** Namespace of the operator, which alone may steer the servers. @default cnpg-system @example "operators" */
  readonly operatorNamespace?: Input<string>;
  /** Namespace of Prometheus, which alone may read metrics. @default monitoring @example "observability" */
  readonly monitoringNamespace?: Input<string>;
  /**
   * Of each pgbouncer, in thousandths of a CPU: one serves thousands of queries a second with 250.
   *
   * @default a quarter of `cpuMillis`, 250 at least
   * @example 250
   */
  readonly poolerCpuMillis?: number;
  /** Of each pgbouncer, in MiB. @default what `clients` need, 128 at least @example 128 */
  readonly poolerMemoryMb?: number;
  /** How many connections applications open at most, all of which one pgbouncer takes when the other is lost. @default 1000 @example 2000 */
  readonly clients?: number;
  /**
   * Whether the servers must be in two zones at least. With `required` a standby waits for a second zone rather than run
   * beside its primary.
   *
   * @default preferred
   * @example "required"
   */
  readonly zones?: "required" | "preferred";
  /**
   * A volume of its own for the write-ahead log, in GiB, so that a full one is not the data's.
   *
   * @default none
   * @example 10
   */
  readonly walStorageGb?: number;
  /** How the cluster's network differs from the plainest. @default the plainest @example { plugin: "cilium" } */
  readonly cluster?: ClusterNetwork;
  /**
   * Whom the servers call beside the Kubernetes API and the bucket's port: a bucket in the cluster.
   *
   * @default nobody
   * @example [{ namespace: "minio" }]
   */
  readonly outbound?: readonly Outbound[];
  /** Which nodes run the servers and poolers, and how urgently. @default any @example { nodeSelector: { pool: "web" } } */
  readonly placement?: Placement;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly cluster?: Transform<CustomResourceArgs>;
    readonly pooler?: Transform<CustomResourceArgs>;
    readonly objectStore?: Transform<CustomResourceArgs>;
    readonly scheduledBackup?: Transform<CustomResourceArgs>;
    readonly networkPolicy?: Transform<NetworkPolicyArgs>;
    readonly disruptionBudget?: Transform<PodDisruptionBudgetArgs>;
  };
}

export interface KubernetesExistingPostgresArgs {
  /**
   * Namespace, and the labels of the pods that may connect.
   * @example new KubernetesNamespace("shop", { namespace: "shop" })
   */
  readonly network: KubernetesNetwork;
  /** Name of the Cluster. @example "shop-database" */
  readonly clusterName: Input<string>;
  /** Name of the database and of its owner. @default "app" @example "shop" */
  readonly databaseName?: string;
  /** Whether it has servers that answer reads only. @default false @example true */
  readonly readReplicas?: boolean;
  /** Of each server, in thousandths of a CPU. It is watched where this and {@link storageGb} are known. @default not known @example 500 */
  readonly cpuMillis?: number;
  /** Volume of each server, in GiB. @default not known @example 50 */
  readonly storageGb?: number;
  /** Poolers in front of it. @default none @example { write: "shop-pooler-rw" } */
  readonly poolers?: { readonly write: Input<string>; readonly read?: Input<string> };
}

/**
 * PostgreSQL run by the CloudNativePG operator (https://cloudnative-pg.io, 1.26 or later): a Cluster with failover, a
 * Pooler (pgbouncer, two pods) in front of the primary and of the read replicas, TLS required everywhere with a
 * certificate that names every address, and backups through the Barman Cloud plugin
 * (https://cloudnative-pg.io/plugin-barman-cloud; `spec.backup.barmanObjectStore` is deprecated since 1.26).
 *
 * Only the application's pods, the operator and Prometheus reach it. Costs what `1 + standby + readReplicas` pods of
 * that size with `storageGb` each cost on your nodes, and two pooler pods per kind.
 */
export class KubernetesCloudNativePg extends ComponentResource implements Database {
  readonly url: Output<string>;
  readonly password: KubernetesSecretRef;
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];
  readonly restore: Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: KubernetesCloudNativePgArgs,
    options?: ComponentResourceOptions,
  ) {
    super("slipway:database:KubernetesCloudNativePg", name, {}, transforming(options, args.transform));
    const kinds = args.readReplicas > 0 ? (["rw", "ro"] as const) : (["rw"] as const);

    const store = this.createObjectStore();
    const cluster = this.createCluster(kinds, store);
    const [writer, reader] = kinds.map((kind) => this.createPooler(kind, cluster));
    for (const kind of kinds) this.limitDisruption(kind);
    this.scheduleBackups(cluster);
    openDatabaseDoors(name, args, { parent: this });

    this.url = this.address(writer!.metadata.name);
    this.password = { store: "kubernetes", secret: interpolate`${cluster.metadata.name}-app`, key: "password" };
    this.environment = this.describeEnvironment(cluster, reader);
    this.signals = this.describeSignals();
    this.restore = this.describeRestore();
    this.registerOutputs({ url: this.url, restore: this.restore });
  }

  /**
   * A Cluster of the operator that exists in the namespace, with the Secrets the operator made. Its network policies must let
   * the application in.
   */
  static get(name: string, args: KubernetesExistingPostgresArgs): Database {
    const { clusterName, databaseName = "app", network, poolers } = args;
    const address = (host: Input<string>) =>
      interpolate`postgres://${databaseName}@${host}.${network.namespace}.svc:${port}/${databaseName}`;
    const password: KubernetesSecretRef = {
      store: "kubernetes",
      secret: interpolate`${clusterName}-app`,
      key: "password",
    };
    const url = address(poolers?.write ?? interpolate`${clusterName}-rw`);
    return {
      url,
      password,
      environment: {
        DATABASE_URL: url,
        DATABASE_MIGRATION_URL: address(interpolate`${clusterName}-rw`),
        ...(args.readReplicas === true
          ? { DATABASE_REPLICA_URL: address(poolers?.read ?? interpolate`${clusterName}-ro`) }
          : {}),
        DATABASE_PASSWORD: password,
        DATABASE_CA: { store: "kubernetes", secret: interpolate`${clusterName}-ca`, key: "ca.crt" },
        DATABASE_TLS: "verify-full",
      },
      signals:
        args.cpuMillis === undefined || args.storageGb === undefined
          ? []
          : [
              {
                kind: "database",
                name,
                identifiers: { exporter: "cloudnative-pg", namespace: network.namespace, cluster: clusterName },
                capacity: { storageGb: args.storageGb, cpus: args.cpuMillis / 1000 },
              },
            ],
      restore: output("The operator of the Cluster restores it: https://cloudnative-pg.io/docs/current/recovery/"),
    };
  }

  private get instances(): number {
    return 1 + (this.args.standby ? 1 : 0) + this.args.readReplicas;
  }

  private get owner(): string {
    return this.args.databaseName ?? "app";
  }

  private get data(): CustomResourceOptions {
    return { parent: this, protect: this.args.protect, retainOnDelete: this.args.protect };
  }

  private metadata(name: string): { name: string; namespace: Output<string> } {
    return { name, namespace: this.args.network.namespace };
  }

  /** Made of outputs, so that what uses the address waits for the server behind it. */
  private address(host: Output<string>): Output<string> {
    return interpolate`postgres://${this.owner}@${host}.${this.args.network.namespace}.svc:${port}/${this.owner}`;
  }

  /**
   * Folder of the bucket: of this namespace, and of this making of the cluster. A server that starts anew refuses to
   * archive into what another one wrote, and two stacks with one bucket would write over each other.
   */
  private archiveName(): Output<string> {
    const { hex } = new RandomId(`${this.name}-archive`, { byteLength: 3 }, this.data);
    if (this.args.backup?.serverName !== undefined) return output(this.args.backup.serverName);
    return interpolate`${this.args.network.namespace}-${this.name}-${hex}`;
  }

  private createObjectStore(): CustomResource | undefined {
    const { backup, backupRetentionDays, transform } = this.args;
    if (backup !== undefined) {
      const args = {
        ...backup,
        metadata: this.metadata(`${this.name}-backups`),
        retentionDays: backupRetentionDays,
        // It compresses what the server writes.
        cpuMillis: backup.cpuMillis ?? Math.max(250, Math.ceil(this.args.cpuMillis / 4)),
      };
      return createObjectStore(args, transform?.objectStore, this.data);
    }
    void log.warn(
      `${this.name} has no backups: a lost volume is lost data. Name a bucket in backup.destination.`,
      this,
    );
    return undefined;
  }

  private createCluster(kinds: readonly PoolerKind[], store: CustomResource | undefined): CustomResource {
    const { args, name } = this;
    const { cpuMillis, memoryMb, storageClass } = args;
    const resources = { cpu: cpuQuantity(cpuMillis), memory: mebibytes(memoryMb) };
    return new CustomResource(
      ...childOf<CustomResourceArgs>(
        `${name}-cluster`,
        {
          apiVersion: "postgresql.cnpg.io/v1",
          kind: "Cluster",
          // What comes after, the migration first of all, needs a server that answers.
          metadata: { ...this.metadata(name), annotations: { "pulumi.com/waitFor": "condition=Ready" } },
          spec: {
            instances: this.instances,
            ...present("inheritedMetadata", inheritedMetadata(args.cluster)),
            imageName: args.image ?? `ghcr.io/cloudnative-pg/postgresql:${args.version}-standard-trixie`,
            ...present("imagePullSecrets", args.imagePullSecret && [{ name: args.imagePullSecret }]),
            ...present(
              "serviceAccountTemplate",
              args.serviceAccountAnnotations && { metadata: { annotations: { ...args.serviceAccountAnnotations } } },
            ),
            primaryUpdateStrategy: "unsupervised",
            // A replica of a patch release is made before the primary moves over to it: seconds, not a restart.
            primaryUpdateMethod: "switchover",
            enableSuperuserAccess: false,
            bootstrap: { initdb: { database: this.owner, owner: this.owner, dataChecksums: true } },
            // All of it is said, since what is not becomes false; the password stays the operator's.
            ...present(
              "managed",
              args.ownerMakesRoles === true
                ? { roles: [{ name: this.owner, ensure: "present", login: true, inherit: true, createrole: true }] }
                : undefined,
            ),
            storage: {
              size: gibibytes(args.storageGb),
              resizeInUseVolumes: true,
              ...present("storageClass", storageClass),
            },
            ...present(
              "walStorage",
              args.walStorageGb && {
                size: gibibytes(args.walStorageGb),
                resizeInUseVolumes: true,
                ...present("storageClass", storageClass),
              },
            ),
            resources: { requests: resources, limits: resources },
            // Of one server it would forbid to drain its node: there is none that could take over.
            enablePDB: this.instances > 1,
            ...present("priorityClassName", args.placement?.priorityClass),
            affinity: {
              ...present("nodeSelector", args.placement?.nodeSelector && { ...args.placement.nodeSelector }),
              ...present("tolerations", args.placement?.tolerations && [...args.placement.tolerations]),
              enablePodAntiAffinity: true,
              podAntiAffinityType: "preferred",
              topologyKey: "kubernetes.io/hostname",
              ...affinityOf(args.placement?.affinity),
            },
            topologySpreadConstraints: this.spread(),
            // Poolers show the servers' certificate: without these names `verify-full` would refuse them.
            certificates: { serverAltDNSNames: kinds.flatMap((kind) => this.namesOf(poolerName(name, kind))) },
            postgresql: {
              parameters: {
                max_connections: String(maxConnections),
                ...tuning(memoryMb),
                ssl_min_protocol_version: "TLSv1.3",
                log_min_duration_statement: "1000",
              },
              pg_hba: ["hostnossl all all all reject"],
              // Once a second server exists, a commit is on both. With one left, writing goes on rather than stops.
              ...present(
                "synchronous",
                args.standby ? { method: "any", number: 1, dataDurability: "preferred" } : undefined,
              ),
            },
            ...present(
              "plugins",
              store && [
                {
                  name: barman,
                  isWALArchiver: true,
                  parameters: { barmanObjectName: `${name}-backups`, serverName: this.archiveName() },
                },
              ],
            ),
          },
        },
        {
          ...this.data,
          dependsOn: store === undefined ? [] : [store],
          customTimeouts: { create: "20m", update: "30m" },
        },
        args.transform?.cluster,
      ),
    );
  }

  /** One zone alone would satisfy `DoNotSchedule`: there is no other to be more even with. */
  private spread(): ReturnType<typeof spread> {
    const labels = { "cnpg.io/cluster": this.name, "cnpg.io/podRole": "instance" };
    return this.args.zones === "required" && this.instances > 1 ? spreadRequired(labels, 2) : spread(labels);
  }

  private namesOf(service: string): Output<string>[] {
    const { namespace } = this.args.network;
    return [output(service), interpolate`${service}.${namespace}`, interpolate`${service}.${namespace}.svc`];
  }

  private createPooler(kind: PoolerKind, cluster: CustomResource): CustomResource {
    const { name, args } = this;
    const metadataName = poolerName(name, kind);
    const { poolerCpuMillis = Math.max(250, Math.ceil(args.cpuMillis / 4)) } = args;
    const clients = Math.max(1000, args.clients ?? 0);
    const { poolerMemoryMb = Math.max(128, 64 + Math.ceil((clients * clientKb) / 1024)) } = args;
    const resources = { cpu: cpuQuantity(poolerCpuMillis), memory: mebibytes(poolerMemoryMb) };
    return new CustomResource(
      ...childOf<CustomResourceArgs>(
        metadataName,
        {
          apiVersion: "postgresql.cnpg.io/v1",
          kind: "Pooler",
          metadata: this.metadata(metadataName),
          spec: {
            cluster: { name },
            type: kind,
            instances: 2,
            pgbouncer: {
              poolMode: "transaction",
              ...present("image", args.poolerImage),
              parameters: {
                // 2 poolers x 25 leave half of the server's 100 connections to migrations, the operator and a person.
                default_pool_size: "25",
                max_client_conn: String(clients),
                // Drivers prepare statements by default; since pgbouncer 1.21 that works in transaction mode.
                max_prepared_statements: "200",
                client_tls_sslmode: "require",
              },
            },
            template: {
              metadata: { labels: { "app.kubernetes.io/name": metadataName } },
              spec: {
                ...placed(args.placement),
                containers: [{ name: "pgbouncer", resources: { requests: resources, limits: resources } }],
                topologySpreadConstraints: spread({ "cnpg.io/poolerName": metadataName }),
              },
            },
          },
        },
        { parent: this, dependsOn: [cluster] },
        args.transform?.pooler,
      ),
    );
  }

  /** The operator makes none for poolers: a drain of two nodes at once would take both. */
  private limitDisruption(kind: PoolerKind): void {
    const name = poolerName(this.name, kind);
    new PodDisruptionBudget(
      ...childOf<PodDisruptionBudgetArgs>(
        `${name}-disruption-budget`,
        {
          metadata: this.metadata(name),
          spec: {
            maxUnavailable: 1,
            selector: { matchLabels: { "cnpg.io/poolerName": name } },
            unhealthyPodEvictionPolicy: "AlwaysAllow",
          },
        },
        { parent: this },
        this.args.transform?.disruptionBudget,
      ),
    );
  }

  private scheduleBackups(cluster: CustomResource): void {
    const { backup } = this.args;
    if (backup === undefined) return;
    new CustomResource(
      `${this.name}-base-backup`,
      {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "ScheduledBackup",
        metadata: this.metadata(`${this.name}-base-backup`),
        spec: {
          cluster: { name: this.name },
          // The operator's cron starts with seconds: https://cloudnative-pg.io/documentation/current/backup/
          schedule: `0 ${backup.cron}`,
          immediate: true,
          backupOwnerReference: "cluster",
          method: "plugin",
          pluginConfiguration: { name: barman },
        },
      },
      { parent: this, dependsOn: [cluster] },
    );
  }

  private describeEnvironment(cluster: CustomResource, reader: CustomResource | undefined): Environment {
    const { name } = cluster.metadata;
    return {
      DATABASE_URL: this.url,
      // Advisory locks belong to a session, and a pooler in transaction mode has none.
      DATABASE_MIGRATION_URL: this.address(interpolate`${name}-rw`),
      ...(reader === undefined ? {} : { DATABASE_REPLICA_URL: this.address(reader.metadata.name) }),
      DATABASE_PASSWORD: this.password,
      DATABASE_CA: { store: "kubernetes", secret: interpolate`${name}-ca`, key: "ca.crt" },
      DATABASE_TLS: "verify-full",
    };
  }

  private describeSignals(): SignalSource[] {
    const { name, args } = this;
    const identifiers = { exporter: "cloudnative-pg", namespace: args.network.namespace, cluster: name };
    const capacity = { storageGb: args.storageGb, cpus: args.cpuMillis / 1000 };
    return [
      { kind: "database", name, identifiers, capacity },
      ...(args.readReplicas > 0 ? [{ kind: "database-replica" as const, name: `${name}-replicas`, identifiers }] : []),
    ];
  }

  private describeRestore(): Output<string> {
    const { backup, backupRetentionDays } = this.args;
    return output(
      backup === undefined
        ? "There are no backups."
        : `Any second of the last ${backupRetentionDays} days, as a new Cluster beside this one: ${documentation("kubernetes.md#restore")}`,
    );
  }
}

/** Memory of pgbouncer for a connection with TLS and prepared statements. docs/kubernetes.md#sizes */
const clientKb = 100;

type PoolerKind = "rw" | "ro";

function inheritedMetadata(cluster: ClusterNetwork | undefined): { labels: Record<string, string> } | undefined {
  const labels = identityLabels(cluster);
  return Object.keys(labels).length === 0 ? undefined : { labels };
}

/** The operator has names of its own for affinity between pods, beside the one between its servers. */
function affinityOf(affinity: Affinity | undefined): object {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity ?? {};
  return {
    ...present("nodeAffinity", nodeAffinity),
    ...present("additionalPodAffinity", podAffinity),
    ...present("additionalPodAntiAffinity", podAntiAffinity),
  };
}

const barman = "barman-cloud.cloudnative-pg.io";

function poolerName(name: string, kind: PoolerKind): string {
  return `${name}-pooler-${kind}`;
}

/** A key only where there is a value: an explicit `undefined` is a key to Pulumi's diff. */
function present<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}
