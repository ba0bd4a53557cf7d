import { NetworkPolicy, type NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1";
import type { Input, CustomResourceOptions } from "@pulumi/pulumi";
import type { KubernetesNetwork } from "../../network/contract";
import {
  addresses,
  anywhere,
  ciliumPolicy,
  egressTo,
  namespaceNamed,
  podsWith,
  tcp,
  workloadIdentity,
  type ClusterNetwork,
  type Outbound,
} from "../../shared/kubernetes-peers";
import { child as childOf, type Transform } from "../../shared/transform";

export const port = 5432;

/** The instance manager's own port, on which the operator asks for a server's state and tells it what to do. */
const managerPort = 8000;
/** Of the servers, and of the poolers. */
const metricsPorts = [9187, 9127];

export interface DatabaseDoorsArgs {
  readonly network: KubernetesNetwork;
  readonly operatorNamespace?: Input<string>;
  readonly monitoringNamespace?: Input<string>;
  readonly backup?: { readonly endpointUrl?: string };
  /** How the cluster's network differs from the plainest. */
  readonly cluster?: ClusterNetwork;
  /** Whom the servers call beside each other, the Kubernetes API and the bucket's port: a bucket in the cluster. */
  readonly outbound?: readonly Outbound[];
  readonly transform?: { readonly networkPolicy?: Transform<NetworkPolicyArgs> };
}

/** Both ends of each way: the namespace denies the one as well as the other. */
export function openDatabaseDoors(name: string, args: DatabaseDoorsArgs, options: CustomResourceOptions): void {
  const { network, operatorNamespace = "cnpg-system", monitoringNamespace = "monitoring", backup } = args;
  const { cluster = {}, outbound = [] } = args;
  const { namespace } = network;
  const servers = { "cnpg.io/cluster": name };
  const { apiServerCidrs, apiServerPorts = [443, 6443] } = cluster;
  const storagePort = portOf(backup?.endpointUrl);
  const policy = (suffix: string, spec: NetworkPolicyArgs["spec"]) =>
    new NetworkPolicy(
      ...childOf<NetworkPolicyArgs>(
        `${name}${suffix}`,
        { metadata: { name: `${name}${suffix}`, namespace }, spec },
        options,
        args.transform?.networkPolicy,
      ),
    );

  policy("-servers", {
    podSelector: { matchLabels: servers },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [podsWith(network.applicationLabels)], ports: tcp(port) },
      { from: [podsWith(servers), namespaceNamed(operatorNamespace)], ports: tcp(port, managerPort) },
      { from: [namespaceNamed(monitoringNamespace)], ports: tcp(...metricsPorts) },
    ],
    egress: [
      { to: [podsWith(servers)], ports: tcp(port, managerPort) },
      // The instance manager speaks to the Kubernetes API, which no selector can name, and to the object storage.
      ...(apiServerCidrs === undefined
        ? [{ to: [...anywhere], ports: tcp(...new Set([...apiServerPorts, storagePort])) }]
        : [
            { to: addresses(apiServerCidrs), ports: tcp(...apiServerPorts) },
            { to: [...anywhere], ports: tcp(storagePort) },
          ]),
      ...egressTo(outbound),
      ...workloadIdentity(cluster),
    ],
  });
  policy("-clients", {
    podSelector: { matchLabels: { ...network.applicationLabels } },
    policyTypes: ["Egress"],
    egress: [{ to: [podsWith(servers)], ports: tcp(port) }],
  });
  if (cluster.plugin !== "cilium") return;
  ciliumPolicy(
    `${name}-servers`,
    namespace,
    { endpointSelector: { matchLabels: servers }, egress: [{ toEntities: ["kube-apiserver"] }] },
    options,
  );
}

function portOf(endpoint = "https://s3"): number {
  const { port, protocol } = new URL(endpoint);
  return Number(port) || (protocol === "http:" ? 80 : 443);
}
