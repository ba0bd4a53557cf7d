import type { types } from "@pulumi/kubernetes";
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as ipaddr from "ipaddr.js";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";

/** The small vocabulary that Slipway's NetworkPolicies are written in. */
export type Peer = types.input.networking.v1.NetworkPolicyPeer;
export type Port = types.input.networking.v1.NetworkPolicyPort;

/** Kubernetes itself puts this label on every namespace, so no one has to remember to. */
const namespaceName = "kubernetes.io/metadata.name";

/** Pods of the same namespace. */
export function podsWith(labels: Readonly<Record<string, Input<string>>>): Peer {
  return { podSelector: { matchLabels: { ...labels } } };
}

/** Every pod of another namespace, or those of its pods that have the labels. */
export function namespaceNamed(namespace: Input<string>, labels?: Readonly<Record<string, string>>): Peer {
  const namespaceSelector = { matchLabels: { [namespaceName]: namespace } };
  return labels === undefined
    ? { namespaceSelector }
    : { namespaceSelector, podSelector: { matchLabels: { ...labels } } };
}

/**
 * Every address but the link-local ones: 169.254.169.254 hands the node's cloud credentials to every caller
 * (https://kubernetes.io/docs/concepts/security/cloud-native-security/#provider-metadata-api).
 */
export const anywhere: readonly Peer[] = [
  { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } },
  { ipBlock: { cidr: "::/0", except: ["fe80::/10", "fd00:ec2::/32"] } },
];

/** How the cluster's network differs from the plainest. */
export interface ClusterNetwork {
  /**
   * What enforces policies. Cilium gives its own ingress, the API server and the nodes names of its own, which no
   * address matches (https://docs.cilium.io/en/stable/security/policy/language/#entities-based): it gets policies of its
   * own kind beside the standard ones. Default: `standard`.
   */
  readonly plugin?: "standard" | "cilium";
  /** Addresses of DNS beside the pods of kube-system. @example ["169.254.169.254/32"] (GKE with Cloud DNS) */
  readonly dnsCidrs?: readonly string[];
  /** Addresses that requests come from, where no pod's. @example ["10.0.0.0/16"] (a load balancer in the VPC) */
  readonly ingressCidrs?: readonly string[];
  /** Addresses of the Kubernetes API. Default: any. @example ["172.16.0.2/32"] */
  readonly apiServerCidrs?: readonly string[];
  /** Ports of the Kubernetes API behind its Service. Default: `[443, 6443]`. */
  readonly apiServerPorts?: readonly number[];
  /** How pods get a role of the cloud. Default: `eks`, by EKS Pod Identity. */
  readonly workloadIdentity?: "eks" | "gke" | "aks" | "none";
}

export function addresses(cidrs: readonly string[]): Peer[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}

/** The same, but for the link-local addresses in it, unless it is of these: {@link anywhere} says why. */
function addressesBeyond(cidr: string): Peer[] {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  const except = (address.kind() === "ipv4" ? anywhere[0] : anywhere[1])!.ipBlock as { readonly except: string[] };
  const inside = except.except.filter((each) => {
    const [linkLocal, size] = ipaddr.parseCIDR(each);
    return bits < size && linkLocal.match([address, bits] as never);
  });
  return [{ ipBlock: { cidr, ...(inside.length === 0 ? {} : { except: inside }) } }];
}

/**
 * The address on the node by which a cloud gives a pod its own role, and no other pod's. They are link-local, so they have
 * to be named. On EKS the agent of Pod Identity (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html),
 * on GKE its metadata server, which hides the node's own credentials
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity).
 */
export function workloadIdentity({ workloadIdentity: cloud = "eks" }: ClusterNetwork = {}): {
  to: Peer[];
  ports: Port[];
}[] {
  if (cloud === "eks") return [{ to: addresses(["169.254.170.23/32", "fd00:ec2::23/128"]), ports: tcp(80) }];
  if (cloud !== "gke") return [];
  return [
    { to: addresses(["169.254.169.254/32"]), ports: tcp(80) },
    { to: addresses(["169.254.169.252/32"]), ports: tcp(987, 988) },
  ];
}

/** Labels by which the cloud knows pods that may have a role. */
export function identityLabels({ workloadIdentity: cloud }: ClusterNetwork = {}): Record<string, string> {
  return cloud === "aks" ? { "azure.workload.identity/use": "true" } : {};
}

/** Somebody that pods may call: addresses, or a namespace of the same cluster. */
export interface Outbound {
  readonly cidr?: string;
  readonly namespace?: string;
  /** Default: every port. A Service's port is not its pods', which is what policies see. */
  readonly ports?: readonly number[];
}

export function egressTo(outbound: readonly Outbound[]): { to: Peer[]; ports?: Port[] }[] {
  return outbound.map(({ cidr, namespace, ports }) => ({
    to: cidr === undefined ? [namespaceNamed(namespace!)] : addressesBeyond(cidr),
    ...(ports === undefined ? {} : { ports: tcp(...ports) }),
  }));
}

/** Cilium's own kind, for what only it has a name for. */
export function ciliumPolicy(
  name: string,
  namespace: Input<string>,
  spec: object,
  options: CustomResourceOptions,
): CustomResource {
  return new CustomResource(
    `${name}-cilium`,
    { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: { name, namespace }, spec },
    options,
  );
}

export function tcp(...ports: readonly Input<number>[]): Port[] {
  return ports.map((port) => ({ protocol: "TCP", port }));
}

export function udp(...ports: readonly Input<number>[]): Port[] {
  return ports.map((port) => ({ protocol: "UDP", port }));
}
