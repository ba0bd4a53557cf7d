import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { cpuQuantity, mebibytes } from "./kubernetes-quantity";

export type PodSpec = types.input.core.v1.PodSpec;
export type Container = types.input.core.v1.Container;
export type Volume = types.input.core.v1.Volume;
export type VolumeMount = types.input.core.v1.VolumeMount;

/**
 * What every pod of Slipway's own has in common: the `restricted` standard
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted) under one user that is not root, and
 * no way to talk to the Kubernetes API.
 */
export function restrictedPod(userId: number, spec: PodSpec): PodSpec {
  return {
    automountServiceAccountToken: false,
    // Thousands of SERVICE_HOST variables in a large namespace slow a start, and can shadow one of the application's.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...spec,
  };
}

/**
 * A container that can write nowhere but to its volumes. Its requests are its limits, unless it is told otherwise: it is
 * never evicted for another. What it may write to its node is limited too: its log, and the volumes that it empties.
 */
export function restrictedContainer(container: Container & { readonly size: Size }): Container {
  const { size, ...rest } = container;
  const { requests, cpuLimit = true, diskMb = 0 } = size;
  const [cpu, memory] = [cpuQuantity(size.cpuMillis), mebibytes(size.memoryMb)];
  return {
    imagePullPolicy: "IfNotPresent",
    resources: {
      requests: {
        cpu: requests?.cpuMillis === undefined ? cpu : cpuQuantity(requests.cpuMillis),
        memory: requests?.memoryMb === undefined ? memory : mebibytes(requests.memoryMb),
        "ephemeral-storage": "64Mi",
      },
      // A kubelet keeps 50 MiB of a container's log by default.
      limits: { ...(cpuLimit ? { cpu } : {}), memory, "ephemeral-storage": mebibytes(diskMb + 128) },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...rest,
  };
}

export interface Size {
  readonly cpuMillis: number;
  readonly memoryMb: number;
  /** What its node keeps for it, where that is less. Default: all of it. */
  readonly requests?: Requests;
  /** Whether it is throttled at `cpuMillis`. Default: true. */
  readonly cpuLimit?: boolean;
  /** Sizes of the volumes on its node's disk that it writes to, in MiB. Default: 0. */
  readonly diskMb?: number;
}

/** What a node keeps for a container. */
export interface Requests {
  /** In thousandths of a CPU. Default: its limit. @example 250 */
  readonly cpuMillis?: number;
  /** In MiB. Default: its limit. @example 384 */
  readonly memoryMb?: number;
}

/** Keeps replicas apart: first over zones, then over nodes. A preference, so that a small cluster can still run them all. */
export function spread(labels: Readonly<Record<string, Input<string>>>): PodSpec["topologySpreadConstraints"] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...labels } },
  }));
}

/**
 * The same, and over zones it must be: a pod waits rather than make the zones more uneven. Zones whose nodes take no such pod,
 * as those of a control plane, do not count. With a `minimum` there must be as many.
 */
export function spreadRequired(
  labels: Readonly<Record<string, Input<string>>>,
  minimum?: number,
): PodSpec["topologySpreadConstraints"] {
  const [zones, ...rest] = spread(labels) as types.input.core.v1.TopologySpreadConstraint[];
  return [
    {
      ...zones!,
      whenUnsatisfiable: "DoNotSchedule",
      nodeTaintsPolicy: "Honor",
      ...(minimum === undefined ? {} : { minDomains: minimum }),
    },
    ...rest,
  ];
}

/** Which nodes run a pod, and how urgently. */
export interface Placement {
  /** Labels that a node must have. @example { "kubernetes.io/arch": "arm64" } */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that are tolerated. @example [{ key: "dedicated", operator: "Equal", value: "web", effect: "NoSchedule" }] */
  readonly tolerations?: readonly Toleration[];
  /** What a selector cannot say. @example { nodeAffinity: { … } } */
  readonly affinity?: Affinity;
  /** A PriorityClass that exists. Default: the cluster's own. */
  readonly priorityClass?: string;
}

export type Affinity = types.input.core.v1.Affinity;
export type Toleration = types.input.core.v1.Toleration;

/** The part of a pod's spec that says so. */
export function placed(
  placement: Placement | undefined,
): Pick<PodSpec, "affinity" | "nodeSelector" | "priorityClassName" | "tolerations"> {
  const { affinity, nodeSelector, tolerations, priorityClass } = placement ?? {};
  return {
    ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(affinity === undefined ? {} : { affinity }),
    ...(tolerations === undefined ? {} : { tolerations: [...tolerations] }),
    ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
  };
}
