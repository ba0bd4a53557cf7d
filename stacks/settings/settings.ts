import { z } from "zod";
import { policyConfiguration } from "../../policy/configuration";
import { type AssumptionKey, costAssumptions } from "./cost-assumptions";
import * as format from "./formats";
import { flag, oneOf, text, whole } from "./formats";

/**
 * Everything a stack file can say, in the config namespace `slipway` whatever the Pulumi project is called. Only
 * `target`, `domain` and an image are needed; the preset answers the rest (presets.ts). Pulumi.yaml's `config` section and
 * docs/settings.md are generated from this schema: `npm run generate`.
 */

export const targets = ["aws-ecs", "kubernetes", "docker", "vercel"] as const;
export type Target = (typeof targets)[number];

export const presetNames = ["production", "staging", "development"] as const;
export type PresetName = (typeof presetNames)[number];

const build = z
  .strictObject({
    context: text({ description: "Folder with the Dockerfile, relative to the project.", example: "app" }),
    dockerfile: text({ description: "Dockerfile, relative to the context. Default: `Dockerfile`." }).optional(),
    args: z
      .record(z.string(), z.string("expected text"))
      .meta({ description: "Build arguments. Never secrets: they stay readable in the image." })
      .optional(),
    secrets: z
      .record(z.string(), z.string("expected the path of a file"))
      .meta({
        description:
          "Files on this machine for `RUN --mount=type=secret`, by id, of 128,000 bytes at most. They are in no layer.",
        example: { ca: "/usr/local/share/ca-certificates/acme.crt" },
      })
      .optional(),
  })
  .meta({ description: "Build the image here instead of pulling one." });

const service = z
  .strictObject({
    cpuMillis: whole(100, 16000, {
      description: "CPU of one replica. AWS offers 250, 500, 1000, 2000, 4000, 8000 and 16000.",
      unit: "thousandths of a CPU",
    }),
    memoryMb: whole(128, 122880, {
      description: "Memory of one replica; it is killed when it needs more.",
      unit: "MiB",
    }),
    minReplicas: whole(1, 100, { description: "Replicas that always run. One cannot survive the loss of a zone." }),
    maxReplicas: whole(1, 500, { description: "Replicas at the highest load. On one host: equal to minReplicas." }),
    targetCpuPercent: whole(10, 90, { description: "Average CPU above which replicas are added.", unit: "percent" }),
    targetMemoryPercent: whole(10, 90, {
      description: "Average memory above which replicas are added.",
      unit: "percent",
    }),
    requestsPerMinutePerReplica: whole(10, 1_000_000, {
      description: "Requests above which replicas are added, where the target counts them (AWS).",
      unit: "requests a minute and replica",
    }),
    maxConcurrentRequests: whole(1, 100_000, {
      description: "Requests one replica serves at once; more are answered 503 with Retry-After.",
    }),
    port: whole(1, 65535, { description: "Port the application listens on." }),
    metricsPort: whole(1, 65535, { description: "Private port of /metrics. Never published." }),
    startupSeconds: whole(5, 900, {
      description: "Time a replica may take until it is first healthy.",
      unit: "seconds",
    }),
    drainSeconds: whole(0, 300, { description: "Time between leaving the routing and SIGTERM.", unit: "seconds" }),
    graceSeconds: whole(1, 110, {
      description: "Time for requests in flight between SIGTERM and SIGKILL. ECS allows 120 s in all.",
      unit: "seconds",
    }),
    migration: z
      .array(z.string("expected text"))
      .min(1, "expected a command; leave it out when there is nothing to migrate")
      .meta({
        description: "Command in the image that migrates the database, before traffic.",
        example: ["node", "migrate.js"],
      })
      .optional(),
    environment: z
      .record(
        z.string().regex(format.environmentName, "expected a variable name: A to Z, 0 to 9 and _"),
        z.string('expected text; numbers and booleans in quotes: "1"'),
      )
      .meta({ description: "More variables for the application. Not for secrets.", example: { LOG_LEVEL: "debug" } }),
  })
  .meta({ description: "The application: size, replicas, shutdown, variables." });

