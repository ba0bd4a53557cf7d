import type { Signal } from "./signals";

const here = {
  cloudWatch: "there is no host of one's own on AWS Fargate",
  application:
    "only an exporter beside the application sees it, and docker.exporters is off or the cluster has its own",
} as const;

/** File systems that are no disk. */
const disks = 'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|devtmpfs|autofs|efivarfs|nsfs|fuse.*"';

/** Rows of the table of signals that one host of one's own has: the host itself, nginx, and the site as a visitor reaches it. */
export const hostSignals: readonly Signal[] = [
  {
    id: "site-down",
    title: "The site answers over HTTPS",
    alarm: "The site does not answer",
    of: "site",
    severity: "page",
    runbook:
      "Visitors get nothing, or the error page: `slipway maintenance` fires it too. slipway status says which replicas are healthy; then read the log of nginx or of the load balancer.",
    forMinutes: 2,
    unit: "count",
    below: 1,
    cloudWatch: {
      namespace: "AWS/Route53",
      dimensions: ["HealthCheckId"],
      metrics: { status: { name: "HealthCheckStatus", statistic: "Minimum" } },
      // A health check that is gone, or that nobody asks any more, is not a site that answers.
      missing: "breaching",
      region: "us-east-1",
    },
    prometheus: { blackbox: 'min(probe_success{job="$job"}) or vector(0)' },
    absent: { application: here.application },
  },
  {
    id: "ingress-down",
    title: "nginx answers",
    alarm: "nginx is down",
    of: "ingress-server",
    severity: "page",
    runbook:
      "Read the log of nginx' container: docker logs. A refused configuration does not stop it; a full disk or memory does.",
    forMinutes: 2,
    unit: "count",
    below: 1,
    prometheus: { nginx: 'min(nginx_up{job="$job"}) or vector(0)' },
    absent: here,
  },
  {
    id: "ingress-connections",
    title: "Connections of nginx",
    alarm: "Connections of nginx nearly exhausted",
    of: "ingress-server",
    severity: "ticket",
    runbook:
      "New visitors will be refused. Many connections of few clients are an attack: docker logs of nginx has the addresses. Otherwise put a CDN in front.",
    forMinutes: 5,
    unit: "percent",
    above: (thresholds) => thresholds.saturationPercent,
    prometheus: { nginx: '100 * max(nginx_connections_active{job="$job"}) / $maxConnections' },
    absent: here,
  },
  {
    id: "host-disk",
    title: "Free space on Docker's disk",
    alarm: "Low disk space on the host",
    of: "host",
    severity: "page",
    runbook:
      "A full disk stops the database. docker system df says what takes room; docker image prune --all removes images of old releases. Backups and logs have limits of their own.",
    forMinutes: 10,
    unit: "percent",
    below: 10,
    prometheus: {
      node: `100 * min(node_filesystem_avail_bytes{job="$job",${disks}} / node_filesystem_size_bytes{job="$job",${disks}})`,
    },
    absent: here,
  },
  {
    id: "host-inodes",
    title: "Free inodes on Docker's disk",
    alarm: "Low inodes on the host",
    of: "host",
    severity: "page",
    runbook:
      "No file can be made any more, with space left. Look for a folder with very many small files: df --inodes.",
    forMinutes: 10,
    unit: "percent",
    below: 5,
    prometheus: {
      // A file system that has no fixed number says 0 of 0.
      node: `100 * min(node_filesystem_files_free{job="$job",${disks}} / (node_filesystem_files{job="$job",${disks}} > 0))`,
    },
    absent: here,
  },
  {
    id: "host-memory",
    title: "Available memory of the host",
    alarm: "Low memory on the host",
    of: "host",
    severity: "ticket",
    runbook:
      "A release needs room for twice the replicas. docker stats says who uses it; what is beside the stack counts too. A larger host, or smaller limits.",
    forMinutes: 10,
    unit: "percent",
    below: 10,
    prometheus: {
      node: '100 * min(node_memory_MemAvailable_bytes{job="$job"} / node_memory_MemTotal_bytes{job="$job"})',
    },
    absent: here,
  },
  {
    id: "host-cpu",
    title: "CPU use of the host",
    alarm: "High CPU use on the host",
    of: "host",
    severity: "ticket",
    runbook: "docker stats says who uses it. Compare with the requests; then a larger host.",
    forMinutes: 15,
    unit: "percent",
    above: (thresholds) => Math.max(thresholds.saturationPercent, 90),
    prometheus: {
      // Of what was counted, and not of the time: in its first minutes Prometheus has counted little.
      node: '100 * (1 - sum(rate(node_cpu_seconds_total{job="$job",mode="idle"}[5m])) / sum(rate(node_cpu_seconds_total{job="$job"}[5m])))',
    },
    absent: here,
  },
  {
    id: "host-exporter",
    title: "Metrics of the host",
    alarm: "The host's exporter is down",
    of: "host",
    severity: "ticket",
    runbook: "Nobody watches disk and memory while it is down. Read its log; pulumi up starts it again.",
    forMinutes: 10,
    unit: "count",
    below: 1,
    prometheus: { node: 'min(up{job="$job"}) or vector(0)' },
    absent: here,
  },
];
