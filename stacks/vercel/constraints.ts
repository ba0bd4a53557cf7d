import type { Problem } from "../settings/problems";
import { presetFor } from "../settings/presets";
import type { Settings } from "../settings/settings";

/** What Vercel does by itself, or not at all. A setting that would be ignored is refused, with the reason. */
const notOnVercel: Readonly<Record<string, string>> = {
  "service.minReplicas": "Vercel runs as many functions as there is load, down to none",
  "service.maxReplicas": "Vercel runs as many functions as there is load",
  "service.targetCpuPercent": "Vercel decides when it adds functions",
  "service.targetMemoryPercent": "Vercel decides when it adds functions",
  "service.requestsPerMinutePerReplica": "Vercel decides when it adds functions",
  "service.maxConcurrentRequests": "Vercel adds functions instead of turning requests away",
  "service.port": "a function listens on no port",
  "service.metricsPort": "a function has no private port; Vercel has metrics of its own",
  "service.startupSeconds": "Vercel asks no health check before it sends requests",
  "service.drainSeconds": "a deployment that is replaced finishes its requests, however long they take",
  "service.graceSeconds": "a deployment that is replaced finishes its requests, however long they take",
  "database.standby": "whoever runs the external database decides that",
  "database.readReplicas": "whoever runs the external database decides that",
  "cache.standby": "whoever runs the external cache decides that",
  "release.bakeMinutes": "the deployment before stays for as long as the team's retention says",
  "monitoring.emails": "Vercel has no e-mail that a program could set up: expected slipway:monitoring.webhook",
  "monitoring.logRetentionDays": "the plan says how long Vercel keeps logs",
  "monitoring.errorPercent": "no alarm is made on Vercel; its dashboard has them",
  "monitoring.p95Milliseconds": "no alarm is made on Vercel; its dashboard has them",
  "monitoring.saturationPercent": "no alarm is made on Vercel; its dashboard has them",
};

export function vercelPairings(settings: Settings): readonly Problem[] {
  const { target, vercel } = settings;
  if (target !== "vercel") return [];
  return [
    ...source(settings),
    ...Object.entries(notOnVercel).flatMap(([key, reason]) => ignored(settings, key, reason)),
    ...size(settings),
    ...release(settings),
    ...retention(settings),
    ...Object.entries(settings.tls).flatMap(([key, found]) =>
      problem(`tls.${key}`, found, "does not work with target vercel: Vercel gets and renews the certificate itself"),
    ),
    ...(vercel.ref !== undefined && vercel.repository === undefined
      ? problem("vercel.ref", vercel.ref, "needs slipway:vercel.repository, where Vercel finds it")
      : []),
  ];
}

function source({ image, build }: Settings): Problem[] {
  const because = "Vercel builds the source with `npm run build`, without Docker";
  if (image !== undefined) {
    return problem(
      "image",
      image,
      `does not work with target vercel: ${because}; name the folder in slipway:build.context`,
    );
  }
  if (build === undefined) return problem("build", undefined, "is missing: the application's folder, { context: app }");
  return (["dockerfile", "args", "secrets"] as const).flatMap((key) =>
    build[key] === undefined ? [] : problem(`build.${key}`, undefined, `does not work with target vercel: ${because}`),
  );
}

/** The preset has a value for everything: what differs from it, somebody has set. */
function ignored(settings: Settings, key: string, reason: string): Problem[] {
  const [section, field] = key.split(".") as [string, string];
  const at = (from: object) => (from as Record<string, Record<string, unknown>>)[section]?.[field];
  const found = at(settings);
  const preset = at(presetFor(settings.preset, "vercel"));
  return JSON.stringify(found) === JSON.stringify(preset)
    ? []
    : problem(key, found, `does not work with target vercel: ${reason}`);
}

/** https://vercel.com/docs/functions/configuring-functions/memory */
const sizes: Readonly<Record<number, number>> = { 1000: 2048, 2000: 4096 };

function size({ service: { cpuMillis, memoryMb } }: Settings): Problem[] {
  const memory = sizes[cpuMillis];
  if (memory === undefined) {
    return problem(
      "service.cpuMillis",
      cpuMillis,
      "is not a size of Vercel: expected 1000 (standard) or 2000 (performance)",
    );
  }
  return memory === memoryMb
    ? []
    : problem("service.memoryMb", memoryMb, `does not go with cpuMillis ${cpuMillis}: Vercel offers ${memory}`);
}

function release({ release: { strategy, weightPercent } }: Settings): Problem[] {
  if (strategy === "rolling") {
    return problem(
      "release.strategy",
      strategy,
      "does not work with target vercel: there are no replicas to replace one after the other; expected blue-green, canary or linear",
    );
  }
  return strategy === "linear" && weightPercent < 10
    ? problem(
        "release.weightPercent",
        weightPercent,
        "makes more than the 10 steps that Vercel takes: expected 10 or more",
      )
    : [];
}

function retention({ cdn: { assetRetentionDays } }: Settings): Problem[] {
  return [1, 7].includes(assetRetentionDays)
    ? []
    : problem(
        "cdn.assetRetentionDays",
        assetRetentionDays,
        "does not work with target vercel: its skew protection reaches back 1 or 7 days",
      );
}

function problem(key: string, found: unknown, message: string): Problem[] {
  return [{ key: `slipway:${key}`, found, message }];
}
