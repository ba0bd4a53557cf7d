import { output } from "@pulumi/pulumi";
import type { KubernetesServiceArgs } from "../../components/container-service/kubernetes-service";
import { registryImage } from "../../components/image/registry-image";
import type { KubernetesNetwork } from "../../components/network/contract";

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
  scaling: {
    minReplicas: 2,
    maxReplicas: 6,
    targetCpuPercent: 60,
    targetMemoryPercent: 75,
    requestsPerMinutePerReplica: 1000,
  },
  health: {
    livePath: "/api/health",
    readyPath: "/api/ready",
    intervalSeconds: 10,
    timeoutSeconds: 5,
    startupSeconds: 60,
  },
  shutdown: { drainSeconds: 15, graceSeconds: 25 },
  release: { strategy: "rolling" },
  port: 3000,
  metricsPort: 9464,
  migration: ["node", "migrate.js"],
  domain: "shop.example.com",
  route: { through: "gateway", namespace: "gateway-system", gateway: "public" },
  entranceNamespace: "gateway-system",
};
