import type { Receipt } from "../../../tools/plan/receipt";

export const receipt: Receipt = {
  version: 1,
  ...{ stack: "prod", target: "docker", strategy: "canary", outcome: "released" },
  ...{ startedAt: "2026-11-27T03:00:00.000Z", endedAt: "2026-11-27T03:01:00.000Z" },
  image: { reference: "ghcr.io/acme/shop:2", digest: `sha256:${"ab".repeat(32)}`, commit: "4f2c9aa" },
  previous: { reference: "ghcr.io/acme/shop:1", digest: `sha256:${"cd".repeat(32)}` },
  migration: { exitCode: 0, seconds: 1.2 },
  requests: { total: 6120, newRelease: 612, failed: 0, slowestSeconds: 0.31 },
  steps: [
    {
      ...{ weight: 10, seconds: 60, result: "passed", reason: "errors 0.0 % against 0.0 %, p95 0.11 s against 0.10 s" },
      candidate: { requests: 612, errors: 0, errorRatio: 0, p95Seconds: 0.11 },
      stable: { requests: 5508, errors: 0, errorRatio: 0, p95Seconds: 0.1 },
    },
  ],
  seconds: { ready: 8, switch: 70, drain: 6, total: 90 },
  judge: "errors and p95 in the ingress' log, new release against old",
};
