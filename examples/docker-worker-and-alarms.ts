import { DockerJob, DockerNetworks, DockerPrometheus, DockerWorker } from "slipway/docker";

// A worker, a job at night and Prometheus beside them, on one Docker host.
const network = new DockerNetworks("shop");
const process = { image: "ghcr.io/acme/shop:1.4.2", command: ["node", "mail.js"] };

new DockerWorker("mail", { network, process });
new DockerJob("cleanup", { network, process: { ...process, command: ["node", "cleanup.js"] }, cron: "15 3 * * *" });
new DockerPrometheus("monitoring", {
  network,
  images: { prometheus: "prom/prometheus:v3.5.0", alertmanager: "prom/alertmanager:v0.28.1" },
  scrape: { host: "web", metricsPort: 9464 },
  sources: [{ kind: "cache", name: "cache", identifiers: { exporter: "application" } }],
  thresholds: { errorPercent: 1, p95Milliseconds: 1000, saturationPercent: 80 },
  notify: { emails: ["ops@example.com"] },
  port: 9090,
  retentionDays: 30,
});
