import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import { interpolate, type CustomResourceOptions, type Input } from "@pulumi/pulumi";
import { child as childOf, type Transform } from "../../shared/transform";
import type { ServiceScaling } from "../contract";

/** KEDA (https://keda.sh), which makes and keeps the HorizontalPodAutoscaler, and counts requests by Prometheus. */
export interface Keda {
  /** Prometheus that scrapes the application's pods. @example "http://prometheus.monitoring:9090" */
  readonly prometheusUrl: string;
}

export interface ScaledObjectArgs {
  readonly metadata: { readonly name: string; readonly namespace: Input<string> };
  readonly target: { readonly apiVersion: string; readonly kind: string };
  readonly scaling: ServiceScaling;
  readonly keda: Keda;
  /** How Prometheus calls what the PodMonitor of the pods finds. */
  readonly job: Input<string>;
  readonly transform?: { readonly scaledObject?: Transform<CustomResourceArgs> };
}

/**
 * Scales by CPU, memory and requests, by whichever asks for the most. KEDA's webhook wants the workload to be there:
 * `dependsOn` has to have it.
 */
export function createScaledObject(name: string, args: ScaledObjectArgs, options: CustomResourceOptions): void {
  const { minReplicas, maxReplicas, targetCpuPercent, targetMemoryPercent } = args.scaling;
  const utilization = (type: string, percent: number) => ({
    type,
    metricType: "Utilization",
    metadata: { value: String(percent) },
  });
  new CustomResource(
    ...childOf<CustomResourceArgs>(
      `${name}-scaled-object`,
      {
        apiVersion: "keda.sh/v1alpha1",
        kind: "ScaledObject",
        metadata: args.metadata,
        spec: {
          scaleTargetRef: { ...args.target, name: args.metadata.name },
          // Without it KEDA would scale to none.
          minReplicaCount: minReplicas,
          maxReplicaCount: maxReplicas,
          pollingInterval: 15,
          advanced: {
            horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 300 } } },
          },
          triggers: [
            utilization("cpu", targetCpuPercent),
            ...(targetMemoryPercent === false ? [] : [utilization("memory", targetMemoryPercent)]),
            requests(args),
          ],
        },
      },
      options,
      args.transform?.scaledObject,
    ),
  );
}

/**
 * Requests a minute, which the autoscaler divides by the replicas. Without an answer, or without series, it is an error and
 * not 0: the autoscaler then adds replicas by the other metrics, and takes none away.
 * https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#scaling-on-multiple-metrics
 */
function requests({ keda, job, scaling }: ScaledObjectArgs): object {
  return {
    type: "prometheus",
    metricType: "AverageValue",
    metadata: {
      serverAddress: keda.prometheusUrl,
      query: interpolate`60 * sum(rate(http_requests_total{job="${job}"}[2m]))`,
      threshold: String(scaling.requestsPerMinutePerReplica),
      ignoreNullValues: "false",
    },
  };
}
