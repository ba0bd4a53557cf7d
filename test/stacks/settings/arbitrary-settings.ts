import * as fc from "fast-check";
import type { Target } from "../../../stacks/settings/settings";

export type Raw = Record<string, unknown>;

/** In every secret value that these settings hold. */
export const planted = "PLANTED-SECRET";

const digest = `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9f8b3".repeat(4)}`;
const hostname = fc.constantFrom("shop.example.com", "a-b.c-d.example.co.uk", "x.io", `${"a".repeat(52)}.example.com`);
const image = fc.constantFrom("ghcr.io/acme/shop:1.4.2", digest, "localhost:5000/shop:v1", "shop:1");
const replicas = fc
  .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 400 }))
  .map(([minReplicas, more]) => ({ minReplicas, maxReplicas: minReplicas + more }));

/** Each part is there or not, as in stack files. */
const optional = <T extends object>(part: fc.Arbitrary<T>): fc.Arbitrary<Partial<T>> =>
  fc.oneof(part, fc.constant({} as Partial<T>));
const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<Raw> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as Raw);
const fields = (shape: Record<string, fc.Arbitrary<unknown>>) => fc.record(shape, { requiredKeys: [] });

const secret = fc.oneof(
  fc.integer({ min: 0, max: 99 }).map((number) => `${planted}-${number}`),
  fc.integer({ min: 16, max: 256 }).map((generate) => ({ generate })),
);
const secretNames = fc.constantFrom("EMAIL_API_KEY", "SENTRY_DSN", "AUTH_SECRET", "STRIPE_KEY", "X");
const secrets = fc.dictionary(secretNames, secret, { maxKeys: 4 });

/** CPU and memory that Fargate sells: a handful from each end. */
const fargate = fc.constantFrom(
  { cpuMillis: 250, memoryMb: 512 },
  { cpuMillis: 500, memoryMb: 4096 },
  { cpuMillis: 1000, memoryMb: 5120 },
  { cpuMillis: 16000, memoryMb: 122880 },
);
const anySize = fields({
  cpuMillis: fc.integer({ min: 100, max: 16000 }),
  memoryMb: fc.integer({ min: 128, max: 122880 }),
});

function service(target: Target): fc.Arbitrary<Raw> {
  const scale =
    target === "docker"
      ? fc.integer({ min: 1, max: 12 }).map((count) => ({ minReplicas: count, maxReplicas: count }))
      : replicas;
  const own = fields({
    migration: fc.array(fc.constantFrom("node", "migrate.js", "--to", "a b"), { minLength: 1 }),
    environment: fc.dictionary(
      fc.constantFrom("LOG_LEVEL", "FEATURE_X", "TZ"),
      fc.constantFrom("", "a b", "$HOME", '"', "ü"),
    ),
  });
  if (target === "vercel") {
    const sizes = fc.constantFrom({ cpuMillis: 1000, memoryMb: 2048 }, { cpuMillis: 2000, memoryMb: 4096 });
    return merged(optional(sizes), own);
  }
  return merged(
    own,
    optional(scale),
    optional(target === "aws-ecs" ? fargate : anySize),
    fields({
      ...(target === "docker" ? {} : { targetCpuPercent: fc.integer({ min: 10, max: 90 }) }),
      maxConcurrentRequests: fc.integer({ min: 1, max: 100_000 }),
      port: fc.integer({ min: 1024, max: 9000 }),
      metricsPort: fc.integer({ min: 9100, max: 65_535 }),
      startupSeconds: fc.integer({ min: 5, max: 300 }),
      drainSeconds: fc.integer({ min: 0, max: 60 }),
      graceSeconds: fc.integer({ min: 1, max: 60 }),
    }),
  );
}

const daily = fc
  .tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }))
  .map(([minute, hour]) => `${minute} ${hour} * * *`);

