import { statSync } from "node:fs";
import { listed } from "./formats";
import type { Problem } from "./problems";
import type { Settings, Target } from "./settings";
import { vercelPairings } from "../vercel/constraints";

/** One way in which settings that are each valid do not go together. Returns the reasons, by key. */
type Pairing = (settings: Settings, surroundings: Surroundings) => readonly Problem[];

/** What the settings lean on beside the namespace `slipway`. */
export interface Surroundings {
  /** `aws:region`. */
  readonly awsRegion?: string;
  /** Names under `slipway:secrets` whose values are not encrypted in the stack file. */
  readonly plainSecrets?: readonly string[];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
const gib = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
const fargateMemoryMb: Readonly<Record<number, readonly number[]>> = {
  250: [512, 1024, 2048],
  500: gib(1, 4),
  1000: gib(2, 8),
  2000: gib(4, 16),
  4000: gib(8, 30),
  8000: gib(16, 60, 4),
  16000: gib(32, 120, 8),
};

/** Implementations by target, and why the others do not work there. */
const available: Readonly<
  Record<Target, Readonly<Record<"database" | "cache" | "cdn" | "storage", readonly string[]>>>
> = {
  "aws-ecs": {
    database: ["rds", "external", "none"],
    cache: ["elasticache", "external", "none"],
    cdn: ["cloudfront", "none"],
    storage: ["s3", "external", "none"],
  },
  kubernetes: {
    database: ["cloudnative-pg", "rds", "external", "none"],
    cache: ["kubernetes", "external", "none"],
    cdn: ["none"],
    storage: ["external", "none"],
  },
  docker: {
    database: ["docker", "external", "none"],
    cache: ["docker", "external", "none"],
    cdn: ["nginx", "none"],
    storage: ["volume", "external", "none"],
  },
  vercel: {
    database: ["external", "none"],
    cache: ["external", "none"],
    cdn: ["vercel"],
    storage: ["external", "none"],
  },
};

const because: Readonly<Record<string, string>> = {
  "aws-ecs": "a Fargate service has neither a cluster's operators nor a host's volumes",
  kubernetes: "a cluster reaches what runs in it, RDS in its VPC, or a server that exists",
  docker: "a single host is in no VPC, where RDS and ElastiCache live, and has no operators",
  vercel: "Vercel runs functions and nothing that keeps data, behind a network of its own",
};

/** Where one implementation has a reason of its own. */
const becauseOf: Readonly<Partial<Record<Target, Readonly<Record<string, string>>>>> = {
  kubernetes: {
    elasticache: "its password is in Secrets Manager, which a pod cannot mount; use one that exists, as external",
    s3: "the stack knows no role that the cluster's pods could take; name a bucket that exists, as external",
    cloudfront: "the entrance's address is the cluster's; put CloudFront in front of it yourself",
  },
};

const implementations: Pairing = (settings) =>
  (["database", "cache", "cdn", "storage"] as const).flatMap((concern) => {
    const chosen = settings[concern].implementation;
    const possible = available[settings.target][concern];
    if (possible.includes(chosen)) return [];
    const reason = becauseOf[settings.target]?.[chosen] ?? because[settings.target];
    return problem(
      `${concern}.implementation`,
      chosen,
      `does not work with target ${settings.target}: ${reason}; expected ${listed(possible)}`,
    );
  });

const imageSource: Pairing = ({ image, build, target }) => {
  if (target === "vercel") return [];
  if (image !== undefined && build !== undefined) {
    return problem(
      "image",
      image,
      "and slipway:build exclude each other: keep the one that says where the image comes from",
    );
  }
  if (image === undefined && build === undefined) {
    return problem(
      "image",
      undefined,
      "is missing: an image such as ghcr.io/acme/shop:1.4.2, or slipway:build with a context",
    );
  }
  return build !== undefined && target === "kubernetes"
    ? problem(
        "build",
        undefined,
        "does not work with target kubernetes: a cluster pulls from a registry; push the image, then set slipway:image",
      )
    : [];
};

/** A build secret travels in a variable of the build's process: Linux takes 128 KiB for one, with its name. execve(2) */
const buildSecretBytes = 128_000;

const buildSecretFiles: Pairing = ({ build }) =>
  Object.entries(build?.secrets ?? {}).flatMap(([id, path]) => {
    const file = statSync(path, { throwIfNoEntry: false });
    if (file?.isFile() !== true) return problem(`build.secrets.${id}`, path, "is not a file on this machine");
    return file.size <= buildSecretBytes
      ? []
      : problem(
          `build.secrets.${id}`,
          path,
          `has ${file.size} bytes: a build takes at most ${buildSecretBytes} in one secret; of certificates, give only those that are your own`,
        );
  });

const fargateSize: Pairing = ({ target, service: { cpuMillis, memoryMb } }) => {
  if (target !== "aws-ecs") return [];
  const memory = fargateMemoryMb[cpuMillis];
  if (memory === undefined) {
    return problem(
      "service.cpuMillis",
      cpuMillis,
      `is not a size of Fargate: expected ${listed(Object.keys(fargateMemoryMb))}`,
    );
  }
  if (memory.includes(memoryMb)) return [];
  const offered =
    memory.length <= 4
      ? listed(memory.map(String))
      : `${memory[0]} to ${memory.at(-1)} in steps of ${memory[1]! - memory[0]!}`;
  return problem("service.memoryMb", memoryMb, `does not go with cpuMillis ${cpuMillis}: Fargate offers ${offered}`);
};

const replicas: Pairing = ({ target, service: { minReplicas, maxReplicas } }) => {
  if (maxReplicas < minReplicas) {
    return problem("service.maxReplicas", maxReplicas, `is less than service.minReplicas, ${minReplicas}`);
  }
  return target === "docker" && maxReplicas !== minReplicas
    ? problem(
        "service.maxReplicas",
        maxReplicas,
        `one host does not scale by itself: expected the same as service.minReplicas, ${minReplicas}`,
      )
    : [];
};

const ports: Pairing = ({ target, service, network }) => [
  ...(service.port === service.metricsPort
    ? problem("service.metricsPort", service.metricsPort, "is also service.port: metrics must not be public")
    : []),
  ...(target !== "docker" && service.port < 1024
    ? problem("service.port", service.port, "needs root: expected 1024 or more, as the container runs without")
    : []),
  ...(target === "docker" && network.httpPort === network.httpsPort
    ? problem("network.httpsPort", network.httpsPort, "is also network.httpPort")
    : []),
];

const shutdown: Pairing = ({ target, service: { drainSeconds, graceSeconds } }) =>
  target === "aws-ecs" && drainSeconds + graceSeconds > 120
    ? problem(
        "service.graceSeconds",
        graceSeconds,
        `with drainSeconds ${drainSeconds} is ${drainSeconds + graceSeconds} s: Fargate kills after 120 s`,
      )
    : [];

const releases: Pairing = ({ target, release: { strategy }, kubernetes }) => {
  if (target === "docker" && strategy !== "rolling") {
    return problem(
      "release.strategy",
      strategy,
      "does not work with target docker yet: expected rolling, which replaces one replica after the other",
    );
  }
  if (target === "kubernetes" && strategy === "linear") {
    return problem(
      "release.strategy",
      strategy,
      "is what ECS calls a canary in equal steps: expected rolling, blue-green or canary",
    );
  }
  return target === "kubernetes" && strategy === "canary" && kubernetes.prometheusUrl === undefined
    ? problem("kubernetes.prometheusUrl", undefined, "is missing: a canary is judged by what Prometheus says of it")
    : [];
};

const itself = (key: string, url: string | undefined): Problem[] =>
  url !== undefined && /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname)
    ? problem(key, url, "is the application's own container there: expected a name or an address that it can reach")
    : [];