const database = z
  .strictObject({
    implementation: oneOf(["rds", "cloudnative-pg", "docker", "external", "none"], {
      description: "Who runs PostgreSQL. `external`: a server that exists, at `url`.",
    }),
    version: oneOf(["15", "16", "17"], { description: "Major version of PostgreSQL. In quotes.", example: "17" }),
    instanceClass: text(
      { description: "Size on RDS.", example: "db.t4g.medium" },
      format.matches(/^db\.[a-z0-9]+\.[a-z0-9]+$/, "expected an RDS class such as db.t4g.medium"),
    ),
    cpuMillis: whole(100, 64000, { description: "CPU on Kubernetes and Docker.", unit: "thousandths of a CPU" }),
    memoryMb: whole(256, 524288, { description: "Memory on Kubernetes and Docker.", unit: "MiB" }),
    storageGb: whole(1, 65536, {
      description: "Storage at the start. RDS grows it by itself, to 4 times this.",
      unit: "GiB",
    }),
    standby: flag({ description: "A second server in another zone that takes over when the first is lost." }),
    readReplicas: whole(0, 5, { description: "Servers that answer reads only." }),
    poolSize: whole(1, 200, { description: "Connections that each replica of the application opens at most." }),
    backupRetentionDays: whole(1, 35, {
      description: "Days that can be restored. RDS keeps 35 at most.",
      unit: "days",
    }),
    backupCron: text(
      { description: "When the backup starts, in UTC. On RDS and Docker: once a day.", example: "15 3 * * *" },
      format.cron,
    ),
    protect: flag({ description: "Refuse to delete the data, and keep it when the stack is destroyed." }),
    url: text(
      { description: "Only for `external`.", example: "postgres://app@db.example.com:5432/app" },
      format.serverUrl("postgres", "postgresql"),
    ).optional(),
    vpcId: text(
      { description: "Only for `rds` beside Kubernetes: the cluster's VPC.", example: "vpc-0a1b2c3d4e5f67890" },
      format.matches(/^vpc-[0-9a-f]{8,17}$/, "expected a VPC id such as vpc-0a1b2c3d4e5f67890"),
    ).optional(),
    subnetIds: z
      .array(
        text(
          { description: "" },
          format.matches(/^subnet-[0-9a-f]{8,17}$/, "expected a subnet id such as subnet-0a1b2c3d"),
        ),
      )
      .min(2, "expected subnets in at least 2 zones")
      .meta({ description: "Only for `rds` beside Kubernetes: private subnets in at least two zones." })
      .optional(),
    clientSecurityGroupIds: z
      .array(
        text(
          { description: "" },
          format.matches(/^sg-[0-9a-f]{8,17}$/, "expected a security group id such as sg-0a1b2c3d"),
        ),
      )
      .min(1, "expected the security group of the cluster's nodes")
      .meta({ description: "Only for `rds` beside Kubernetes: the groups of the nodes that may connect." })
      .optional(),
  })
  .meta({ description: "PostgreSQL: who runs it, size, backups." });

const cache = z
  .strictObject({
    implementation: oneOf(["elasticache", "kubernetes", "docker", "external", "none"], {
      description: "Who runs the cache. `none`: every replica caches for itself alone.",
    }),
    nodeType: text(
      { description: "Size on ElastiCache.", example: "cache.t4g.small" },
      format.matches(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, "expected an ElastiCache type such as cache.t4g.small"),
    ),
    memoryMb: whole(32, 262144, { description: "Memory for entries on Kubernetes and Docker.", unit: "MiB" }),
    standby: flag({ description: "A second node that takes over when the first is lost (AWS)." }),
    ttlSeconds: whole(1, 31_536_000, {
      description: "How long an entry lives when the page does not say.",
      unit: "seconds",
    }),
    url: text(
      { description: "Only for `external`.", example: "rediss://cache.example.com:6379" },
      format.serverUrl("redis", "rediss"),
    ).optional(),
  })
  .meta({ description: "The shared cache (Redis protocol)." });

const cdn = z
  .strictObject({
    implementation: oneOf(["cloudfront", "nginx", "vercel", "none"], {
      description: "What stands between browsers and the service.",
    }),
    assetRetentionDays: whole(1, 365, {
      description: "Days for which static files of earlier releases stay available.",
      unit: "days",
    }),
  })
  .meta({ description: "The content delivery network." });

const network = z
  .strictObject({
    cidr: text({ description: "Address range of the VPC (AWS).", example: "10.20.0.0/16" }, format.vpcCidr),
    zones: whole(2, 3, { description: "Availability zones (AWS)." }),
    nat: oneOf(["none", "one", "per-zone"], {
      description:
        "The way out for the application (AWS). `one` costs least; a zone failure can cut outgoing traffic. `none`: AWS services only.",
    }),
    bindAddress: text(
      { description: "Address of the host on which nginx listens (Docker).", example: "127.0.0.1" },
      format.ipAddress,
    ),
    httpPort: whole(1, 65535, { description: "Port for plain HTTP, which redirects (Docker)." }),
    httpsPort: whole(1, 65535, { description: "Port for HTTPS (Docker)." }),
    monitoringPort: whole(1, 65535, { description: "Port on 127.0.0.1 for Prometheus' own pages (Docker)." }),
    trustedProxies: z.array(text({ description: "" }, format.proxyNetwork)).meta({
      description:
        "Networks of proxies in front, such as a CDN's: the client's address is taken from the X-Forwarded-For of these alone (Docker).",
      example: ["173.245.48.0/20"],
    }),
    maxBodyMb: whole(1, 10_000, { description: "Largest request body (Docker).", unit: "MiB" }),
  })
  .meta({ description: "Where the stack lives and how it is reached." });

