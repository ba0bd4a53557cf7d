import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { PodSelector } from "../../network/contract";
import { anywhere, namespaceNamed, podIdentity, tcp } from "../../shared/kubernetes-peers";

export interface DoorsArgs {
  readonly namespace: Input<string>;
  readonly applicationLabels: PodSelector;
  readonly labels: PodSelector;
  readonly port: number;
  readonly metricsPort: number;
  readonly entranceNamespace: string;
  readonly monitoringNamespace: string;
  readonly egressPorts: readonly number[];
  /** A certificate is issued in this namespace, perhaps over HTTP. */
  readonly challenges: boolean;
}

/** What the namespace's default denial is opened for: the entrance and Prometheus in, HTTPS out. */
export function openDoors(name: string, args: DoorsArgs, options: CustomResourceOptions): void {
  const { namespace } = args;
  const entrance = namespaceNamed(args.entranceNamespace);
  const policy = (suffix: string, spec: ConstructorParameters<typeof NetworkPolicy>[1]) =>
    new NetworkPolicy(`${name}${suffix}`, spec, options);

  policy("-entrance", {
    metadata: { name: `${name}-entrance`, namespace },
    spec: {
      podSelector: { matchLabels: { ...args.labels } },
      policyTypes: ["Ingress"],
      ingress: [
        { from: [entrance], ports: tcp(args.port) },
        { from: [namespaceNamed(args.monitoringNamespace)], ports: tcp(args.metricsPort) },
      ],
    },
  });
  policy("-egress", {
    metadata: { name: `${name}-egress`, namespace },
    spec: {
      podSelector: { matchLabels: { ...args.applicationLabels } },
      policyTypes: ["Egress"],
      // Policies know addresses, not names: mail, storage and error tracking are "anywhere on 443".
      egress: [{ to: [...anywhere], ports: tcp(...args.egressPorts) }, podIdentity()],
    },
  });
  if (!args.challenges) return;
  policy("-challenges", {
    metadata: { name: `${name}-challenges`, namespace },
    spec: {
      // cert-manager answers an HTTP-01 challenge from a pod of its own beside the certificate.
      podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [entrance], ports: tcp(8089) }],
    },
  });
}