const databases: Pairing = ({ target, database, secrets }) => [
  ...(database.implementation === "external" && database.url === undefined
    ? problem(
        "database.url",
        undefined,
        "is missing: an external database needs its address, postgres://user@host:5432/name",
      )
    : []),
  ...(database.implementation !== "external" && database.url !== undefined
    ? problem("database.url", database.url, `is only for implementation external, not ${database.implementation}`)
    : []),
  ...itself("database.url", database.url),
  ...(database.implementation === "external" && secrets["DATABASE_PASSWORD"] === undefined
    ? problem("secrets.DATABASE_PASSWORD", undefined, "is missing: the password of the external database")
    : []),
  ...(target === "docker" && (database.standby || database.readReplicas > 0)
    ? problem(
        database.standby ? "database.standby" : "database.readReplicas",
        database.standby ? true : database.readReplicas,
        "does not work with target docker: a second server on the same host is lost together with the first",
      )
    : []),
  ...(["rds", "docker"].includes(database.implementation) && !/^\d+ \d+ \* \* \*$/.test(database.backupCron.trim())
    ? problem(
        "database.backupCron",
        database.backupCron,
        "this database is backed up once a day: expected minute and hour, then * * *, such as 15 3 * * *",
      )
    : []),
  ...(database.implementation === "rds" && database.storageGb < 20
    ? problem("database.storageGb", database.storageGb, "RDS starts at 20 GiB of gp3 storage")
    : []),
];

