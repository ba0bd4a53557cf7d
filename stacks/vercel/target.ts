import type { TargetDefinition } from "../targets";
import { vercelConstraints } from "./constraints";

/** Vercel, which builds the application and runs its functions; database, cache and storage are elsewhere. */
export const vercelTarget: TargetDefinition<"vercel"> = {
  implementations: {
    database: ["external", "none"],
    cache: ["none", "external"],
    cdn: ["vercel"],
    storage: ["none", "external"],
  },
  reason: "Vercel runs functions and nothing that keeps data, behind a network of its own",
  // Functions have one size or the other, a release takes over at once, and its files are reached for a week at most.
  preset: ({ service, database, cache, cdn, release, ...common }) => ({
    ...common,
    service: { ...service, cpuMillis: 1000, memoryMb: 2048 },
    database: { ...database, standby: false },
    cache: { ...cache, standby: false },
    cdn: { ...cdn, assetRetentionDays: 7 },
    release: { ...release, strategy: "blue-green" },
  }),
  constraints: vercelConstraints,
  warnings: [
    ({ storage }) =>
      storage.implementation === "none"
        ? "uploads are lost when a function ends. slipway:storage.implementation: external, with a bucket"
        : undefined,
  ],
  place: "Vercel",
  regional: false,
  unpriced: "your plan",
  sdks: ["@pulumiverse/vercel"],
  load: () => (require("./stack") as typeof import("./stack")).vercel,
};