const tls = z
  .strictObject({
    hostedZoneId: text(
      {
        description: "Route 53 zone of the domain: certificate and DNS records are made in it (AWS).",
        example: "Z0123456789ABCDEFGHIJ",
      },
      format.matches(/^Z[A-Z0-9]{7,31}$/, "expected a hosted zone id such as Z0123456789ABCDEFGHIJ"),
    ).optional(),
    certificateArn: text(
      {
        description:
          "Certificate of the load balancer, in the stack's region, where there is no zone (AWS). With a CDN it covers origin.<domain> too.",
      },
      format.matches(
        /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
        "expected the ARN of an ACM certificate",
      ),
    ).optional(),
    cdnCertificateArn: text(
      { description: "Certificate of CloudFront, in us-east-1, where there is no zone (AWS)." },
      format.matches(
        /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/,
        "expected the ARN of an ACM certificate in us-east-1",
      ),
    ).optional(),
    issuer: text(
      { description: "ClusterIssuer of cert-manager (Kubernetes).", example: "letsencrypt" },
      format.kubernetesName,
    ).optional(),
    certificateFolder: text(
      {
        description:
          "Folder on the host with fullchain.pem and privkey.pem, which user 101 may read; not certbot's own: docs/docker.md#certificates (Docker). Default: a self-signed certificate.",
        example: "/etc/slipway-tls",
      },
      format.certificateFolder,
    ).optional(),
  })
  .meta({ description: "Certificates and who issues them." });

/** Annotations or labels: keys of Kubernetes with values of text. */
const annotations = (description: string, example: Readonly<Record<string, string>>) =>
  z
    .record(
      z
        .string()
        .regex(
          /^([a-z0-9.-]+\/)?[A-Za-z0-9][\w.-]{0,62}$/,
          "expected a key such as eks.amazonaws.com/role-arn or release",
        ),
      z.string("expected text; numbers and truth values in quotes"),
    )
    .meta({ description, example });

