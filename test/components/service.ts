import type { ContainerServiceArgs } from "../../components/workload/contract";

/** What a container service is tried with, whatever its target. */
export const commonArgs: Omit<ContainerServiceArgs, "image" | "environment" | "size"> = {
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
};
