import { KubernetesNamespace, KubernetesPrometheus, KubernetesSecrets, KubernetesValkey } from "slipway/kubernetes";

// A namespace with a cache, generated secrets, and alarms for the cache.
const network = new KubernetesNamespace("shop", { namespace: "shop" });
const cache = new KubernetesValkey("cache", { network, memoryMb: 256 });
const secrets = new KubernetesSecrets("secrets", {
  network,
  secrets: { AUTH_SECRET: { from: "generate", bytes: 32 } },
});

new KubernetesPrometheus("monitoring", {
  network,
  sources: [{ kind: "cache", name: "cache", identifiers: { exporter: "application", namespace: "shop", job: "web" } }],
  thresholds: { errorPercent: 1, p95Milliseconds: 1000, saturationPercent: 80 },
  notify: { emails: [] },
});

export const url = cache.url;
export const variables = Object.keys(secrets.refs);