const backups: Pairing = ({ target, preset, database, kubernetes }) => {
  const { backupBucket, backupEndpoint, backupCredentialsSecret } = kubernetes;
  if (target !== "kubernetes" || database.implementation !== "cloudnative-pg" || backupBucket !== undefined) return [];
  return [
    ...(preset === "production"
      ? problem(
          "kubernetes.backupBucket",
          undefined,
          "is missing: s3://bucket/path for the backups of a production database; or preset staging, which goes without, or an external database",
        )
      : []),
    ...Object.entries({ backupEndpoint, backupCredentialsSecret }).flatMap(([key, value]) =>
      value === undefined ? [] : problem(`kubernetes.${key}`, value, "is of no use without kubernetes.backupBucket"),
    ),
  ];
};

const besideKubernetes: Pairing = ({ target, database }) => {
  const keys = ["vpcId", "subnetIds", "clientSecurityGroupIds"] as const;
  const needed = target === "kubernetes" && database.implementation === "rds";
  return keys.flatMap((key) => {
    const given = database[key] !== undefined;
    if (given === needed) return [];
    return needed
      ? problem(`database.${key}`, undefined, "is missing: RDS beside Kubernetes lives in the cluster's VPC")
      : problem(`database.${key}`, database[key], "is only for RDS beside Kubernetes");
  });
};

const caches: Pairing = ({ target, cache, secrets }) => [
  ...(cache.implementation === "external" && cache.url === undefined
    ? problem("cache.url", undefined, "is missing: an external cache needs its address, rediss://host:6379")
    : []),
  ...(cache.implementation !== "external" && cache.url !== undefined
    ? problem("cache.url", cache.url, `is only for implementation external, not ${cache.implementation}`)
    : []),
  ...itself("cache.url", cache.url),
  ...(cache.implementation === "external" && secrets["REDIS_PASSWORD"] === undefined
    ? problem("secrets.REDIS_PASSWORD", undefined, "is missing: the password of the external cache")
    : []),
  ...(target === "docker" && cache.standby
    ? problem(
        "cache.standby",
        true,
        "does not work with target docker: a second cache on the same host is lost together with the first",
      )
    : []),
  ...(target === "kubernetes" && cache.standby
    ? problem(
        "cache.standby",
        true,
        "does not work with target kubernetes: one server without a copy, which another node starts anew when its own is lost; expected false, or an external cache",
      )
    : []),
];

const wayOut: Pairing = ({ target, network, image }) =>
  target === "aws-ecs" && network.nat === "none" && image !== undefined && !/\.dkr\.ecr\./.test(image)
    ? problem(
        "network.nat",
        "none",
        "leaves no way to an image outside of ECR: expected one or per-zone, or an image in ECR",
      )
    : [];

const certificates: Pairing = ({ target, tls, cdn, domain }) => {
  if (target !== "aws-ecs") return [];
  const missing =
    tls.hostedZoneId !== undefined
      ? []
      : [
          ...(tls.certificateArn === undefined ? ["tls.certificateArn"] : []),
          ...(cdn.implementation === "cloudfront" && tls.cdnCertificateArn === undefined
            ? ["tls.cdnCertificateArn"]
            : []),
        ];
  return [
    ...(missing.length > 0
      ? problem(
          missing[0]!,
          undefined,
          `is missing: name the Route 53 zone of ${domain || "the domain"} in slipway:tls.hostedZoneId, or ${missing.join(" and ")}`,
        )
      : []),
    ...(tls.hostedZoneId !== undefined && (tls.certificateArn ?? tls.cdnCertificateArn) !== undefined
      ? problem(
          "tls.hostedZoneId",
          tls.hostedZoneId,
          "and certificates of your own exclude each other: the zone makes its own",
        )
      : []),
    ...(domain === "localhost" ? problem("domain", domain, "works with target docker only") : []),
  ];
};

