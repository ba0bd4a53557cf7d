import type { Input } from "@pulumi/pulumi";
import type { KubernetesNetwork, PodSelector } from "../../network/contract";
import { cacheNamespace } from "../../shared/cache-namespace";
import { identityLabels, type ClusterNetwork } from "../../shared/kubernetes-peers";
import type { Process, ResolvedProcess } from "../contract";
import type { PodArgs, ProcessPodArgs } from "./workload";

/** What a worker and a job have in common. */
export interface KubernetesProcessArgs extends PodArgs {
  /** Its namespace, and the labels that let its pods reach database, cache and world. @example new KubernetesNamespace("shop", …) */
  readonly network: Pick<KubernetesNetwork, "namespace" | "applicationLabels">;
  /** What runs. @example { image: "ghcr.io/acme/shop:1.4.2", command: ["node", "mail.js"] } */
  readonly process: Process;
  /** A ServiceAccount that exists. @default the namespace's own, `default`, without a token @example service.serviceAccount */
  readonly serviceAccount?: Input<string>;
  /** How the cluster's network differs from the plainest. @default {} @example { plugin: "cilium" } */
  readonly cluster?: ClusterNetwork;
}

export function pods(
  name: string,
  args: KubernetesProcessArgs,
  process: ResolvedProcess,
  labels: PodSelector,
): ProcessPodArgs {
  return {
    ...args,
    ...process,
    environment: { CACHE_NAMESPACE: cacheNamespace(name, process.environment), ...process.environment },
    serviceAccount: args.serviceAccount ?? "default",
    labels: { ...labels, ...identityLabels(args.cluster), ...args.network.applicationLabels },
  };
}
