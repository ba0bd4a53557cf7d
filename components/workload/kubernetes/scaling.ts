import { HorizontalPodAutoscaler, type HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2";
import { PodDisruptionBudget, type PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1";
import type { CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import { type CustomResourceOptions, type Input, type Resource, runtime } from "@pulumi/pulumi";
import type { PodSelector } from "../../network/contract";
import { child as childOf, type Transform } from "../../shared/transform";
import type { ServiceScaling } from "../contract";
import { createScaledObject, type Keda } from "./scaled-object";

export interface ScalingArgs {
  readonly metadata: { readonly name: string; readonly namespace: Input<string> };
  readonly target: { readonly apiVersion: string; readonly kind: string };
  readonly scaling: ServiceScaling;
  /** Who scales by requests too, in place of Kubernetes' own autoscaler. Default: nobody. */
  readonly keda?: Keda;
  /** Whether KEDA may take over later: its webhook refuses a workload that another autoscaler has, unless that says so. */
  readonly handover: boolean;
  readonly job: Input<string>;
  /** What is scaled. KEDA looks for it. */
  readonly workload: Resource;
  readonly transform?: {
    readonly autoscaler?: Transform<HorizontalPodAutoscalerArgs>;
    readonly scaledObject?: Transform<CustomResourceArgs>;
  };
}

/**
 * How many replicas there are. Also a fixed number is an autoscaler's, which needs no metrics for it: so there is one owner,
 * whatever the settings become.
 */
export function createScaling(name: string, args: ScalingArgs, options: CustomResourceOptions): void {
  const { keda, workload } = args;
  if (keda === undefined) createAutoscaler(name, args, options);
  else createScaledObject(name, { ...args, keda }, { ...options, dependsOn: [workload] });
}

export interface DisruptionBudgetArgs {
  readonly metadata: { readonly name: string; readonly namespace: Input<string> };
  readonly labels: PodSelector;
  readonly transform?: Transform<PodDisruptionBudgetArgs>;
}

/** How many replicas maintenance may take at once. */
export function createDisruptionBudget(
  name: string,
  { metadata, labels, transform }: DisruptionBudgetArgs,
  options: CustomResourceOptions,
): PodDisruptionBudget {
  return new PodDisruptionBudget(
    ...childOf<PodDisruptionBudgetArgs>(
      `${name}-disruption-budget`,
      {
        metadata,
        spec: {
          maxUnavailable: 1,
          selector: { matchLabels: { ...labels } },
          // A replica that is broken anyway must not keep a node from being drained.
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      options,
      transform,
    ),
  );
}

/**
 * How many replicas a workload begins with. One that takes another's place, as with another strategy, has to begin with what
 * that one's autoscaler has made of the least: the budget says it, since it counts what makes the pods, whatever that is.
 */
export function firstReplicas(
  name: string,
  { minReplicas, maxReplicas }: ServiceScaling,
  budget: PodDisruptionBudget,
  options: CustomResourceOptions,
): Input<number> {
  if (minReplicas === maxReplicas) return minReplicas;
  const { status } = PodDisruptionBudget.get(`${name}-running`, budget.id, options);
  // Before the first deployment a preview has nothing to read.
  if (runtime.isDryRun()) return minReplicas;
  return status.apply((found) => Math.min(maxReplicas, Math.max(minReplicas, found?.expectedPods ?? 0)));
}

function createAutoscaler(name: string, args: ScalingArgs, options: CustomResourceOptions): void {
  const { minReplicas, maxReplicas, targetCpuPercent, targetMemoryPercent } = args.scaling;
  const utilization = (resource: string, averageUtilization: number) => ({
    type: "Resource",
    resource: { name: resource, target: { type: "Utilization", averageUtilization } },
  });
  new HorizontalPodAutoscaler(
    ...childOf<HorizontalPodAutoscalerArgs>(
      `${name}-autoscaler`,
      {
        metadata: {
          ...args.metadata,
          // https://keda.sh/docs/latest/concepts/admission-webhooks/
          ...(args.handover ? { annotations: { "validations.keda.sh/hpa-ownership": "false" } } : {}),
        },
        spec: {
          scaleTargetRef: { ...args.target, name: args.metadata.name },
          minReplicas,
          maxReplicas,
          metrics: [
            utilization("cpu", targetCpuPercent),
            ...(targetMemoryPercent === false ? [] : [utilization("memory", targetMemoryPercent)]),
          ],
          // Up at once; down only when five minutes agree that fewer are enough.
          behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
        },
      },
      options,
      args.transform?.autoscaler,
    ),
  );
}
