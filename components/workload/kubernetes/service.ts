import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import { Deployment, type DeploymentArgs } from "@pulumi/kubernetes/apps/v1";
import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2";
import type { Job, JobArgs } from "@pulumi/kubernetes/batch/v1";
import { Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import {
  ComponentResource,
  interpolate,
  output,
  type ComponentResourceOptions,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import type { SignalSource } from "../../monitoring/contract";
import type { KubernetesNetwork, PodSelector } from "../../network/contract";
import { type Transform, transformed } from "../../shared/transform";
import type { ContainerService, ContainerServiceArgs } from "../contract";
import { openDoors } from "./network-policies";
import { createMigration } from "./migration";
import { analysisSpec, rolloutSeconds, rolloutStrategy, type Analysis, type ProgressiveStrategy } from "./rollout";
import { certificateOf, createRoute, type Backend, type KubernetesRoute } from "../../ingress/kubernetes-route";
import { createScaling } from "./scaling";
import { cacheNamespace } from "../../shared/cache-namespace";
import { serverTemplate, type WorkloadArgs } from "./workload";

export interface KubernetesServiceArgs extends ContainerServiceArgs {
  readonly network: KubernetesNetwork;
  readonly route: KubernetesRoute;
  /** Namespace in which the gateway's or the ingress controller's pods run: they alone may reach the application. */
  readonly entranceNamespace: string;
  /** Namespace of Prometheus, which alone may read metrics. Default: `monitoring`. */
  readonly monitoringNamespace?: string;
  /** What judges a release by strategy `blue-green`, `canary` or `linear`. Default: readiness alone. */
  readonly analysis?: Analysis;
  /** TCP ports on which the application may call the world. Default: `[443]`. */
  readonly egressPorts?: readonly number[];
  /** Secret of type `kubernetes.io/dockerconfigjson` in the namespace, for a private registry. Default: none. */
  readonly imagePullSecret?: string;
  /**
   * Annotations of the pods' ServiceAccount, by which clouds give pods a role without a key. Default: none.
   * @example { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/shop-uploads" }
   */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  readonly transform?: {
    readonly deployment?: Transform<DeploymentArgs>;
    readonly rollout?: Transform<CustomResourceArgs>;
    readonly migration?: Transform<JobArgs>;
    readonly autoscaler?: Transform<HorizontalPodAutoscalerArgs>;
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

  /** Labels by which the Service and the policies find the server's pods. */
  private readonly labels: PodSelector;

  constructor(
    private readonly name: string,
    private readonly args: KubernetesServiceArgs,
    options?: ComponentResourceOptions,
  ) {
    super("slipway:container-service:KubernetesService", name, {}, options);
    this.labels = { "app.kubernetes.io/name": name };

    const serviceAccount = this.createServiceAccount();
    const migration = this.createMigration(serviceAccount);
    this.createServices();
    this.createReplicas(serviceAccount, migration);
    this.createScaling();
    this.createRoute();
    this.openDoors();

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
    return strategy === "blue-green" || (strategy !== undefined && this.args.route.through === "gateway");
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

  private createServiceAccount(): ServiceAccount {
    const annotations = this.args.serviceAccountAnnotations;
    return new ServiceAccount(
      `${this.name}-account`,
      {
        metadata: { ...this.metadata(), ...(annotations === undefined ? {} : { annotations: { ...annotations } }) },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
  }

  private workload(serviceAccount: ServiceAccount, labels: PodSelector): WorkloadArgs {
    const { environment } = this.args;
    return {
      ...this.args,
      environment: { CACHE_NAMESPACE: cacheNamespace(this.name, environment), ...environment },
      serviceAccount: serviceAccount.metadata.name,
      labels: { ...labels, ...this.args.network.applicationLabels },
    };
  }

  private createMigration(serviceAccount: ServiceAccount): Job | undefined {
    const { migration, transform } = this.args;
    if (migration === undefined) return undefined;
    const workload = { ...this.workload(serviceAccount, {}), migration };
    return createMigration(this.name, this.namespace, workload, transform?.migration, { parent: this });
  }

  private createServices(): void {
    for (const suffix of this.hasPreview ? ["", "-preview"] : [""]) {
      new Service(
        `${this.name}-service${suffix}`,
        {
          metadata: {
            ...this.metadata(suffix),
            // Pulumi would wait for endpoints here, and hide behind a timeout why there are none: the replicas say it.
            annotations: { "pulumi.com/skipAwait": "true" },
          },
          spec: {
            type: "ClusterIP",
            selector: { ...this.labels },
            ports: [{ name: "http", port: 80, targetPort: "http", appProtocol: "http" }],
          },
        },
        { parent: this },
      );
    }
  }

  /** Waits for the migration: when that fails, nothing here changes and the old release goes on. */
  private createReplicas(serviceAccount: ServiceAccount, migration: Resource | undefined): void {
    const { args, name, progressive } = this;
    const { minReplicas, maxReplicas } = args.scaling;
    const options = { parent: this, dependsOn: migration === undefined ? [] : [migration] };
    const spec = {
      // Where an autoscaler decides, a number here would be set back at every deployment.
      ...(minReplicas === maxReplicas ? { replicas: minReplicas } : {}),
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: args.health.startupSeconds + 120,
      selector: { matchLabels: { ...this.labels } },
      template: serverTemplate(this.workload(serviceAccount, this.labels)),
    };
    if (progressive === undefined) {
      new Deployment(
        `${name}-deployment`,
        transformed<DeploymentArgs>(
          {
            metadata: this.metadata(),
            spec: {
              ...spec,
              strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
            },
          },
          args.transform?.deployment,
        ),
        options,
      );
      return;
    }
    this.createRollout(progressive, spec, options);
  }

  private createRollout(
    release: ProgressiveStrategy,
    spec: object,
    options: { parent: Resource; dependsOn: Resource[] },
  ): void {
    const { args, name } = this;
    const names = {
      namespace: this.namespace,
      active: name,
      preview: `${name}-preview`,
      analysisTemplate: name,
      httpRoute: args.route.through === "gateway" ? name : undefined,
    };
    if (args.analysis !== undefined) {
      new CustomResource(
        `${name}-analysis`,
        {
          apiVersion: "argoproj.io/v1alpha1",
          kind: "AnalysisTemplate",
          metadata: this.metadata(),
          spec: analysisSpec(args.analysis, this.job),
        },
        { parent: this },
      );
    }
    const seconds = rolloutSeconds(release) + args.health.startupSeconds + 600;
    new CustomResource(
      `${name}-rollout`,
      transformed<CustomResourceArgs>(
        {
          apiVersion: "argoproj.io/v1alpha1",
          kind: "Rollout",
          metadata: {
            ...this.metadata(),
            annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=Healthy" },
          },
          spec: { ...spec, strategy: rolloutStrategy(release, names, args.analysis !== undefined) },
        },
        args.transform?.rollout,
      ),
      { ...options, customTimeouts: { create: `${seconds}s`, update: `${seconds}s` } },
    );
  }

  private createScaling(): void {
    const rolling = { apiVersion: "apps/v1", kind: "Deployment" };
    const progressive = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" };
    createScaling(
      this.name,
      {
        metadata: this.metadata(),
        target: this.progressive === undefined ? rolling : progressive,
        labels: this.labels,
        scaling: this.args.scaling,
        transform: this.args.transform?.autoscaler,
      },
      { parent: this },
    );
  }

  private createRoute(): void {
    const { args, name } = this;
    const weighted = this.hasPreview && this.progressive?.strategy !== "blue-green";
    const stable: Backend = { service: name, port: 80, weight: 100 };
    createRoute(
      name,
      {
        namespace: this.namespace,
        domain: args.domain,
        route: args.route,
        backends: weighted ? [stable, { service: `${name}-preview`, port: 80, weight: 0 }] : [stable],
        weightsMove: weighted,
      },
      { parent: this },
    );
  }

  private openDoors(): void {
    const { args } = this;
    openDoors(
      this.name,
      {
        namespace: this.namespace,
        applicationLabels: args.network.applicationLabels,
        labels: this.labels,
        port: args.port,
        metricsPort: args.metricsPort,
        entranceNamespace: args.entranceNamespace,
        monitoringNamespace: args.monitoringNamespace ?? "monitoring",
        egressPorts: args.egressPorts ?? [443],
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
      { kind: "entrance", name: `${name}-entrance`, identifiers: application },
      { kind: "service", name, identifiers: application, capacity },
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
    const { name, namespace } = this;
    return this.progressive === undefined
      ? interpolate`kubectl -n ${namespace} rollout undo deployment/${name}, then set slipway:image back`
      : interpolate`kubectl argo rollouts -n ${namespace} undo ${name}, then set slipway:image back`;
  }
}