/** What a database of the target can be; one that exists brings its address and its password. */
function database(target: Target): fc.Arbitrary<{ database: Raw; passwords: Raw }> {
  const own = fields({
    version: fc.constantFrom("15", "16", "17"),
    poolSize: fc.integer({ min: 1, max: 50 }),
    backupRetentionDays: fc.integer({ min: 1, max: 35 }),
    backupCron: daily,
    protect: fc.boolean(),
    ...(target === "docker"
      ? {}
      : {
          standby: fc.boolean(),
          readReplicas: fc.integer({ min: 0, max: 5 }),
          storageGb: fc.integer({ min: 20, max: 1000 }),
        }),
  });
  const external = {
    database: { implementation: "external", url: "postgres://app@db.example.com:5432/app" },
    passwords: { DATABASE_PASSWORD: `${planted}-database` },
  };
  return fc.oneof(
    { weight: target === "vercel" ? 0 : 3, arbitrary: own.map((part) => ({ database: part, passwords: {} })) },
    { weight: 1, arbitrary: fc.constant(external) },
    { weight: 1, arbitrary: fc.constant({ database: { implementation: "none" }, passwords: {} }) },
  );
}

function cache(target: Target): fc.Arbitrary<{ cache: Raw; passwords: Raw }> {
  const own = fields({
    ttlSeconds: fc.integer({ min: 1, max: 31_536_000 }),
    ...(target === "aws-ecs" ? { standby: fc.boolean() } : {}),
    ...(["kubernetes", "docker"].includes(target) ? { memoryMb: fc.integer({ min: 32, max: 4096 }) } : {}),
  });
  const external = {
    cache: { implementation: "external", url: "rediss://cache.example.com:6379" },
    passwords: { REDIS_PASSWORD: `${planted}-cache` },
  };
  return fc.oneof(
    { weight: 3, arbitrary: own.map((part) => ({ cache: part, passwords: {} })) },
    { weight: 1, arbitrary: fc.constant(external) },
    { weight: 1, arbitrary: fc.constant({ cache: { implementation: "none" }, passwords: {} }) },
  );
}

const cdn: Record<Target, fc.Arbitrary<Raw>> = {
  "aws-ecs": fields({
    implementation: fc.constantFrom("cloudfront", "none"),
    assetRetentionDays: fc.integer({ min: 1, max: 365 }),
  }),
  kubernetes: fields({ implementation: fc.constant("none") }),
  docker: fields({
    implementation: fc.constantFrom("nginx", "none"),
    assetRetentionDays: fc.integer({ min: 1, max: 365 }),
  }),
  vercel: fields({ assetRetentionDays: fc.constantFrom(1, 7) }),
};

const strategies: Record<Target, readonly string[]> = {
  "aws-ecs": ["rolling", "blue-green", "canary", "linear"],
  kubernetes: ["rolling", "blue-green", "canary"],
  docker: ["rolling", "blue-green", "canary", "linear"],
  vercel: ["blue-green", "canary", "linear"],
};

const webhook = {
  webhook: fc.constantFrom(`https://hooks.example.com/${planted}`, `https://hooks.slack.com/services/${planted}`),
};
const emails = { emails: ["ops@example.com", "on-call@example.com"] };
const smtp = { smtp: { host: "smtp.example.com:587", from: "alarms@example.com" } };

function monitoring(target: Target): fc.Arbitrary<Raw> {
  if (target === "vercel") return fields({ webhook: fc.constant(`https://hooks.example.com/${planted}`) });
  const watched = fields({
    ...webhook,
    ...(target === "kubernetes" ? {} : { logRetentionDays: fc.constantFrom(1, 30, 731) }),
    errorPercent: fc.integer({ min: 1, max: 50 }),
    p95Milliseconds: fc.integer({ min: 50, max: 60_000 }),
    saturationPercent: fc.integer({ min: 50, max: 99 }),
  });
  return merged(watched, optional(fc.constant(target === "aws-ecs" ? emails : { ...emails, ...smtp })));
}

