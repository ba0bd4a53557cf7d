import * as pulumi from "@pulumi/pulumi";
import * as aws from "../../components/aws";
import * as docker from "../../components/docker";
import * as kubernetes from "../../components/kubernetes";
import * as vercel from "../../components/vercel";
import type { SignalSource } from "../../components/monitoring/contract";
import { inside, keyArn, network } from "./aws-fixtures";
import { network as dockerNetwork, serviceArgs as dockerService } from "./docker-mocks";
import { network as kubernetesNetwork, serviceArgs as kubernetesService } from "./kubernetes-mocks";

const region = "eu-central-1";
const image = "ghcr.io/acme/shop:1.4.2";
const secrets = {
  AUTH_SECRET: { from: "generate", bytes: 32 },
  EMAIL_KEY: { from: "value", value: pulumi.secret("k") },
} as const;
const data = { version: "17", storageGb: 50, standby: true, readReplicas: 1, backupRetentionDays: 7, protect: true };
const thresholds = { errorPercent: 1, p95Milliseconds: 1000, saturationPercent: 80 };
const notify = { emails: ["ops@example.com"], webhook: "https://hooks.example.com/1" };
const cloudWatched: readonly SignalSource[] = [
  {
    kind: "database",
    name: "database",
    identifiers: { DBInstanceIdentifier: "shop" },
    capacity: { storageGb: 50, maxStorageGb: 200, maxConnections: 400 },
  },
];
const process = { image, command: ["node", "mail.js"] };

