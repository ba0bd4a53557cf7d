import { output } from "@pulumi/pulumi";
import type { KubernetesServiceArgs } from "../../components/workload/kubernetes/service";
import { registryImage } from "../../components/image/registry-image";
import type { KubernetesNetwork } from "../../components/network/contract";
import { commonArgs } from "./service";

/** What the components of the Kubernetes target are tried with. */
export const network: KubernetesNetwork = {
  namespace: output("shop"),
  applicationLabels: { "slipway/role": "application" },
};

export const serviceArgs: KubernetesServiceArgs = {
  network,
  image: registryImage("ghcr.io/acme/shop:1.4.2"),
  environment: {},
  size: { cpuMillis: 500, memoryMb: 512 },
  ...commonArgs,
  route: { through: "gateway", namespace: "gateway-system", gateway: "public" },
  ingressNamespace: "gateway-system",
};
