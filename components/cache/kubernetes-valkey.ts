import { createHash } from "node:crypto";
import { Deployment, type DeploymentArgs } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, Secret, Service, type ServiceArgs } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy, type NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import {
  type Input,
  ComponentResource,
  all,
  interpolate,
  type ComponentResourceOptions,
  type Output,
} from "@pulumi/pulumi";
import { RandomId, RandomPassword } from "@pulumi/random";
import type { Environment } from "../shared/environment";
import {
  placed,
  restrictedContainer,
  restrictedPod,
  type Container,
  type Placement,
  type PodSpec,
} from "../shared/kubernetes-pod";
import type { SignalSource } from "../monitoring/contract";
import type { KubernetesNetwork } from "../network/contract";
import { namespaceNamed, podsWith, tcp } from "../shared/kubernetes-peers";
import type { KubernetesSecretRef } from "../secrets/contract";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";
import type { Cache, CacheArgs } from "./contract";

export interface KubernetesValkeyArgs extends CacheArgs {
  /**
   * Namespace, and the labels of the pods that may connect.
   * @example new KubernetesNamespace("shop", { namespace: "shop" })
   */
  readonly network: KubernetesNetwork;
  /** Image of Valkey. @default the project's own, pinned @example "mirror.example.com/valkey:8.1.11-alpine" */
  readonly image?: Input<string>;
  /** Image of the Prometheus exporter. @default the project's own, pinned @example "mirror.example.com/redis_exporter:v1.80.0" */
  readonly exporterImage?: Input<string>;
  /**
   * Secret of type `kubernetes.io/dockerconfigjson` in the namespace, for a private registry.
   *
   * @default none
   * @example "registry"
   */
  readonly imagePullSecret?: Input<string>;
  /** Namespace of Prometheus, which alone may read metrics. @default monitoring @example "observability" */
  readonly monitoringNamespace?: Input<string>;
  /** In thousandths of a CPU. It works with one thread at a time. @default 250, and 500 from 1 GiB on @example 500 */
  readonly cpuMillis?: number;
  /** Which nodes run it, and how urgently. @default any @example { nodeSelector: { pool: "web" } } */
  readonly placement?: Placement;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly deployment?: Transform<DeploymentArgs>;
    readonly service?: Transform<ServiceArgs>;
    readonly networkPolicy?: Transform<NetworkPolicyArgs>;
  };
}

const port = 6379;
const metricsPort = 9121;
const folder = "/etc/valkey";
const secretsFolder = "/run/secrets/valkey";
/** User `valkey` of the official image. */
const userId = 999;

interface Passwords {
  readonly object: Secret;
  /** Changes with either password. */
  readonly version: Output<string>;
}

interface Configuration {
  readonly object: ConfigMap;
  readonly text: string;
}

/**
 * One Valkey without a disk. A Deployment that recreates, not a StatefulSet: entries may be lost at any time, so there is
 * no identity worth keeping, a StatefulSet would wait for a lost node to come back, and two caches behind one
 * address would serve pages that the other has already thrown out.
 *
 * There is no second server that holds a copy. A lost node is given up after 10 s instead of Kubernetes' 5 minutes, as
 * there is nothing on it to wait for, and another node starts a new cache, which is empty. Until then the site serves
 * uncached.
 *
 * Only pods with the application's labels reach it, by NetworkPolicy, and each needs the password; the way between
 * is not encrypted, as nodes of one cluster trust their network here. Where that is not so, encrypt it below the pods
 * (Cilium and Calico with WireGuard) or use an external cache with `rediss://`.
 *
 * Costs 0.25 CPU and a quarter more memory than `memoryMb` on your nodes, and 0.05 CPU and 32 MiB for the exporter.
 */
