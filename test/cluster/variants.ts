import type { StackFile } from "../../stacks/settings/settings";

const prometheusUrl = "http://prometheus.monitoring:9090";
const backupBucket = "s3://acme-backups/shop";
const volume = { implementation: "volume" } as const;

/** By name, what people run on clusters that differ. Each goes to a namespace of its own, called after it. */
const files: Readonly<Record<string, Record<string, unknown>>> = {
  "kind-plain": { preset: "development" },
  "k3s-traefik": { kubernetes: { ingressClass: "traefik", ingressNamespace: "kube-system" } },
  "gke-gateway-rolling": {
    preset: "production",
    tls: { issuer: "letsencrypt" },
    kubernetes: {
      gatewayClass: "gke-l7-global-external-managed",
      ingressCidrs: ["130.211.0.0/22", "35.191.0.0/16"],
      dnsCidrs: ["169.254.169.254/32"],
      workloadIdentity: "gke",
      backupBucket: "gs://acme-backups/shop",
    },
  },
  "gke-blue-green": {
    release: { strategy: "blue-green" },
    kubernetes: {
      gateway: "infra/external-http",
      ingressCidrs: ["130.211.0.0/22"],
      workloadIdentity: "gke",
      prometheusUrl,
    },
  },
  "gke-canary": {
    release: { strategy: "canary", weightPercent: 7, stepMinutes: 3, bakeMinutes: 1 },
    kubernetes: { gateway: "infra/external-http", prometheusUrl },
  },
  "aks-cilium": {
    preset: "production",
    kubernetes: {
      networkPlugin: "cilium",
      workloadIdentity: "aks",
      backupBucket: "https://acme.blob.core.windows.net/backups/shop",
      serviceAnnotations: { "azure.workload.identity/client-id": "00000000-0000-0000-0000-000000000000" },
      ingressClass: "webapprouting.kubernetes.azure.com",
    },
  },
  "aks-zones": {
    database: { standby: true, readReplicas: 2 },
    kubernetes: { workloadIdentity: "aks", tolerations: [{ key: "spot", operator: "Exists" }], backupBucket },
  },
  "eks-alb": {
    preset: "production",
    kubernetes: {
      ingressClass: "alb",
      ingressCidrs: ["10.0.0.0/16"],
      backupBucket,
      databaseAnnotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/backups" },
      routeAnnotations: {
        "alb.ingress.kubernetes.io/scheme": "internet-facing",
        "alb.ingress.kubernetes.io/target-type": "ip",
      },
    },
  },
  "eks-arm": { kubernetes: { nodeSelector: { "kubernetes.io/arch": "arm64" }, storageClass: "gp3", backupBucket } },
  "existing-namespace": { kubernetes: { existingNamespace: true, serviceAccount: "shop" } },
  "rwx-storage": { storage: volume, kubernetes: { uploadsStorageClass: "efs", uploadsGb: 1 } },
  "external-all": {
    database: { implementation: "external", url: "postgres://app@db.example.com:6432/app" },
    cache: { implementation: "external", url: "rediss://cache.example.com:6380" },
    storage: {
      implementation: "external",
      bucket: "acme-uploads",
      region: "eu-central-1",
      endpoint: "https://minio.storage.svc:9000",
    },
    secrets: {
      DATABASE_PASSWORD: { reference: "vault:shop/db#password" },
      REDIS_PASSWORD: { reference: "redis/password" },
    },
  },
  "no-dependencies": { database: { implementation: "none" }, cache: { implementation: "none" } },
  "plain-image": {
    service: {
      user: 1000,
      port: 8080,
      command: ["/app/server"],
      writable: ["/app/cache", "/var/run/app"],
      health: { live: "tcp", ready: "/readyz" },
      migration: false,
    },
    database: { implementation: "none" },
    cache: { implementation: "none" },
  },
  "plain-blue-green": {
    service: { health: { live: "/healthz", ready: "/healthz" }, migration: false },
    release: { strategy: "blue-green" },
    kubernetes: { gateway: "infra/public" },
  },
  "workers-and-jobs": {
    workers: { mail: { command: ["node", "mail.js"], replicas: 3 }, w: { command: ["node", "w.js"], cpuMillis: 100 } },
    jobs: {
      cleanup: { command: ["node", "cleanup.js"], cron: "*/5 * * * *", timeoutMinutes: 4 },
      "a-rather-long-name-of-a-job-ok": { command: ["node", "import.js"] },
    },
  },
  "workers-canary": {
    release: { strategy: "canary" },
    workers: { mail: { command: ["node", "mail.js"] } },
    jobs: { nightly: { command: ["node", "n.js"], cron: "0 3 * * *" } },
    kubernetes: { prometheusUrl, ingressClass: "nginx" },
  },
  "eso-references": {
    secrets: {
      SENTRY_DSN: { reference: "vault:shop/sentry#dsn" },
      API_KEY: { reference: "aws:shop/api" },
      PLAIN: { reference: "plain/key" },
      SESSION: { generate: 32 },
    },
  },
  monitored: {
    monitoring: {
      emails: ["ops@example.com", "other@example.com"],
      webhook: "https://hooks.slack.com/services/T0/B0/x",
      smtp: { host: "smtp.example.com:587", from: "alerts@example.com" },
    },
    kubernetes: { monitoringLabels: { release: "kps" }, grafanaUrl: "https://grafana.example.com", prometheusUrl },
  },
  "odd-replicas": { service: { minReplicas: 3, maxReplicas: 47, targetCpuPercent: 13, targetMemoryPercent: 90 } },
  "one-replica": {
    preset: "development",
    service: { minReplicas: 1, maxReplicas: 1, drainSeconds: 0, graceSeconds: 1 },
  },
  tiny: {
    preset: "development",
    service: { cpuMillis: 100, memoryMb: 128, minReplicas: 1, maxReplicas: 2 },
    database: { cpuMillis: 100, memoryMb: 256, storageGb: 1 },
    cache: { memoryMb: 32 },
    kubernetes: { poolerCpuMillis: 50, poolerMemoryMb: 64, walStorageGb: 1 },
  },
  huge: {
    service: { cpuMillis: 8000, memoryMb: 16384, minReplicas: 4, maxReplicas: 5 },
    database: { cpuMillis: 12000, memoryMb: 60000, storageGb: 4000, readReplicas: 5, standby: true },
    cache: { memoryMb: 20000 },
  },
  "own-gateway-blue-green": {
    release: { strategy: "blue-green", bakeMinutes: 3 },
    tls: { issuer: "letsencrypt" },
    kubernetes: { gatewayClass: "envoy", prometheusUrl },
  },
  "own-gateway-canary": {
    release: { strategy: "canary", weightPercent: 50, stepMinutes: 3 },
    tls: { issuer: "letsencrypt" },
    kubernetes: { gatewayClass: "cilium", networkPlugin: "cilium", prometheusUrl },
  },
  "nginx-with-certificate": {
    preset: "production",
    tls: { issuer: "letsencrypt" },
    kubernetes: {
      ingressClass: "nginx",
      backupBucket,
      backupEndpoint: "http://minio.storage:9000",
      backupCredentialsSecret: "keys",
    },
  },
  "postgresql-18": { database: { version: "18", standby: true, readReplicas: 1 }, kubernetes: { walStorageGb: 5 } },
  "blue-green-unjudged": { release: { strategy: "blue-green", bakeMinutes: 0 } },
  "private-registry": {
    image: "registry.example.com/team/shop@sha256:4be1c7a0d5e9f8b3a6c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0",
    kubernetes: { imagePullSecret: "registry", podLabels: { team: "shop" }, podAnnotations: { "example.com/a": "b" } },
  },
  "texts-of-yaml": {
    service: {
      environment: {
        A: "yes",
        B: "0755",
        C: "1:30",
        D: "=",
        E: "~",
        F: "2026-01-01",
        G: "1e3",
        H: "# no",
        I: "a\nb\n",
      },
    },
  },
  "slow-start": { service: { startupSeconds: 900, drainSeconds: 300, graceSeconds: 110 } },
  "long-namespace-of-fifty-characters-in-this-cluster": {
    release: { strategy: "blue-green" },
    kubernetes: { prometheusUrl },
  },
  "requests-below-limits": {
    workers: { mail: { command: ["node", "mail.js"] } },
    kubernetes: { requestCpuMillis: 100, requestMemoryMb: 200, cpuLimit: false },
  },
  "other-names": {
    tls: { issuer: "letsencrypt" },
    network: { redirectFrom: ["www.example.com", "example.com"] },
    kubernetes: { gatewayClass: "envoy" },
  },
  "cilium-ingress": {
    preset: "production",
    tls: { issuer: "letsencrypt" },
    kubernetes: { ingressClass: "cilium", networkPlugin: "cilium", backupBucket, backupServerName: "shop-eu-2" },
  },
  "alb-by-its-class": { kubernetes: { ingressClass: "alb", ingressCidrs: ["10.0.0.0/16"] } },
  "addresses-in-two-variables": {
    monitoring: { emails: ["ops@example.com"], smtp: { host: "[2001:db8::25]:2525", from: "alerts@example.com" } },
    service: {
      environment: { SMTP_HOST: "mail.example.com", SMTP_PORT: "2525", STATSD: "udp://statsd.eu.example.com:8125" },
    },
  },
  "many-outbound": {
    network: {
      outbound: [
        { namespace: "search", ports: [7700] },
        { cidr: "10.8.0.0/16" },
        { cidr: "2001:db8::/32", ports: [25] },
      ],
    },
    service: { environment: { METRICS_ENDPOINT: "otel.monitoring:4317", SMTP_URL: "smtps://mail.example.com:465" } },
  },
};

/** Stack files by name. */
export const variants: Readonly<Record<string, StackFile>> = Object.fromEntries(
  Object.entries(files).map(([name, { kubernetes, ...file }]) => [
    name,
    {
      target: "kubernetes",
      preset: "staging",
      domain: "shop.example.com",
      image: "ghcr.io/acme/shop:1.4.2",
      storage: volume,
      ...file,
      kubernetes: { namespace: name, ...(kubernetes as object | undefined) },
    } as unknown as StackFile,
  ]),
);
