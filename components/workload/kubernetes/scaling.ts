import { HorizontalPodAutoscaler, type HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2";
import { PodDisruptionBudget, type PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { PodSelector } from "../../network/contract";
import { child as childOf, type Transform } from "../../shared/transform";
import type { ServiceScaling } from "../contract";

export interface ScalingArgs {
  readonly metadata: { readonly name: string; readonly namespace: Input<string> };
  readonly target: { readonly apiVersion: string; readonly kind: string };
  readonly labels: PodSelector;
  readonly scaling: ServiceScaling;
  readonly transform?: {
    readonly autoscaler?: Transform<HorizontalPodAutoscalerArgs>;
    readonly disruptionBudget?: Transform<PodDisruptionBudgetArgs>;
  };
}

/**
 * How many replicas there are, and how many of them maintenance may take at once. Also a fixed number is an autoscaler's,
 * which needs no metrics for it: so there is one owner, whatever the settings become.
 */
export function createScaling(name: string, args: ScalingArgs, options: CustomResourceOptions): void {
  const { metadata, labels } = args;
  createAutoscaler(name, args, options);
  new PodDisruptionBudget(
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
      args.transform?.disruptionBudget,
    ),
  );
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
        metadata: args.metadata,
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
