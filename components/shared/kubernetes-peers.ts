import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

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
 * Every address but the link-local ones: 169.254.169.254 hands the node's cloud credentials to whoever asks
 * (https://kubernetes.io/docs/concepts/security/cloud-native-security/#provider-metadata-api).
 */
export const anywhere: readonly Peer[] = [
  { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } },
  { ipBlock: { cidr: "::/0", except: ["fe80::/10", "fd00:ec2::/32"] } },
];

/**
 * The agent by which EKS Pod Identity gives a pod its own role, and no other pod's: link-local too, so it has to be named
 * (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html). Elsewhere nobody answers there.
 */
export function podIdentity(): { to: Peer[]; ports: Port[] } {
  return { to: ["169.254.170.23/32", "fd00:ec2::23/128"].map((cidr) => ({ ipBlock: { cidr } })), ports: tcp(80) };
}

export function tcp(...ports: readonly Input<number>[]): Port[] {
  return ports.map((port) => ({ protocol: "TCP", port }));
}
