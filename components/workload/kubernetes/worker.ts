import { Deployment, type DeploymentArgs } from "@pulumi/kubernetes/apps/v1";
import { PodDisruptionBudget, type PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { SignalSource } from "../../monitoring/contract";
import { child, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { oneWorker, resolveCommand } from "../contract";
import { type KubernetesProcessArgs, pods } from "./process";
import { reloaderAnnotations, processTemplate } from "./workload";

export interface KubernetesWorkerArgs extends KubernetesProcessArgs {
  /** Changes to the children, before they are created. @default none @example { deployment: { metadata: { name: "mail" } } } */
  readonly transform?: ChildTransforms & {
    readonly deployment?: Transform<DeploymentArgs>;
    readonly disruptionBudget?: Transform<PodDisruptionBudgetArgs>;
  };
}

/**
 * A process that runs all the time and that nobody sends requests to: a Deployment under `restricted` Pod Security. A new
 * image makes new replicas before the old ones stop. Costs its replicas times their size on your nodes.
 *
 * @example
 * new KubernetesWorker("mail", { network, process: { image: "ghcr.io/acme/shop:1.4.2", command: ["node", "mail.js"] } });
 */
export class KubernetesWorker extends ComponentResource {
  /** Command that follows the logs. */
  readonly logs: Output<string>;
  readonly signals: readonly SignalSource[];
  readonly nodes: { readonly deployment: Deployment; readonly disruptionBudget: PodDisruptionBudget };

  constructor(name: string, args: KubernetesWorkerArgs, options?: ComponentResourceOptions) {
    super("slipway:container-service:KubernetesWorker", name, {}, transforming(options, args.transform));
    const { namespace } = args.network;
    const process = resolveCommand(name, { ...oneWorker, ...args.process });
    const matchLabels = { "app.kubernetes.io/name": name };
    const deployment = new Deployment(
      ...child<DeploymentArgs>(
        name,
        {
          metadata: {
            name,
            namespace,
            labels: matchLabels,
            annotations: { ...reloaderAnnotations(process).annotations, "pulumi.com/patchForce": "true" },
          },
          spec: {
            replicas: process.scaling.minReplicas,
            revisionHistoryLimit: 5,
            selector: { matchLabels },
            template: processTemplate(pods(name, args, process, matchLabels), "worker", process.command, false),
            strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
          },
        },
        { parent: this },
        args.transform?.deployment,
      ),
    );

    const disruptionBudget = new PodDisruptionBudget(
      ...child<PodDisruptionBudgetArgs>(
        name,
        {
          metadata: { name, namespace, labels: matchLabels },
          spec: { maxUnavailable: 1, selector: { matchLabels }, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        },
        { parent: this },
        args.transform?.disruptionBudget,
      ),
    );

    this.logs = interpolate`kubectl -n ${namespace} logs -f --prefix --max-log-requests 50 -l app.kubernetes.io/name=${name}`;
    this.signals = [
      {
        kind: "worker",
        name,
        identifiers: { exporter: "kubernetes", namespace, workload: name },
        capacity: { minReplicas: process.scaling.minReplicas },
      },
    ];
    this.nodes = { deployment, disruptionBudget };
    this.registerOutputs({ logs: this.logs });
  }
}
