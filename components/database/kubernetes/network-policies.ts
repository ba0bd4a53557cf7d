import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { KubernetesNetwork } from "../../network/contract";
import { anywhere, namespaceNamed, podIdentity, podsWith, tcp } from "../../shared/kubernetes-peers";

export const port = 5432;

/** The instance manager's own port, on which the operator asks for a server's state and tells it what to do. */
const managerPort = 8000;
/** Of the servers, and of the poolers. */
const metricsPorts = [9187, 9127];

export interface DatabaseDoorsArgs {
  readonly network: KubernetesNetwork;
  readonly operatorNamespace?: string;
  readonly monitoringNamespace?: string;
  readonly backup?: { readonly endpointUrl?: string };
}

/** Both ends of each way: the namespace denies the one as well as the other. */
export function openDatabaseDoors(name: string, args: DatabaseDoorsArgs, options: CustomResourceOptions): void {
  const { network, operatorNamespace = "cnpg-system", monitoringNamespace = "monitoring", backup } = args;
  const servers = { "cnpg.io/cluster": name };

  new NetworkPolicy(
    `${name}-servers`,
    {
      metadata: { name: `${name}-servers`, namespace: network.namespace },
      spec: {
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
          { to: [...anywhere], ports: tcp(...new Set([443, 6443, portOf(backup?.endpointUrl)])) },
          podIdentity(),
        ],
      },
    },
    options,
  );
  new NetworkPolicy(
    `${name}-clients`,
    {
      metadata: { name: `${name}-clients`, namespace: network.namespace },
      spec: {
        podSelector: { matchLabels: { ...network.applicationLabels } },
        policyTypes: ["Egress"],
        egress: [{ to: [podsWith(servers)], ports: tcp(port) }],
      },
    },
    options,
  );
}

function portOf(endpoint = "https://s3"): number {
  const { port, protocol } = new URL(endpoint);
  return Number(port) || (protocol === "http:" ? 80 : 443);
}
