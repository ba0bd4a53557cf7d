import type { CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import type { DeploymentArgs } from "@pulumi/kubernetes/apps/v1";
import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2";
import type { Job, JobArgs } from "@pulumi/kubernetes/batch/v1";
import { Service, ServiceAccount, type ServiceAccountArgs, type ServiceArgs } from "@pulumi/kubernetes/core/v1";
import type { IngressArgs, NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1";
import type { PodDisruptionBudget, PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1";
import {
  ComponentResource,
  getStack,
  interpolate,
  output,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import type { SignalSource } from "../../monitoring/contract";
import type { KubernetesNetwork, PodSelector } from "../../network/contract";
import { identityLabels, type ClusterNetwork, type Outbound } from "../../shared/kubernetes-peers";
import type { Placement, Requests } from "../../shared/kubernetes-pod";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { tcp } from "../../ingress/contract";
import type { ContainerService, ContainerServiceArgs } from "../contract";
import { createNetworkPolicies } from "./network-policies";
import { createMigration } from "./migration";
import { createDeployment, createRollout } from "./replicas";
import type { Analysis, ProgressiveStrategy } from "./rollout";
import { certificateOf, createRoute, type Backend, type KubernetesRoute } from "../../ingress/kubernetes-route";
import type { Keda } from "./scaled-object";
import { createDisruptionBudget, createScaling, firstReplicas } from "./scaling";
import { cacheNamespace } from "../../shared/cache-namespace";
import { reloaderAnnotations, serverTemplate, type WorkloadArgs } from "./workload";

export interface KubernetesServiceArgs extends ContainerServiceArgs {
  /**
   * Namespace, and the labels of the pods that may connect.
   * @example new KubernetesNamespace("shop", { namespace: "shop" })
   */
  readonly network: KubernetesNetwork;
  /**
   * How requests from outside reach the pods.
   * @example { through: "ingress", ingressClass: "nginx", issuer: "letsencrypt" }
   */
  readonly route: KubernetesRoute;
  /**
   * Namespace in which the gateway's or the ingress controller's pods run: they alone may reach the application.
   * Default: `cluster.ingressCidrs` or Cilium's own ingress alone; where there are none of these, any pod of the
   * cluster.
   *
   * @default any
   * @example "traefik"
   */
  readonly ingressNamespace?: Input<string>;
  /** How the cluster's network differs from the plainest. @default the plainest @example { plugin: "cilium" } */
  readonly cluster?: ClusterNetwork;
  /** What a node keeps for each replica, where that is less than `size`, which stays the limit. @default `size` @example { cpuMillis: 250 } */
  readonly requests?: Requests;
  /** Whether replicas are throttled at their CPU. @default true @example false */
  readonly cpuLimit?: boolean;
  /** Other names of the site, which redirect to `domain`. Not through an Ingress, which has no word for it. @default none @example ["www.example.com"] */
  readonly redirectFrom?: readonly string[];
  /**
   * Annotations of the Ingress or the HTTPRoutes, which controllers read.
   *
   * @default none
   * @example { "external-dns.alpha.kubernetes.io/ttl": "60" }
   */
  readonly routeAnnotations?: Readonly<Record<string, string>>;
  /**
   * Largest request body in MiB, through an Ingress of ingress-nginx. An HTTPRoute has no word for it, nor have the Ingresses
   * of other controllers.
   *
   * @default 10
   * @example 50
   */
  readonly maxBodyMb?: number;
  /** Whom the application calls beside the world on `egressPorts`. @default nobody @example [{ namespace: "search" }] */
  readonly outbound?: readonly Outbound[];
  /** Namespace of Prometheus, which alone may read metrics. @default monitoring @example "observability" */
  readonly monitoringNamespace?: Input<string>;
  /**
   * What judges a release by strategy `blue-green`, `canary` or `linear`.
   *
   * @default readiness alone
   * @example { prometheusUrl: "http://prometheus.monitoring:9090" }
   */
  readonly analysis?: Analysis;
  /**
   * Scales by requests too, through KEDA, which must be installed: `scaling.requestsPerMinutePerReplica`.
   *
   * @default Kubernetes' own autoscaler, by CPU and memory
   * @example { prometheusUrl: "http://prometheus.monitoring:9090" }
   */
  readonly keda?: Keda;
  /** TCP ports on which the application may call the world. @default [443] @example [443, 587] */
  readonly egressPorts?: readonly number[];
  /** UDP ports on which the application may call the world. @default none @example [8125] */
  readonly egressUdpPorts?: readonly number[];
  /**
   * Secret of type `kubernetes.io/dockerconfigjson` in the namespace, for a private registry.
   *
   * @default none
   * @example "registry"
   */
  readonly imagePullSecret?: Input<string>;
  /** Which nodes run the pods, and how urgently. @default any @example { nodeSelector: { pool: "web" } } */
  readonly placement?: Placement;
  /**
   * Whether replicas must be spread evenly over zones. With `required` one waits rather than make a zone have two more than
   * another.
   *
   * @default preferred
   * @example "required"
   */
  readonly zones?: "required" | "preferred";
  /** More labels of the pods. @default none @example { team: "shop" } */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** More annotations of the pods. @default none @example { "sidecar.istio.io/inject": "false" } */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** A claim for uploads that every replica mounts at `/data`. @default none @example "uploads" */
  readonly uploadsClaim?: Input<string>;
  /** A ServiceAccount that exists, for the pods. @default one is made @example "shop" */
  readonly serviceAccount?: Input<string>;
  /**
   * Annotations of the pods' ServiceAccount, by which clouds give pods a role without a key.
   *
   * @default none
   * @example { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/shop-uploads" }
   */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly deployment?: Transform<DeploymentArgs>;
    readonly rollout?: Transform<CustomResourceArgs>;
    readonly analysis?: Transform<CustomResourceArgs>;
    readonly migration?: Transform<JobArgs>;
    readonly autoscaler?: Transform<HorizontalPodAutoscalerArgs>;
    readonly scaledObject?: Transform<CustomResourceArgs>;
    readonly disruptionBudget?: Transform<PodDisruptionBudgetArgs>;
    readonly service?: Transform<ServiceArgs>;
    readonly serviceAccount?: Transform<ServiceAccountArgs>;
    readonly networkPolicy?: Transform<NetworkPolicyArgs>;
    readonly ingress?: Transform<IngressArgs>;
    /** Of both HTTPRoutes: for HTTPS, and for HTTP, which redirects. */
    readonly httpRoute?: Transform<CustomResourceArgs>;
    readonly gateway?: Transform<CustomResourceArgs>;
    readonly certificate?: Transform<CustomResourceArgs>;
  };
}

/**
 * The application on Kubernetes: a migration Job, then replicas under `restricted` Pod Security behind a Service, scaled
 * by CPU and memory, kept apart over zones and nodes, and reached through a Gateway or an Ingress with TLS.
 *
 * Strategy `rolling` is a Deployment that never has fewer replicas than asked for. The others are an Argo Rollouts
 * Rollout (https://argo-rollouts.readthedocs.io), which must be installed, with its Gateway API plugin where the
 * weights of a canary should hold whatever the number of pods.
 *
 * Costs `minReplicas` to `maxReplicas` times the size on your nodes.
 */
export class KubernetesService extends ComponentResource implements ContainerService {
  readonly url: Output<string>;
  readonly hostname: Output<string>;
  readonly signals: readonly SignalSource[];
  readonly logs: Output<string>;
  readonly rollback: Output<string>;
  /** Name of the ServiceAccount of its pods, for workers and jobs beside it. */
  readonly serviceAccount: Output<string>;

  /** Labels by which the Service and the policies find the server's pods. */
  private readonly labels: PodSelector;

  constructor(
    private readonly name: string,
    private readonly args: KubernetesServiceArgs,
    options?: ComponentResourceOptions,
  ) {
    super("slipway:container-service:KubernetesService", name, {}, transforming(options, args.transform));
    this.labels = { "app.kubernetes.io/name": name };

    const serviceAccount = this.createServiceAccount();
    const migration = this.createMigration(serviceAccount);
    const services = this.createServices();
    const routes = this.createRoute();
    const replicas = this.createReplicas(serviceAccount, migration, [...services, ...routes]);
    this.createScaling(replicas);
    this.createNetworkPolicies();

    this.serviceAccount = output(serviceAccount);
    this.hostname = output(args.domain);
    this.url = output(`https://${args.domain}`);
    this.signals = this.describeSignals();
    this.logs = interpolate`kubectl -n ${args.network.namespace} logs -f --prefix --max-log-requests 50 -l app.kubernetes.io/name=${name}`;
    this.rollback = this.describeRollback();
    this.registerOutputs({ url: this.url, hostname: this.hostname, logs: this.logs, rollback: this.rollback });
  }

  private get progressive(): ProgressiveStrategy | undefined {
    return this.args.release.strategy === "rolling" ? undefined : this.args.release;
  }

  /** Whether some requests, before the others, reach the new release by a Service of its own. */
  private get hasPreview(): boolean {
    const strategy = this.progressive?.strategy;
    return strategy === "blue-green" || (strategy !== undefined && this.args.route.through !== "ingress");
  }

  private get namespace(): Output<string> {
    return this.args.network.namespace;
  }

  private metadata(suffix = ""): { name: string; namespace: Output<string>; labels: Record<string, string> } {
    return {
      name: `${this.name}${suffix}`,
      namespace: this.namespace,
      labels: { "app.kubernetes.io/name": this.name },
    };
  }

  private createServiceAccount(): Input<string> {
    const { serviceAccount, serviceAccountAnnotations: annotations, transform } = this.args;
    if (serviceAccount !== undefined) return serviceAccount;
    return new ServiceAccount(
      ...childOf<ServiceAccountArgs>(
        `${this.name}-account`,
        {
          metadata: { ...this.metadata(), ...(annotations === undefined ? {} : { annotations: { ...annotations } }) },
          automountServiceAccountToken: false,
        },
        { parent: this },
        transform?.serviceAccount,
      ),
    ).metadata.name;
  }

  private workload(serviceAccount: Input<string>, labels: PodSelector): WorkloadArgs {
    const { args } = this;
    return {
      ...args,
      environment: { CACHE_NAMESPACE: cacheNamespace(this.name, args.environment), ...args.environment },
      serviceAccount,
      labels: { ...labels, ...identityLabels(args.cluster), ...args.network.applicationLabels },
    };
  }

  private createMigration(serviceAccount: Input<string>): Job | undefined {
    const { migration, transform } = this.args;
    if (migration === undefined) return undefined;
    const workload = { ...this.workload(serviceAccount, {}), migration };
    return createMigration(this.name, this.namespace, workload, transform?.migration, { parent: this });
  }

  private createServices(): Service[] {
    // Argo moves such a Service from one release to the other by its selector, which is one field.
    const switched = this.hasPreview;
    return (switched ? ["", "-preview"] : [""]).map(
      (suffix) =>
        new Service(
          ...childOf<ServiceArgs>(
            `${this.name}-service${suffix}`,
            {
              metadata: {
                ...this.metadata(suffix),
                annotations: {
                  // Pulumi would wait for endpoints here, and hide behind a timeout why there are none: the replicas say it.
                  "pulumi.com/skipAwait": "true",
                  // After a Rollout the selector is Argo's: a Deployment takes it back.
                  ...(switched ? {} : { "pulumi.com/patchForce": "true" }),
                },
              },
              spec: {
                type: "ClusterIP",
                selector: { ...this.labels },
                ports: [{ name: "http", port: 80, targetPort: "http", appProtocol: "http" }],
              },
            },
            { parent: this, ...(switched ? { ignoreChanges: ["spec.selector"] } : {}) },
            this.args.transform?.service,
          ),
        ),
    );
  }

  /** Waits for the migration: when that fails, nothing here changes and the old release goes on. */
  private createReplicas(
    serviceAccount: Input<string>,
    migration: Resource | undefined,
    routing: Resource[],
  ): Resource {
    const { args, name, progressive } = this;
    const options = { parent: this, dependsOn: migration === undefined ? [] : [migration] };
    const replicas = {
      metadata: { ...this.metadata(), ...reloaderAnnotations(args) },
      matchLabels: this.labels,
      template: serverTemplate(this.workload(serviceAccount, this.labels)),
      minReplicas: args.scaling.minReplicas,
      replicas: firstReplicas(name, args.scaling, this.createDisruptionBudget(), { parent: this }),
      startupSeconds: args.health.startupSeconds,
    };
    if (progressive === undefined) {
      return createDeployment(name, replicas, args.transform?.deployment, options);
    }
    const names = {
      namespace: this.namespace,
      active: name,
      preview: `${name}-preview`,
      analysisTemplate: name,
      httpRoute: args.route.through === "ingress" ? undefined : name,
    };
    return createRollout(
      name,
      { ...replicas, release: progressive, names, analysis: args.analysis, job: this.job, transform: args.transform },
      // Argo refuses a Rollout whose Services it does not find, and owns their selectors as soon as it has.
      { ...options, dependsOn: [...options.dependsOn, ...routing] },
    );
  }

  private createDisruptionBudget(): PodDisruptionBudget {
    return createDisruptionBudget(
      this.name,
      { metadata: this.metadata(), labels: this.labels, transform: this.args.transform?.disruptionBudget },
      { parent: this },
    );
  }

  private createScaling(workload: Resource): void {
    const rolling = { apiVersion: "apps/v1", kind: "Deployment" };
    const progressive = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" };
    createScaling(
      this.name,
      {
        metadata: this.metadata(),
        target: this.progressive === undefined ? rolling : progressive,
        scaling: this.args.scaling,
        keda: this.args.keda,
        handover: this.args.analysis !== undefined,
        job: this.job,
        workload,
        transform: this.args.transform,
      },
      { parent: this },
    );
  }

  private createRoute(): Resource[] {
    const { args, name } = this;
    const weighted = this.hasPreview && this.progressive?.strategy !== "blue-green";
    const stable: Backend = { service: name, port: 80, weight: 100 };
    return createRoute(
      name,
      {
        namespace: this.namespace,
        domain: args.domain,
        redirectFrom: args.redirectFrom ?? [],
        route: args.route,
        transform: args.transform,
        annotations: args.routeAnnotations,
        maxBodyMb: args.maxBodyMb,
        ...(args.health.livePath === tcp ? {} : { healthPath: args.health.livePath }),
        guarded: !(args.health.platform ?? true),
        ...(this.hasPreview && args.route.through !== "ingress"
          ? { preview: { service: `${name}-preview`, port: 80 } }
          : {}),
        backends: weighted ? [stable, { service: `${name}-preview`, port: 80, weight: 0 }] : [stable],
        weightsMove: weighted,
      },
      { parent: this },
    );
  }

  private createNetworkPolicies(): void {
    const { args } = this;
    createNetworkPolicies(
      this.name,
      {
        namespace: this.namespace,
        applicationLabels: args.network.applicationLabels,
        labels: this.labels,
        port: args.port,
        metricsPort: args.metricsPort,
        ingressNamespace: args.ingressNamespace,
        outbound: args.outbound ?? [],
        cluster: args.cluster ?? {},
        transform: args.transform?.networkPolicy,
        monitoringNamespace: args.monitoringNamespace ?? "monitoring",
        egressPorts: args.egressPorts ?? [443],
        egressUdpPorts: args.egressUdpPorts ?? [],
        challenges: certificateOf(this.name, args.route) !== undefined,
      },
      { parent: this },
    );
  }

  /** How Prometheus calls what a PodMonitor of this name finds. */
  private get job(): Output<string> {
    return interpolate`${this.namespace}/${this.name}`;
  }

  private describeSignals(): SignalSource[] {
    const { name, args } = this;
    const application = { exporter: "application", namespace: this.namespace, workload: name, job: this.job };
    const capacity = {
      minReplicas: args.scaling.minReplicas,
      cpus: args.size.cpuMillis / 1000,
      memoryBytes: args.size.memoryMb * 1024 * 1024,
    };
    const certificate = certificateOf(name, args.route);
    return [
      // An image without the platform has no metrics to ask for.
      ...((args.health.platform ?? true)
        ? [
            {
              kind: "ingress" as const,
              name: `${name}-ingress`,
              formerName: `${name}-entrance`,
              identifiers: application,
            },
            { kind: "service" as const, name, identifiers: application, capacity },
          ]
        : []),
      ...(this.progressive === undefined
        ? []
        : [
            {
              kind: "release" as const,
              name: `${name}-release`,
              identifiers: { exporter: "kubernetes", namespace: this.namespace, workload: name },
            },
          ]),
      ...(certificate === undefined
        ? []
        : [
            {
              kind: "certificate" as const,
              name: `${name}-certificate`,
              identifiers: { exporter: "kubernetes", namespace: this.namespace, certificate },
            },
          ]),
    ];
  }

  private describeRollback(): Output<string> {
    // By the same hand as every release: what kubectl changes is another manager's, and is not in the program.
    return interpolate`pulumi up -s ${getStack()} with an older image, one of: kubectl -n ${this.namespace} get replicasets -l app.kubernetes.io/name=${this.name} -o wide`;
  }
}