const network: Record<Target, fc.Arbitrary<Raw>> = {
  "aws-ecs": fields({
    cidr: fc.constantFrom("10.20.0.0/16", "192.168.0.0/22", "172.16.0.0/20"),
    zones: fc.constantFrom(2, 3),
    nat: fc.constantFrom("one", "per-zone"),
  }),
  kubernetes: fc.constant({}),
  docker: fields({
    bindAddress: fc.constantFrom("127.0.0.1", "0.0.0.0", "::1"),
    httpPort: fc.integer({ min: 1, max: 9000 }),
    httpsPort: fc.integer({ min: 9001, max: 60_000 }),
  }),
  vercel: fc.constant({}),
};

/** What the target cannot do without. */
const needed: Record<Target, Raw> = {
  "aws-ecs": { tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" } },
  kubernetes: {
    kubernetes: {
      backupBucket: "s3://acme-backups/shop",
      ingressNamespace: "ingress",
      prometheusUrl: "http://prometheus.monitoring:9090",
    },
    storage: { implementation: "volume" },
    tls: { issuer: "letsencrypt" },
  },
  docker: { docker: { backupsOnThisHostOnly: true } },
  vercel: { build: { context: "app" }, vercel: { repository: "github/acme/shop", ref: "3f2c1d9" } },
};

/** Stack files for a target, with nothing wrong in them. */
export function stackFiles(target: Target): fc.Arbitrary<Raw> {
  return fc
    .record({
      preset: fc.constantFrom("production", "staging", "small", "development", undefined),
      domain: hostname,
      image: target === "vercel" ? fc.constant(undefined) : image,
      service: service(target),
      store: database(target),
      kept: cache(target),
      cdn: cdn[target],
      network: network[target],
      monitoring: monitoring(target),
      secrets,
      strategy: fc.constantFrom(...strategies[target]),
    })
    .map(({ store, kept, strategy, ...rest }) => ({
      target,
      ...needed[target],
      ...rest,
      database: store.database,
      cache: kept.cache,
      release: { strategy },
      secrets: { ...rest.secrets, ...store.passwords, ...kept.passwords },
    }))
    .map((raw) => Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined)));
}

/** One thing that makes a valid stack file wrong, and the key that the error has to name. */
export interface Wrong {
  readonly key: string;
  readonly change: (raw: Raw) => Raw;
}

const put =
  (key: string, value: unknown) =>
  (raw: Raw): Raw => {
    const [section = "", name] = key.split(".");
    return { ...raw, [section]: name === undefined ? value : { ...(raw[section] as Raw | undefined), [name]: value } };
  };

export const wrongs: readonly Wrong[] = (
  [
    ["domain", "https://shop.example.com/"],
    ["domian", "shop.example.com"],
    ["preset", "prod"],
    ["image", "shop"],
    ["service.cpuMillis", 1.5],
    ["service.memoryMB", 512],
    ["service.minReplicas", 0],
    ["service.port", "3000"],
    ["service.migration", []],
    ["database.version", 17],
    ["database.backupCron", "every night"],
    ["database.url", `postgres://app:${planted}@db.example.com/app`],
    ["cache.ttlSeconds", -1],
    ["cache.url", `rediss://:${planted}@cache.example.com:6379`],
    ["cdn.implementation", "akamai"],
    ["network.cidr", "10.20.0.1/16"],
    ["network.nat", true],
    ["kubernetes.namespace", "Shop"],
    ["monitoring.errorPercent", 51],
    ["monitoring.webhook", `https://user:${planted}@hooks.example.com`],
    ["secrets.lower_case", `${planted}-key`],
    ["secrets.TOO_SHORT", { generate: 3, reason: planted }],
    ["storage.implementation", "ftp"],
    ["release.strategy", "big-bang"],
    ["costs", []],
  ] as const
).map(([key, value]) => ({ key, change: put(key, value) }));
