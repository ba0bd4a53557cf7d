import type { TargetDefinition } from "../targets";
import { dockerConstraints } from "./constraints";

/** One Docker host. */
export const dockerTarget: TargetDefinition<"docker"> = {
  implementations: {
    database: ["docker", "external", "none"],
    cache: ["docker", "external", "none"],
    cdn: ["nginx", "none"],
    storage: ["volume", "external", "none"],
  },
  reason: "a single host is in no VPC, where RDS and ElastiCache live, and has no operators",
  // One of everything, and as many replicas as at the start.
  preset: ({ service, database, cache, ...common }) => ({
    ...common,
    service: { ...service, minReplicas: 2, maxReplicas: 2, drainSeconds: Math.min(service.drainSeconds, 5) },
    database: { ...database, standby: false },
    cache: { ...cache, standby: false },
  }),
  constraints: dockerConstraints,
  warnings: [
    ({ tls, network }) =>
      tls.certificateFolder === undefined && tls.acme === undefined && network.bindAddress !== "127.0.0.1"
        ? "a self-signed certificate on a public address: browsers refuse it. slipway:tls.acme or slipway:tls.certificateFolder"
        : undefined,
    ({ database, docker }) =>
      database.implementation === "docker" && docker.backupBucket === undefined
        ? "backups are on this host alone, and are lost with it. slipway:docker.backupBucket"
        : undefined,
    ({ database, storage }) =>
      database.implementation !== "docker" && storage.implementation === "volume"
        ? "uploads have no backup: they are backed up together with a database of the stack. slipway:storage.implementation"
        : undefined,
    ({ preset, docker }) =>
      preset !== "development" && docker.name === undefined
        ? "named by the stack alone: `pulumi stack rename` would replace everything, volumes with data too. slipway:docker.name: slipway-<stack>"
        : undefined,
  ],
  place: "this host",
  regional: false,
  unpriced: "free",
  sdks: ["@pulumi/docker", "@pulumi/docker-build", "@pulumi/tls"],
  load: () => (require("./stack") as typeof import("./stack")).docker,
};