const region: Pairing = ({ target, database }, { awsRegion }) =>
  (target === "aws-ecs" || (target === "kubernetes" && database.implementation === "rds")) && awsRegion === undefined
    ? [{ key: "aws:region", message: "is missing: the region everything runs in, such as eu-central-1" }]
    : [];

const mail: Pairing = ({ target, monitoring }) =>
  !["aws-ecs", "vercel"].includes(target) && monitoring.emails.length > 0 && monitoring.smtp === undefined
    ? problem("monitoring.smtp", undefined, "is missing: e-mail alarms need a server that takes them")
    : [];

const storages: Pairing = ({ storage }) => {
  const { implementation, bucket } = storage;
  if (implementation === "external") {
    return bucket === undefined
      ? problem("storage.bucket", undefined, "is missing: external storage needs its bucket")
      : [];
  }
  return (["bucket", "endpoint", "region"] as const).flatMap((key) =>
    storage[key] === undefined
      ? []
      : problem(`storage.${key}`, storage[key], `is only for implementation external, not ${implementation}`),
  );
};

/** AWS gives tasks a role, and clouds give pods one; a container on one host and a function have nothing but keys. */
const storageKeys: Pairing = ({ target, storage, secrets }) => {
  const names = ["STORAGE_ACCESS_KEY_ID", "STORAGE_SECRET_ACCESS_KEY"] as const;
  const missing = names.filter((name) => secrets[name] === undefined);
  const needed = ["docker", "vercel"].includes(target) && storage.implementation === "external";
  if (missing.length === 0 || (missing.length === names.length && !needed)) return [];
  return problem(
    `secrets.${missing[0]}`,
    undefined,
    missing.length === 1
      ? "is missing: the key id and the secret key of a bucket go together"
      : `is missing, and with it STORAGE_SECRET_ACCESS_KEY: ${target === "docker" ? "a container on one host" : "a function on Vercel"} has no role that opens a bucket`,
  );
};

/** Variables that components set; a person who sets them too would be overruled, or would overrule. */
const reserved =
  /^(DATABASE_|REDIS_|PORT$|METRICS_PORT$|HOSTNAME$|SHUTDOWN_|STORAGE_(BUCKET|REGION|ENDPOINT)$|AUTH_URL$|RELEASE$)/;

const variables: Pairing = ({ service, secrets }) =>
  Object.keys(service.environment).flatMap((name) => {
    if (secrets[name] !== undefined)
      return problem(`service.environment.${name}`, undefined, "is also under slipway:secrets: keep it there");
    if (
      name === "AUTH_SECRET" ||
      name === "ENCRYPTION_KEY" ||
      /(_|^)(PASSWORD|TOKEN|PRIVATE_KEY|API_KEY|SECRET)$/.test(name)
    ) {
      return problem(
        `service.environment.${name}`,
        undefined,
        `is a secret: pulumi config set --secret --path slipway:secrets.${name}`,
      );
    }
    return reserved.test(name)
      ? problem(`service.environment.${name}`, undefined, "is set by Slipway: use the setting that it follows from")
      : [];
  });

const plainText: Pairing = (_, { plainSecrets = [] }) =>
  plainSecrets.flatMap((name) =>
    problem(
      `secrets.${name}`,
      undefined,
      `is in plain text: pulumi config set --secret --path slipway:secrets.${name}, and a new value if the file was ever shared`,
    ),
  );

export const pairings: readonly Pairing[] = [
  imageSource,
  buildSecretFiles,
  implementations,
  fargateSize,
  replicas,
  ports,
  shutdown,
  releases,
  databases,
  backups,
  besideKubernetes,
  caches,
  wayOut,
  certificates,
  region,
  mail,
  storages,
  storageKeys,
  plainText,
  variables,
  vercelPairings,
];

function problem(key: string, found: unknown, message: string): Problem[] {
  return [{ key: `slipway:${key}`, found, message }];
}