export class KubernetesValkey extends ComponentResource implements Cache {
  readonly url: Output<string>;
  readonly password: KubernetesSecretRef;
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];

  private readonly labels: Readonly<Record<string, string>>;

  constructor(
    private readonly name: string,
    private readonly args: KubernetesValkeyArgs,
    options?: ComponentResourceOptions,
  ) {
    super("slipway:cache:KubernetesValkey", name, {}, transforming(options, args.transform));
    this.labels = { "app.kubernetes.io/name": name };

    const passwords = this.createPasswords();
    const configuration = this.createConfiguration();
    this.createDeployment(passwords, configuration);
    const service = this.createService();
    this.allowDrains();
    this.createNetworkPolicies();

    this.url = interpolate`redis://${service.metadata.name}.${args.network.namespace}.svc:${port}`;
    this.password = { store: "kubernetes", secret: passwords.object.metadata.name, key: "password" };
    this.environment = { REDIS_URL: this.url, REDIS_PASSWORD: this.password };
    this.signals = [
      {
        kind: "cache",
        name,
        identifiers: {
          exporter: "redis-exporter",
          namespace: args.network.namespace,
          workload: name,
          job: interpolate`${args.network.namespace}/${name}`,
        },
      },
    ];
    this.registerOutputs({ url: this.url });
  }

  private metadata(suffix: string): { name: string; namespace: Output<string>; labels: Record<string, string> } {
    return { name: `${this.name}${suffix}`, namespace: this.args.network.namespace, labels: { ...this.labels } };
  }

  private createPasswords(): Passwords {
    const password = (suffix: string): Output<string> =>
      new RandomPassword(`${this.name}-${suffix}`, { length: 40, special: false }, { parent: this }).result;
    const application = password("password");
    const metrics = password("metrics-password");
    const users = all([application, metrics]).apply((passwords) =>
      accessList(...(passwords.map(sha256) as [string, string])),
    );
    const object = new Secret(
      `${this.name}-secret`,
      {
        metadata: this.metadata(""),
        type: "Opaque",
        stringData: {
          password: application,
          "users.acl": users,
          "exporter.json": metrics.apply(exporterPasswords),
        },
      },
      { parent: this },
    );
    const version = new RandomId(
      `${this.name}-version`,
      { byteLength: 6, keepers: { application, metrics } },
      { parent: this },
    );
    return { object, version: version.hex };
  }

  private createConfiguration(): Configuration {
    const text = [
      `port ${port}`,
      "bind * -::*",
      `aclfile ${secretsFolder}/users.acl`,
      `maxmemory ${this.args.memoryMb}mb`,
      "maxmemory-policy allkeys-lru",
      // A cache that wrote to disk would need one, and would stop to write.
      'save ""',
      "appendonly no",
      "dir /tmp",
      // Connections of replicas that were killed would count against maxclients for hours.
      "tcp-keepalive 60",
      "",
    ].join("\n");
    const object = new ConfigMap(
      `${this.name}-configuration`,
      { metadata: this.metadata("-configuration"), data: { "valkey.conf": text } },
      { parent: this },
    );
    return { object, text };
  }

  private createDeployment(passwords: Passwords, configuration: Configuration): void {
    const { args, labels } = this;
    // The server reads both once, when it starts.
    const annotations = {
      "slipway/configuration": sha256(configuration.text).slice(0, 16),
      "slipway/secrets": passwords.version,
    };
    new Deployment(
      ...childOf<DeploymentArgs>(
        `${this.name}-deployment`,
        {
          metadata: this.metadata(""),
          spec: {
            replicas: 1,
            strategy: { type: "Recreate" },
            selector: { matchLabels: labels },
            template: {
              metadata: { labels, annotations },
              spec: this.podSpec(passwords.object, configuration.object),
            },
          },
        },
        { parent: this },
        args.transform?.deployment,
      ),
    );
  }

  private podSpec(secret: Secret, configuration: ConfigMap): PodSpec {
    const { imagePullSecret, placement } = this.args;
    return restrictedPod(userId, {
      ...placed(placement),
      ...(imagePullSecret === undefined ? {} : { imagePullSecrets: [{ name: imagePullSecret }] }),
      containers: [this.server(), this.exporter()],
      volumes: [
        { name: "configuration", configMap: { name: configuration.metadata.name } },
        {
          name: "passwords",
          secret: { secretName: secret.metadata.name, defaultMode: 0o440, items: files("password", "users.acl") },
        },
        {
          name: "exporter",
          secret: { secretName: secret.metadata.name, defaultMode: 0o440, items: files("exporter.json") },
        },
        { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
      ],
      tolerations: [
        ...(placement?.tolerations ?? []),
        ...["not-ready", "unreachable"].map((state) => ({
          key: `node.kubernetes.io/${state}`,
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 10,
        })),
      ],
    });
  }

  private server(): Container {
    // The client takes the password from the environment of the probe's own short-lived process: never from argv.
    const ping = [
      "sh",
      "-c",
      `REDISCLI_AUTH="$(cat ${secretsFolder}/password)" timeout 3 valkey-cli -p ${port} ping | grep -q PONG`,
    ];
    return restrictedContainer({
      name: "valkey",
      image: this.args.image ?? "docker.io/valkey/valkey:8.1.11-alpine",
      command: ["valkey-server", `${folder}/valkey.conf`],
      ports: [{ name: "redis", containerPort: port }],
      // Fragmentation and client buffers come on top of what `maxmemory` counts.
      size: {
        cpuMillis: this.args.cpuMillis ?? (this.args.memoryMb >= 1024 ? 500 : 250),
        memoryMb: Math.ceil(this.args.memoryMb * 1.25) + 32,
        diskMb: 16,
      },
      startupProbe: { exec: { command: ping }, periodSeconds: 2, timeoutSeconds: 4, failureThreshold: 30 },
      readinessProbe: { exec: { command: ping }, periodSeconds: 5, timeoutSeconds: 4, failureThreshold: 2 },
      livenessProbe: { exec: { command: ping }, periodSeconds: 10, timeoutSeconds: 4, failureThreshold: 6 },
      volumeMounts: [
        { name: "configuration", mountPath: folder, readOnly: true },
        { name: "passwords", mountPath: secretsFolder, readOnly: true },
        { name: "tmp", mountPath: "/tmp" },
      ],
    });
  }

  private exporter(): Container {
    const health = { httpGet: { path: "/health", port: "metrics" } };
    return restrictedContainer({
      name: "exporter",
      image: this.args.exporterImage ?? "docker.io/oliver006/redis_exporter:v1.89.0",
      env: [
        { name: "REDIS_ADDR", value: `redis://localhost:${port}` },
        { name: "REDIS_USER", value: "metrics" },
        { name: "REDIS_PASSWORD_FILE", value: `${secretsFolder}/exporter.json` },
        { name: "REDIS_EXPORTER_WEB_LISTEN_ADDRESS", value: `:${metricsPort}` },
      ],
      ports: [{ name: "metrics", containerPort: metricsPort }],
      size: { cpuMillis: 50, memoryMb: 32 },
      readinessProbe: { ...health, periodSeconds: 10 },
      livenessProbe: { ...health, periodSeconds: 30 },
      volumeMounts: [{ name: "exporter", mountPath: secretsFolder, readOnly: true }],
    });
  }

  /** Of one server none can be kept: the budget says that a drain need not wait. */
  private allowDrains(): void {
    new PodDisruptionBudget(
      `${this.name}-disruption-budget`,
      {
        metadata: this.metadata(""),
        spec: {
          maxUnavailable: 1,
          selector: { matchLabels: { ...this.labels } },
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      { parent: this },
    );
  }

  private createService(): Service {
    return new Service(
      ...childOf<ServiceArgs>(
        `${this.name}-service`,
        {
          metadata: this.metadata(""),
          spec: { type: "ClusterIP", selector: this.labels, ports: [{ name: "redis", port, targetPort: "redis" }] },
        },
        { parent: this },
        this.args.transform?.service,
      ),
    );
  }

  private createNetworkPolicies(): void {
    const { labels } = this;
    const { network, monitoringNamespace = "monitoring" } = this.args;
    new NetworkPolicy(
      ...childOf<NetworkPolicyArgs>(
        `${this.name}-server`,
        {
          metadata: this.metadata("-server"),
          spec: {
            podSelector: { matchLabels: labels },
            // No rule for egress: it never calls anybody.
            policyTypes: ["Ingress", "Egress"],
            ingress: [
              { from: [podsWith(network.applicationLabels)], ports: tcp(port) },
              { from: [namespaceNamed(monitoringNamespace)], ports: tcp(metricsPort) },
            ],
          },
        },
        { parent: this },
        this.args.transform?.networkPolicy,
      ),
    );
    new NetworkPolicy(
      ...childOf<NetworkPolicyArgs>(
        `${this.name}-clients`,
        {
          metadata: this.metadata("-clients"),
          spec: {
            podSelector: { matchLabels: { ...network.applicationLabels } },
            policyTypes: ["Egress"],
            egress: [{ to: [podsWith(labels)], ports: tcp(port) }],
          },
        },
        { parent: this },
        this.args.transform?.networkPolicy,
      ),
    );
  }
}

/**
 * The server's users, by the hashes of their passwords (https://valkey.io/topics/acl/): the application may do all that
 * does not administer the server; the exporter may look, not touch.
 */
export function accessList(applicationHash: string, metricsHash: string): string {
  const look = "+ping +info +config|get +client|setname +slowlog|len +slowlog|get +latency|latest +latency|histogram";
  return [
    `user default on #${applicationHash} ~* &* +@all -@admin`,
    `user metrics on #${metricsHash} resetkeys resetchannels -@all ${look}`,
    "",
  ].join("\n");
}

/** The exporter looks its password up by the address it asks, with the user in it. */
export function exporterPasswords(metricsPassword: string): string {
  return `{"redis://metrics@localhost:${port}":"${metricsPassword}"}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function files(...keys: readonly string[]): { key: string; path: string }[] {
  return keys.map((key) => ({ key, path: key }));
}
