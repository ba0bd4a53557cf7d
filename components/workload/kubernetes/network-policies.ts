import { NetworkPolicy, type NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { PodSelector } from "../../network/contract";
import {
  addresses,
  anywhere,
  ciliumPolicy,
  egressTo,
  namespaceNamed,
  tcp,
  workloadIdentity,
  type ClusterNetwork,
  type Outbound,
  type Peer,
} from "../../shared/kubernetes-peers";
import { type Transform, transformed } from "../../shared/transform";

export interface DoorsArgs {
  readonly namespace: Input<string>;
  readonly applicationLabels: PodSelector;
  readonly labels: PodSelector;
  readonly port: number;
  readonly metricsPort: number;
  /** Namespace of the ingress' pods. Undefined: `cluster.ingressCidrs` or Cilium's own, and without these any. */
  readonly entranceNamespace: string | undefined;
  readonly monitoringNamespace: string;
  readonly egressPorts: readonly number[];
  readonly outbound: readonly Outbound[];
  readonly cluster: ClusterNetwork;
  /** A certificate is issued in this namespace, perhaps over HTTP. */
  readonly challenges: boolean;
  readonly transform?: Transform<NetworkPolicyArgs>;
}

/** What the namespace's default denial is opened for: the entrance and Prometheus in, HTTPS out. */
export function openDoors(name: string, args: DoorsArgs, options: CustomResourceOptions): void {
  const { namespace, cluster, entranceNamespace } = args;
  const entrance: Peer[] = [
    ...(entranceNamespace === undefined ? [] : [namespaceNamed(entranceNamespace)]),
    ...addresses(cluster.ingressCidrs ?? []),
  ];
  if (entrance.length === 0 && cluster.plugin !== "cilium") entrance.push({ namespaceSelector: {} });
  const ingress = (port: number) => (entrance.length === 0 ? [] : [{ from: entrance, ports: tcp(port) }]);
  const policy = (suffix: string, spec: NetworkPolicyArgs["spec"]) =>
    new NetworkPolicy(
      `${name}${suffix}`,
      transformed<NetworkPolicyArgs>({ metadata: { name: `${name}${suffix}`, namespace }, spec }, args.transform),
      options,
    );

  policy("-entrance", {
    podSelector: { matchLabels: { ...args.labels } },
    policyTypes: ["Ingress"],
    ingress: [
      ...ingress(args.port),
      { from: [namespaceNamed(args.monitoringNamespace)], ports: tcp(args.metricsPort) },
    ],
  });
  policy("-egress", {
    podSelector: { matchLabels: { ...args.applicationLabels } },
    policyTypes: ["Egress"],
    // Policies know addresses, not names: mail, storage and error tracking are "anywhere on 443".
    egress: [
      { to: [...anywhere], ports: tcp(...args.egressPorts) },
      ...egressTo(args.outbound),
      ...workloadIdentity(cluster),
    ],
  });
  if (cluster.plugin === "cilium") {
    ciliumPolicy(
      `${name}-entrance`,
      namespace,
      {
        endpointSelector: { matchLabels: { ...args.labels } },
        ingress: [{ fromEntities: ["ingress"], toPorts: [{ ports: [{ port: String(args.port), protocol: "TCP" }] }] }],
      },
      options,
    );
  }
  if (!args.challenges) return;
  policy("-challenges", {
    // cert-manager answers an HTTP-01 challenge from a pod of its own beside the certificate.
    podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
    policyTypes: ["Ingress"],
    ingress: ingress(8089),
  });
}