/** Every component of the library, with as many of its children as there can be; a hook takes what each lets be changed. */
export const everyComponent: Readonly<Record<string, (transform: never) => unknown>> = {
  AwsBackupPlan: (transform) =>
    new aws.AwsBackupPlan("backup", {
      region,
      resources: ["arn:aws:s3:::shop"],
      cron: "15 9 * * *",
      deleteAfterDays: 35,
      vaultLock: { minRetentionDays: 7 },
      protect: true,
      transform,
    }),
  AwsElastiCache: (transform) =>
    new aws.AwsElastiCache("cache", {
      ...inside,
      standby: true,
      nodeType: "cache.t4g.small",
      accessString: "on ~* +@all",
      transform,
    }),
  AwsAccessLog: (transform) => new aws.AwsAccessLog("log", { distributionArn: "arn:1", retentionDays: 30, transform }),
  AwsCloudFront: (transform) =>
    new aws.AwsCloudFront("cdn", {
      assets: new aws.AwsStaticAssets("assets", { region, retentionDays: 30 }),
      loadBalancer: { arn: "arn:alb", hostname: "alb.example.com", zoneId: "Z1" },
      certificateArn: "arn:certificate",
      hostedZoneId: "Z2",
      logRetentionDays: 30,
      domain: "shop.example.com",
      redirectFrom: ["www.shop.example.com"],
      transform,
    }),
  AwsStaticAssets: (transform) => new aws.AwsStaticAssets("assets", { region, retentionDays: 30, transform }),
  AwsCertificate: (transform) =>
    new aws.AwsCertificate("certificate", {
      region,
      names: ["shop.example.com"],
      hostedZoneId: "Z1",
      edge: true,
      transform,
    }),
  AwsRdsPostgres: (transform) =>
    new aws.AwsRdsPostgres("database", {
      ...inside,
      ...data,
      instanceClass: "db.t4g.medium",
      backupCron: "0 3 * * *",
      proxy: true,
      transform,
    }),
  AwsAuroraServerlessV2: (transform) =>
    new aws.AwsAuroraServerlessV2("database", {
      ...inside,
      ...data,
      backupCron: "0 3 * * *",
      proxy: true,
      transform,
    }),
  AwsRdsProxy: (transform) =>
    new aws.AwsRdsProxy("proxy", {
      ...inside,
      databaseIdentifier: "shop",
      databaseSecurityGroupId: "sg-database",
      secretArn: "arn:secret",
      transform,
    }),
  AwsEncryptionKey: (transform) => new aws.AwsEncryptionKey("key", { region, edge: true, protect: true, transform }),
  AwsWebAcl: (transform) =>
    new aws.AwsWebAcl("waf", { scope: "REGIONAL", protects: "arn:alb", logRetentionDays: 30, transform }),
  AwsEcrImage: (transform) => new aws.AwsEcrImage("image", { source: { from: "build", context: "app" }, transform }),
  AwsLoadBalancer: (transform) => {
    const balancer = new aws.AwsLoadBalancer("alb", { network, certificateArn: "arn:certificate", transform });
    balancer.allow(3000, network.applicationSecurityGroupId);
    return balancer;
  },
  AwsAlertTopic: (transform) => new aws.AwsAlertTopic("alerts", { keyArn, emails: notify.emails, transform }),
  AwsBackupAlarm: (transform) =>
    new aws.AwsBackupAlarm("backup", { databaseIdentifier: "shop", topicArn: "arn:topic", transform }),
  AwsCloudWatch: (transform) =>
    new aws.AwsCloudWatch("monitoring", {
      region,
      topicArn: "arn:topic",
      sources: cloudWatched,
      thresholds,
      notify,
      transform,
    }),
  AwsWebhook: (transform) => new aws.AwsWebhook("webhook", { url: notify.webhook, events: {}, transform }),
  AwsVpc: (transform) =>
    new aws.AwsVpc("network", {
      region,
      cidr: "10.20.0.0/16",
      zones: 2,
      nat: "one",
      endpoints: ["ecr.api"],
      transform,
    }),
  AwsNatInstance: (transform) =>
    new aws.AwsNatInstance("nat", { vpcId: "vpc-1", subnetId: "subnet-a", clientCidrs: ["10.20.64.0/20"], transform }),
  AwsSecretsManager: (transform) => new aws.AwsSecretsManager("secrets", { secrets, transform }),
  AwsPrivateBucket: (transform) => new aws.AwsPrivateBucket("bucket", { versioned: true, protect: true, transform }),
  AwsS3Storage: (transform) => new aws.AwsS3Storage("storage", { region, protect: true, transform }),
  AwsCluster: (transform) => new aws.AwsCluster("cluster", { network, region, spot: true, transform }),
  AwsService: (transform) => {
    const loadBalancer = aws.AwsLoadBalancer.get("alb", {
      arn: "arn:alb",
      listenerArn: "arn:l",
      securityGroupId: "sg",
    });
    return new aws.AwsService("web", {
      cluster: new aws.AwsCluster("cluster", { network, region }),
      process: { image },
      ingress: { domain: "shop.example.com", loadBalancer, hostedZoneId: "Z1" },
      release: { strategy: "canary", weightPercent: 10, stepMinutes: 5, bakeMinutes: 10 },
      migration: ["node", "migrate.js"],
      alarmTopicArn: "arn:topic",
      transform,
    });
  },
  AwsBudget: (transform) =>
    new aws.AwsBudget("budget", { usd: 400, stack: "shop-prod", emails: notify.emails, transform }),
  AwsErrorLog: (transform) => new aws.AwsErrorLog("web-log", { logGroupName: "web", transform }),
  AwsHealthChecks: (transform) =>
    new aws.AwsHealthChecks("checks", { domain: "shop.example.com", checks: [{ path: "/" }], transform }),
  AwsConnect: (transform) =>
    new aws.AwsConnect("connect", {
      cluster: new aws.AwsCluster("cluster", { network, region }),
      process: { image },
      sessions: { arn: "arn:sessions" },
      transform,
    }),
  AwsGithubActions: (transform) =>
    new aws.AwsGithubActions("github", {
      repository: "acme/shop",
      environments: { preview: "live-preview", drift: "drift-prod", deploy: "prod" },
      rolePrefix: "shop-prod",
      stack: "shop-prod",
      transform,
    }),
  AwsJob: (transform) =>
    new aws.AwsJob("job", {
      cluster: new aws.AwsCluster("cluster", { network, region }),
      process,
      cron: "0 3 * * *",
      transform,
    }),
  AwsMigration: (transform) =>
    new aws.AwsMigration("migration", {
      cluster: new aws.AwsCluster("cluster", { network, region }),
      process: { image },
      command: ["node", "migrate.js"],
      transform,
    }),
  AwsCachePurge: (transform) =>
    new aws.AwsCachePurge("purge", {
      distribution: { arn: "arn:cdn", id: "E1" },
      service: { clusterName: "cluster", name: "web" },
      logRetentionDays: 30,
      transform,
    }),

  KubernetesValkey: (transform) =>
    new kubernetes.KubernetesValkey("cache", { network: kubernetesNetwork, memoryMb: 256, transform }),
  KubernetesCloudNativePg: (transform) =>
    new kubernetes.KubernetesCloudNativePg("database", {
      ...data,
      network: kubernetesNetwork,
      cpuMillis: 500,
      memoryMb: 1024,
      backup: { destination: "s3://shop-backups", cron: "15 3 * * *" },
      transform,
    }),
  KubernetesPrometheus: (transform) =>
    new kubernetes.KubernetesPrometheus("monitoring", {
      network: kubernetesNetwork,
      sources: [
        { kind: "cache", name: "cache", identifiers: { exporter: "application", namespace: "shop", job: "web" } },
      ],
      thresholds,
      notify,
      transform,
    }),
  KubernetesNamespace: (transform) =>
    new kubernetes.KubernetesNamespace("shop", { namespace: "shop", cluster: { plugin: "cilium" }, transform }),
  KubernetesSecrets: (transform) =>
    new kubernetes.KubernetesSecrets("secrets", {
      network: kubernetesNetwork,
      secrets: { ...secrets, SENTRY_DSN: { from: "reference", reference: "vault:shop/sentry#dsn" } },
      transform,
    }),
  KubernetesService: (transform) =>
    new kubernetes.KubernetesService("web", {
      ...kubernetesService,
      route: { through: "own-gateway", gatewayClass: "nginx", issuer: "letsencrypt" },
      release: { strategy: "canary", weightPercent: 10, stepMinutes: 5, bakeMinutes: 10 },
      transform,
    }),
  KubernetesJob: (transform) =>
    new kubernetes.KubernetesJob("job", { network: kubernetesNetwork, process, cron: "0 3 * * *", transform }),
  KubernetesWorker: (transform) =>
    new kubernetes.KubernetesWorker("worker", { network: kubernetesNetwork, process, transform }),

  DockerValkey: (transform) =>
    new docker.DockerValkey("cache", { network: dockerNetwork, image, cpuMillis: 250, memoryMb: 256, transform }),
  DockerPostgres: (transform) =>
    new docker.DockerPostgres("database", {
      ...data,
      network: dockerNetwork,
      image,
      cpuMillis: 500,
      memoryMb: 512,
      backupAt: { hour: 3, minute: 0 },
      transform,
    }),
  DockerImage: (transform) => new docker.DockerImage("image", { source: { from: "build", context: "app" }, transform }),
  DockerNginx: (transform) =>
    new docker.DockerNginx("nginx", {
      network: dockerNetwork,
      socket: "sockets",
      image,
      domain: "localhost",
      bindAddress: "127.0.0.1",
      httpPort: 8080,
      httpsPort: 8443,
      state: "state",
      acme: { image, email: notify.emails[0]! },
      transform,
    }),
  DockerRouter: (transform) =>
    new docker.DockerRouter("router", {
      network: dockerNetwork,
      image,
      replicas: ["web-1"],
      port: 3000,
      domain: "localhost",
      readyPath: "/api/ready",
      graceSeconds: 25,
      transform,
    }),
  DockerPrometheus: (transform) =>
    new docker.DockerPrometheus("monitoring", {
      network: dockerNetwork,
      images: { prometheus: "prometheus:3", alertmanager: "alertmanager:0" },
      scrape: { host: "web", metricsPort: 9464 },
      sources: [{ kind: "cache", name: "cache", identifiers: { exporter: "application" } }],
      thresholds,
      notify,
      port: 9090,
      retentionDays: 30,
      transform,
    }),
  DockerNetworks: (transform) => new docker.DockerNetworks("shop", { transform }),
  DockerExporters: (transform) =>
    new docker.DockerExporters("exporters", {
      network: dockerNetwork,
      images: { node: image, nginx: image, blackbox: image },
      ingress: "shop-nginx",
      domain: "shop.example.com",
      transform,
    }),
  DockerGrafana: (transform) =>
    new docker.DockerGrafana("grafana", {
      network: dockerNetwork,
      image,
      prometheus: "prometheus:9090",
      dashboards: {},
      port: 3001,
      transform,
    }),
  DockerSecrets: (transform) => new docker.DockerSecrets("secrets", { image, secrets, transform }),
  DockerFiles: (transform) =>
    new docker.DockerFiles("files", { image, kind: "configuration", volumes: { a: { b: "c" } }, transform }),
  DockerUploads: (transform) => new docker.DockerUploads("uploads", { protect: true, transform }),
  DockerService: (transform) => new docker.DockerService("web", { ...dockerService, transform }),
  DockerJob: (transform) =>
    new docker.DockerJob("job", { network: dockerNetwork, process, cron: "0 3 * * *", transform }),
  DockerWorker: (transform) => new docker.DockerWorker("worker", { network: dockerNetwork, process, transform }),

  VercelWebhook: (transform) =>
    new vercel.VercelWebhook("webhook", {
      projectId: "prj_1",
      projectName: "shop",
      webhook: notify.webhook,
      transform,
    }),
  VercelSecrets: (transform) => new vercel.VercelSecrets("secrets", { projectId: "prj_1", secrets, transform }),
  VercelProject: (transform) =>
    new vercel.VercelProject("project", {
      projectName: "shop",
      rootDirectory: "app",
      regions: ["fra1"],
      size: { cpuMillis: 1000, memoryMb: 2048 },
      skewDays: 1,
      release: { strategy: "canary", weightPercent: 10, stepMinutes: 5, bakeMinutes: 10 },
      transform,
    }),
  VercelService: (transform) =>
    new vercel.VercelService("web", {
      project: { projectId: pulumi.output("prj_1"), projectName: pulumi.output("shop") },
      environment: { LOG_LEVEL: "info" },
      domain: "shop.example.com",
      ref: "3f2c1d9",
      transform,
    }),
};