const kubernetes = z
  .strictObject({
    namespace: text({ description: "Namespace, made by the stack." }, format.kubernetesName),
    gateway: text(
      {
        description: "Gateway for the HTTPRoute, as namespace/name. Without one: an Ingress.",
        example: "gateway-system/public",
      },
      format.matches(/^[a-z0-9-]+\/[a-z0-9-]+$/, "expected namespace/name, such as gateway-system/public"),
    ).optional(),
    ingressClass: text(
      { description: "Class of the Ingress, where there is no gateway.", example: "traefik" },
      format.kubernetesName,
    ).optional(),
    ingressNamespace: text(
      { description: "Namespace the entrance's pods run in: they alone may reach the application." },
      format.kubernetesName,
    ),
    storageClass: text(
      { description: "Class of the database's volumes. Default: the cluster's own." },
      format.kubernetesName,
    ).optional(),
    backupBucket: text(
      {
        description: "Where CloudNativePG keeps backups. Without it there are none, and production refuses to start.",
        example: "s3://acme-backups/staging",
      },
      format.matches(/^s3:\/\/[a-z0-9.-]+(\/.*)?$/, "expected s3://bucket/path"),
    ).optional(),
    backupEndpoint: text(
      {
        description: "Address of the backups' S3 API. Default: that of AWS.",
        example: "https://minio.example.com:9000",
      },
      format.serverUrl("https", "http"),
    ).optional(),
    backupCredentialsSecret: text(
      {
        description:
          "Secret in the namespace with the keys ACCESS_KEY_ID and ACCESS_SECRET_KEY, for the backups' bucket. Default: the cloud role of the servers' ServiceAccount.",
        example: "backup-keys",
      },
      format.kubernetesName,
    ).optional(),
    databaseAnnotations: annotations(
      "Annotations of the database servers' ServiceAccount: the cloud role that opens the backups' bucket.",
      { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/shop-backups" },
    ).optional(),
    serviceAnnotations: annotations(
      "Annotations of the application's ServiceAccount: the cloud role that opens its bucket, or the secret of RDS.",
      { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/shop" },
    ).optional(),
    imagePullSecret: text(
      {
        description:
          "Secret of type kubernetes.io/dockerconfigjson in the namespace, for the application's image and those of `images`. Default: none.",
        example: "registry",
      },
      format.kubernetesName,
    ).optional(),
    operatorNamespace: text(
      { description: "Namespace of CloudNativePG's operator, which alone may steer the database." },
      format.kubernetesName,
    ),
    monitoringNamespace: text(
      { description: "Namespace of Prometheus and Grafana: Prometheus alone may read metrics." },
      format.kubernetesName,
    ),
    monitoringLabels: annotations(
      "Labels by which Prometheus and Alertmanager choose what they read. Default: none, for those that take everything.",
      { release: "kube-prometheus-stack" },
    ).optional(),
    grafanaUrl: text(
      {
        description: "Address of Grafana. Default: the output `dashboard` is a port-forward.",
        example: "https://grafana.example.com",
      },
      format.httpsUrl,
    ).optional(),
    prometheusUrl: text(
      { description: "Prometheus that canary analysis asks.", example: "http://prometheus.monitoring:9090" },
      format.serverUrl("http", "https"),
    ).optional(),
  })
  .meta({ description: "What the stack finds in the cluster." });

const vercel = z
  .strictObject({
    repository: text(
      {
        description: "Repository that Vercel builds at each push. Without one: `vercel deploy --prod` alone deploys.",
        example: "github/acme/shop",
      },
      format.matches(
        /^(github|gitlab|bitbucket)(\/[\w.-]+){2,}$/,
        "expected github, gitlab or bitbucket, then owner and name, such as github/acme/shop",
      ),
    ).optional(),
    productionBranch: text({ description: "Branch whose pushes go to production.", example: "main" }),
    ref: text({
      description: "Commit or branch that `pulumi up` deploys to production as well.",
      example: "3f2c1d9",
    }).optional(),
    regions: z
      .array(
        text({ description: "" }, format.matches(/^[a-z]{3}\d$/, "expected a region of Vercel such as fra1 or iad1")),
      )
      .min(1, "expected at least one region")
      .meta({ description: "Where functions run: beside the database.", example: ["fra1"] }),
  })
  .meta({ description: "What Vercel builds, and where it runs it." });

const images = z
  .partialRecord(
    z.enum(
      ["postgres", "valkey", "redisExporter", "nginx", "haproxy", "prometheus", "alertmanager"],
      "expected the name of a supporting image",
    ),
    text({ description: "" }, format.imageReference),
  )
  .meta({
    description: "Other images for the supporting services, such as a mirror's.",
    example: { nginx: "mirror.example.com/nginx:1.29" },
  });

const monitoring = z
  .strictObject({
    emails: z
      .array(text({ description: "" }, format.email))
      .meta({ description: "Who gets an e-mail for each alarm.", example: ["ops@example.com"] }),
    webhook: text(
      { description: "Address that gets each alarm as a POST.", example: "https://hooks.example.com/ops" },
      format.httpsUrl,
    ).optional(),
    smtp: z
      .strictObject({
        host: text(
          { description: "Server and port that take e-mail (Kubernetes, Docker).", example: "smtp.example.com:587" },
          format.matches(/^[a-z0-9.-]+:\d+$/, "expected host:port"),
        ),
        from: text({ description: "Sender." }, format.email),
      })
      .meta({ description: "How e-mail leaves where the target has no service for it (Kubernetes, Docker)." })
      .optional(),
    logRetentionDays: z
      .literal(
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
        "expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731 days",
      )
      .meta({ description: "Days that logs are kept (AWS takes these numbers only).", unit: "days" }),
    errorPercent: whole(1, 50, { description: "Failed requests above which somebody is told.", unit: "percent" }),
    p95Milliseconds: whole(50, 60_000, {
      description: "95th percentile of the response time above which somebody is told.",
      unit: "ms",
    }),
    saturationPercent: whole(50, 99, {
      description: "Use of CPU, memory or connections above which somebody is told.",
      unit: "percent",
    }),
  })
  .meta({ description: "What is watched and who is told." });

const expectedBytes = "expected a number of bytes from 16 to 256";
const bytes = z.int(expectedBytes).min(16, expectedBytes).max(256, expectedBytes);

const secrets = z
  .record(
    z.string().regex(format.environmentName, "expected a variable name: A to Z, 0 to 9 and _"),
    z.union(
      [
        z.string(),
        z.strictObject({ generate: bytes }),
        z.strictObject({ reference: z.string().min(1, "expected where the secret lives") }),
      ],
      "expected a value set with `pulumi config set --secret`, { generate: bytes from 16 to 256 } or { reference: where it lives }",
    ),
  )
  .meta({
    description:
      "The application's secrets by variable name: a value set with `pulumi config set --secret --path slipway:secrets.NAME` (in plain text it is refused), `{ generate: bytes }`, or `{ reference }` to one that exists. AUTH_SECRET and ENCRYPTION_KEY are generated unless given.",
    example: {
      EMAIL_API_KEY: { reference: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-email-AbCdEf" },
    },
  });

const storage = z
  .strictObject({
    implementation: oneOf(["s3", "external", "volume", "none"], {
      description:
        "Where uploads go. `s3`: a private bucket of the stack. `volume`: a Docker volume. `external`: a bucket that exists.",
    }),
    bucket: text(
      { description: "Only for `external`.", example: "acme-uploads" },
      format.matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected a bucket name"),
    ).optional(),
    endpoint: text(
      { description: "Only for `external`: address of an S3 API other than AWS." },
      format.httpsUrl,
    ).optional(),
    region: text(
      {
        description: "Only for `external`: region of the bucket. Default: the stack's on AWS, us-east-1 elsewhere.",
        example: "eu-central-1",
      },
      format.matches(/^[a-z0-9-]+$/, "expected a region such as eu-central-1"),
    ).optional(),
  })
  .meta({ description: "Object storage for uploads." });

const release = z
  .strictObject({
    strategy: oneOf(["rolling", "blue-green", "canary", "linear"], {
      description: "How traffic moves to a new release.",
    }),
    weightPercent: whole(1, 50, {
      description: "Traffic that a canary, or each step of a linear release, gets.",
      unit: "percent",
    }),
    stepMinutes: whole(1, 1440, { description: "Time a canary or a linear step is watched.", unit: "minutes" }),
    bakeMinutes: whole(0, 1440, { description: "Time both releases stay up after the switch.", unit: "minutes" }),
  })
  .meta({ description: "How a new release gets its traffic." });

/** The sections that a preset fills. */
export const sections = { service, database, cache, cdn, network, kubernetes, vercel, monitoring, storage, release };
type Sections = { readonly [Name in keyof typeof sections]: z.infer<(typeof sections)[Name]> };
export type Preset = Sections;

const costs = z
  .strictObject(
    Object.fromEntries(
      Object.entries(costAssumptions).map(([key, [, unit, meaning]]) => [
        key,
        z
          .number("expected a number")
          .nonnegative("expected a number from 0")
          .meta({ description: `${unit[0]!.toUpperCase()}${unit.slice(1)} ${meaning}.` })
          .optional(),
      ]),
    ) as Record<AssumptionKey, z.ZodOptional<z.ZodNumber>>,
  )
  .meta({ description: "What the cost estimate assumes where nobody can know it: docs/cost.md." });

export const stackFile = z.strictObject({
  target: oneOf(targets, { description: "Where it runs." }),
  preset: oneOf(presetNames, {
    description: "What everything that is not said means. Default: `production`.",
  }).optional(),
  domain: text({ description: "The site's host name.", example: "shop.example.com" }, format.domain),
  image: text(
    { description: "The application's image, by digest or tag.", example: "ghcr.io/acme/shop:1.4.2" },
    format.imageReference,
  ).optional(),
  build: build.optional(),
  service: service.partial().optional(),
  database: database.partial().optional(),
  cache: cache.partial().optional(),
  cdn: cdn.partial().optional(),
  network: network.partial().optional(),
  tls: tls.optional(),
  kubernetes: kubernetes.partial().optional(),
  vercel: vercel.partial().optional(),
  images: images.optional(),
  monitoring: monitoring.partial().optional(),
  secrets: secrets.optional(),
  storage: storage.partial().optional(),
  release: release.partial().optional(),
  policies: policyConfiguration
    .meta({ description: "How strict the security policies are: docs/policies.md." })
    .optional(),
  costs: costs.optional(),
});

/** What a person writes. */
export type StackFile = z.infer<typeof stackFile>;

/** What the stacks read: the stack file over its preset, with nothing left open that the target needs. */
export type Settings = Sections &
  Pick<StackFile, "image" | "build" | "policies"> & {
    readonly target: Target;
    readonly preset: PresetName;
    readonly domain: string;
    readonly tls: z.infer<typeof tls>;
    readonly images: Partial<z.infer<typeof images>>;
    readonly secrets: z.infer<typeof secrets>;
    readonly costs: z.infer<typeof costs>;
  };
