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
  udp,
  workloadIdentity,
  type ClusterNetwork,
  type Outbound,
  type Peer,
} from "../../shared/kubernetes-peers";
import { child as childOf, type Transform } from "../../shared/transform";

export interface NetworkPoliciesArgs {
  readonly namespace: Input<string>;
  readonly applicationLabels: PodSelector;
  readonly labels: PodSelector;
  readonly port: number;
  readonly metricsPort: number;
  /** Namespace of the ingress' pods. Undefined: `cluster.ingressCidrs` or Cilium's own, and without these any. */
  readonly ingressNamespace: Input<string> | undefined;
  readonly monitoringNamespace: Input<string>;
  readonly egressPorts: readonly number[];
  readonly egressUdpPorts: readonly number[];
  readonly outbound: readonly Outbound[];
  readonly cluster: ClusterNetwork;
  /** A certificate is issued in this namespace, perhaps over HTTP. */
  readonly challenges: boolean;
  readonly transform?: Transform<NetworkPolicyArgs>;
}

/** Suffix of the policy for ingress since the first version. */
const formerIngress = "-entrance";

/** What the namespace's default denial is opened for: ingress and Prometheus in, HTTPS out. */
export function createNetworkPolicies(name: string, args: NetworkPoliciesArgs, options: CustomResourceOptions): void {
  const { namespace, cluster, ingressNamespace } = args;
  const sources: Peer[] = [
    ...(ingressNamespace === undefined ? [] : [namespaceNamed(ingressNamespace)]),
    ...addresses(cluster.ingressCidrs ?? []),
  ];
  if (sources.length === 0 && cluster.plugin !== "cilium") sources.push({ namespaceSelector: {} });
  const ingress = (port: number) => (sources.length === 0 ? [] : [{ from: sources, ports: tcp(port) }]);
  const policy = (suffix: string, spec: NetworkPolicyArgs["spec"]) =>
    new NetworkPolicy(
      ...childOf<NetworkPolicyArgs>(
        `${name}${suffix}`,
        { metadata: { name: `${name}${suffix}`, namespace }, spec },
        options,
        args.transform,
      ),
    );

  // Another name would be another resource, in stacks that have this one.
  policy(formerIngress, {
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
      { to: [...anywhere], ports: [...tcp(...args.egressPorts), ...udp(...args.egressUdpPorts)] },
      ...egressTo(args.outbound),
      ...workloadIdentity(cluster),
    ],
  });
  const fromCilium = (suffix: string, matchLabels: object, port: number) => {
    if (cluster.plugin !== "cilium") return;
    const toPorts = [{ ports: [{ port: String(port), protocol: "TCP" }] }];
    const spec = { endpointSelector: { matchLabels }, ingress: [{ fromEntities: ["ingress"], toPorts }] };
    ciliumPolicy(`${name}${suffix}`, namespace, spec, options);
  };
  fromCilium(formerIngress, { ...args.labels }, args.port);
  if (!args.challenges) return;
  // cert-manager answers an HTTP-01 challenge from a pod of its own beside the certificate.
  const solver = { "acme.cert-manager.io/http01-solver": "true" };
  fromCilium("-challenges", solver, 8089);
  // Without a rule it would allow nothing, which the default does already.
  if (sources.length === 0) return;
  policy("-challenges", { podSelector: { matchLabels: solver }, policyTypes: ["Ingress"], ingress: ingress(8089) });
}
