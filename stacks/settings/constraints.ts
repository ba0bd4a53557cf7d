import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { closest } from "fastest-levenshtein";
import { expectedClass, knownMemoryGb } from "../../components/database/aws/rds-class";
import { awsRegions } from "../../components/shared/aws-zones";
import { fallbackOf } from "../../components/secrets/contract";
import { concerns, targetDefinitions, usesRegion } from "../targets";
import type { Constraint } from "./constraint";
import { listed } from "./formats";
import { ownDatabases } from "./sections/database";
import { presetFor } from "./presets";
import { type Problem, problem } from "./problems";
import type { Target } from "./settings";

/** Constraints of every target. Those of one are beside its stack: stacks/<target>/constraints.ts. */

const implementations: Constraint = (settings) => {
  const definition = targetDefinitions[settings.target];
  return concerns.flatMap((concern) => {
    const chosen = settings[concern].implementation;
    const possible = definition.implementations[concern];
    if (possible.includes(chosen)) return [];
    const reason = definition.reasons?.[chosen] ?? definition.reason;
    return problem(
      `${concern}.implementation`,
      chosen,
      `does not work with target ${settings.target}: ${reason}; expected ${listed(possible)}`,
    );
  });
};

/** Somebody has to make the role, and to know it. */
const separateRoles: Constraint = ({ database: { implementation, proxy, separateRoles: asked }, secrets, service }) => {
  if (asked !== true || !ownDatabases.includes(implementation)) return [];
  const excludes = (key: string, why: string) => problem("database.separateRoles", true, `and slipway:${key} ${why}`);
  const declared = secrets["DATABASE_PASSWORD"];
  return [
    ...(service.health === undefined
      ? []
      : excludes("service.health", "exclude each other: the role is made by the migration of @slipway/next")),
    ...(service.migration === false
      ? excludes("service.migration false", "exclude each other: the role is made by a migration")
      : []),
    ...(proxy === true
      ? excludes(
          "database.proxy",
          "exclude each other: RDS Proxy lets in whom it has a secret of, and that is the owner",
        )
      : []),
    ...(declared !== undefined && (typeof declared === "string" || !("generate" in declared))
      ? excludes("secrets.DATABASE_PASSWORD", "exclude each other: the role's password is generated")
      : []),
  ];
};

const imageSource: Constraint = ({ image, build, target }) => {
  if (target === "vercel") return [];
  if (image !== undefined && build !== undefined && target !== "kubernetes") {
    return problem(
      "image",
      image,
      "and slipway:build exclude each other: keep the one that says where the image comes from",
    );
  }
  return image === undefined && build === undefined
    ? problem(
        "image",
        undefined,
        `is missing: an image such as ghcr.io/acme/shop:1.4.2${target === "kubernetes" ? "" : ", or slipway:build with a context"}`,
      )
    : [];
};

/** A build secret travels in a variable of the build's process: Linux takes 128 KiB for one, with its name. execve(2) */
const buildSecretBytes = 128_000;

/** What a build reads is there, or it fails after half of the stack has been created. */
const buildFiles: Constraint = ({ build, target }, { folder = "." }) => {
  if (build?.context === undefined) return [];
  const context = resolve(folder, build.context);
  if (statSync(context, { throwIfNoEntry: false })?.isDirectory() !== true)
    return problem("build.context", build.context, "is not a folder on this machine; it is relative to the project's");
  const dockerfile = build.dockerfile ?? "Dockerfile";
  if (target === "vercel" || statSync(join(context, dockerfile), { throwIfNoEntry: false })?.isFile() === true)
    return [];
  return build.dockerfile === undefined
    ? problem(
        "build.context",
        build.context,
        "has no Dockerfile: `npx slipway-next init` writes one for a Next.js application; or name it in slipway:build.dockerfile",
      )
    : problem("build.dockerfile", build.dockerfile, `is not in ${build.context}: it is relative to the context`);
};

const buildSecretFiles: Constraint = ({ build }, { folder = "." }) =>
  Object.entries(build?.secrets ?? {}).flatMap(([id, path]) => {
    const file = statSync(resolve(folder, path), { throwIfNoEntry: false });
    if (file?.isFile() !== true) return problem(`build.secrets.${id}`, path, "is not a file on this machine");
    return file.size <= buildSecretBytes
      ? []
      : problem(
          `build.secrets.${id}`,
          path,
          `has ${file.size} bytes: a build takes at most ${buildSecretBytes} in one secret; of certificates, give only those that are your own`,
        );
  });

const replicas: Constraint = ({ target, service: { minReplicas, maxReplicas } }) =>
  target !== "vercel" && maxReplicas < minReplicas
    ? problem("service.maxReplicas", maxReplicas, `is less than service.minReplicas, ${minReplicas}`)
    : [];

/** Certificates and DNS are for names. One host makes a certificate of its own for whatever it is called. */
const publicName: Constraint = ({ target, domain }) => {
  if (target === "docker") return [];
  if (domain === "localhost") return problem("domain", domain, "works with target docker only");
  return /^[\d.]+$/.test(domain) && domain !== ""
    ? problem(
        "domain",
        domain,
        "is an address, which works with target docker only: expected a host name such as shop.example.com",
      )
    : [];
};

const ports: Constraint = ({ target, service }) => [
  ...(service.port === service.metricsPort
    ? problem("service.metricsPort", service.metricsPort, "is also service.port: metrics must not be public")
    : []),
  ...(target !== "docker" && service.port < 1024
    ? problem("service.port", service.port, "needs root: expected 1024 or more, as the container runs without")
    : []),
];

const isOwnContainer = (key: string, url: string | undefined): Problem[] =>
  url !== undefined && /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname)
    ? problem(key, url, "is the application's own container there: expected a name or an address that it can reach")
    : [];

/** What has to be there when a server, cache or bucket exists already. */
const external: Constraint = ({ database, cache, storage, secrets }) => [
  ...(database.implementation === "external"
    ? [
        ...(database.url === undefined
          ? problem(
              "database.url",
              undefined,
              "is missing: an external database needs its address, postgres://user@host:5432/name",
            )
          : []),
        ...(secrets["DATABASE_PASSWORD"] === undefined
          ? problem("secrets.DATABASE_PASSWORD", undefined, "is missing: the password of the external database")
          : []),
      ]
    : []),
  ...isOwnContainer("database.url", database.url),
  ...(cache.implementation === "external"
    ? [
        ...(cache.url === undefined
          ? problem("cache.url", undefined, "is missing: an external cache needs its address, rediss://host:6379")
          : []),
        ...(secrets["REDIS_PASSWORD"] === undefined
          ? problem("secrets.REDIS_PASSWORD", undefined, "is missing: the password of the external cache")
          : []),
      ]
    : []),
  ...isOwnContainer("cache.url", cache.url),
  ...(storage.implementation === "external" && storage.bucket === undefined
    ? problem("storage.bucket", undefined, "is missing: external storage needs its bucket")
    : []),
];

/** RDS, whatever runs the application. */
const rds: Constraint = ({ target, database }, { awsRegion }) => [
  ...(database.implementation === "rds" && database.storageGb < 20
    ? problem("database.storageGb", database.storageGb, "RDS starts at 20 GiB of gp3 storage")
    : []),
  ...(database.implementation === "rds" && knownMemoryGb(database.instanceClass) === undefined
    ? problem("database.instanceClass", database.instanceClass, expectedClass)
    : []),
  ...(["rds", "aurora-serverless-v2", "docker"].includes(database.implementation) &&
  !/^\d+ \d+ \* \* \*$/.test(database.backupCron.trim())
    ? problem(
        "database.backupCron",
        database.backupCron,
        "this database is backed up once a day: expected minute and hour, then * * *, such as 15 3 * * *",
      )
    : []),
  ...(usesRegion({ target, database }) && awsRegion === undefined
    ? [{ key: "aws:region", message: "is missing: the region everything runs in, such as eu-central-1" }]
    : []),
  ...(awsRegion !== undefined && !awsRegions.includes(awsRegion)
    ? [
        {
          key: "aws:region",
          message: `${JSON.stringify(awsRegion)} is not a region of AWS; did you mean ${closest(awsRegion, awsRegions)}?`,
        },
      ]
    : []),
];

const mail: Constraint = ({ target, monitoring }) =>
  !["aws-ecs", "vercel"].includes(target) && monitoring.emails.length > 0 && monitoring.smtp === undefined
    ? problem("monitoring.smtp", undefined, "is missing: e-mail alarms need a server that takes them")
    : [];

/** AWS gives tasks a role, and clouds give pods one; a container on one host and a function have nothing but keys. */
const withoutRole: Partial<Record<Target, string>> = {
  docker: "a container on one host has no role that opens a bucket",
  vercel: "a function on Vercel has no role that opens a bucket",
};

const storageKeys: Constraint = ({ target, storage, secrets }) => {
  const names = ["STORAGE_ACCESS_KEY_ID", "STORAGE_SECRET_ACCESS_KEY"] as const;
  const missing = names.filter((name) => secrets[name] === undefined);
  const reason = storage.implementation === "external" ? withoutRole[target] : undefined;
  if (missing.length === 0 || (missing.length === names.length && reason === undefined)) return [];
  return problem(
    `secrets.${missing[0]}`,
    undefined,
    missing.length === 1
      ? "is missing: the key id and the secret key of a bucket go together"
      : `is missing, and with it STORAGE_SECRET_ACCESS_KEY: ${reason}`,
  );
};

/** Variables that follow from a setting: set as well, they would be overruled, or would overrule. */
const settingOf: Readonly<Record<string, string>> = {
  AUTH_URL: "slipway:domain",
  CACHE_TTL: "slipway:cache.ttlSeconds",
  DATABASE_POOL_SIZE: "slipway:database.poolSize",
  MAX_CONCURRENT_REQUESTS: "slipway:service.maxConcurrentRequests",
  METRICS_PORT: "slipway:service.metricsPort",
  PORT: "slipway:service.port",
  SHUTDOWN_DELAY_SECONDS: "slipway:service.drainSeconds",
  SHUTDOWN_GRACE_SECONDS: "slipway:service.graceSeconds",
};
const reserved = /^(DATABASE_|REDIS_|STORAGE_(BUCKET|REGION|ENDPOINT)$|HOSTNAME$|RELEASE$|CACHE_NAMESPACE$)/;

/** Why a variable cannot be set for a container that runs, if it cannot. */
function variableProblem(name: string, target: Target): string | undefined {
  const setting = settingOf[name];
  if (setting !== undefined) return `is set by Slipway: use ${setting}`;
  if (reserved.test(name)) return "is set by Slipway: use the setting that it follows from";
  if (name === "NODE_ENV")
    return "cannot be set: the image is built for production, and with another value half of it would run as development";
  if (name === "KEEP_ALIVE_TIMEOUT")
    return "is set by Slipway: it has to outlast the idle time of the proxy in front, or that answers 502";
  // Vercel builds with the variables of the project.
  if (name.startsWith("NEXT_PUBLIC_") && target !== "vercel")
    return "never reaches browsers: next build writes NEXT_PUBLIC_ variables into the files it makes. Give it to the build, or drop the prefix and hand the value to the browser from a Server Component";
  return undefined;
}

const variables: Constraint = ({ service, secrets, target }) => [
  ...Object.keys(service.environment).flatMap((name) => {
    if (secrets[name] !== undefined)
      return problem(`service.environment.${name}`, undefined, "is also under slipway:secrets: keep it there");
    if (
      name === "AUTH_SECRET" ||
      name === "ENCRYPTION_KEY" ||
      (/(_|^)(PASSWORD|TOKEN|PRIVATE_KEY|API_KEY|SECRET)$/.test(name) && !name.startsWith("NEXT_PUBLIC_"))
    ) {
      return problem(
        `service.environment.${name}`,
        undefined,
        `is a secret: pulumi config set --secret --path slipway:secrets.${name}`,
      );
    }
    const reason = variableProblem(name, target);
    return reason === undefined ? [] : problem(`service.environment.${name}`, undefined, reason);
  }),
  ...Object.keys(secrets).flatMap((name) => {
    // Passwords and URLs of databases, caches and buckets do come as secrets.
    const reason = /^(DATABASE|REDIS|STORAGE)_/.test(name) ? undefined : variableProblem(name, target);
    return reason === undefined ? [] : problem(`secrets.${name}`, undefined, reason);
  }),
];

const keys: Constraint = ({ target, secrets }) =>
  Object.entries(secrets).flatMap(([name, source]) =>
    target !== "aws-ecs" && typeof source === "object" && "keyArn" in source
      ? problem(`secrets.${name}.keyArn`, undefined, `does not work with target ${target}: it is for aws-ecs`)
      : [],
  );

/** While a generated secret is rotated, its other value has a variable of its own. */
const generations: Constraint = ({ service, secrets }) =>
  Object.entries(secrets).flatMap(([name, source]) => {
    if (typeof source !== "object" || !("generate" in source) || source.fallback === undefined) return [];
    const { generation = 1, fallback } = source;
    const other = fallbackOf(name);
    return [
      ...(fallback === generation
        ? problem(`secrets.${name}.fallback`, fallback, "is the generation itself: slipway rotate writes both")
        : []),
      ...(secrets[other] === undefined
        ? []
        : problem(`secrets.${other}`, undefined, `is the other value of ${name} while that is rotated: remove it`)),
      ...(service.environment[other] === undefined
        ? []
        : problem(`service.environment.${other}`, undefined, `is the other value of ${name}: remove it`)),
    ];
  });

const plainText: Constraint = (_, { plainSecrets = [] }) =>
  plainSecrets.flatMap((name) =>
    problem(
      `secrets.${name}`,
      undefined,
      `is in plain text: pulumi config set --secret --path slipway:secrets.${name}, and a new value if the file was ever shared`,
    ),
  );

/** Anybody who knows the address of a chat's webhook can write to it. */
const plainWebhook: Constraint = (_, surroundings) =>
  surroundings.plainWebhook === true
    ? problem(
        "monitoring.webhook",
        undefined,
        "is in plain text: pulumi config set --secret --path slipway:monitoring.webhook, and a new address if the file was ever shared",
      )
    : [];

/** What says how a VPC is made means nothing for one that exists; the preset's own values stand there all the same. */
const madeVpc: Constraint = ({ network, preset, shared, target }) => {
  if (network.vpcId === undefined && shared === undefined) return [];
  const defaults = presetFor(preset, target).network;
  // Shared, as many of the owner's zones as this says.
  const keys = ["cidr", "nat", "zoneIds", "endpoints", ...(shared === undefined ? (["zones"] as const) : [])] as const;
  return keys.flatMap((key) =>
    JSON.stringify(network[key]) === JSON.stringify(defaults[key])
      ? []
      : problem(
          `network.${key}`,
          network[key],
          `and ${network.vpcId === undefined ? "slipway:shared" : "slipway:network.vpcId"} exclude each other: it is how a VPC is made, and this one exists`,
        ),
  );
};

const common: readonly Constraint[] = [
  imageSource,
  madeVpc,
  buildFiles,
  buildSecretFiles,
  implementations,
  separateRoles,
  replicas,
  publicName,
  ports,
  external,
  rds,
  mail,
  storageKeys,
  keys,
  generations,
  plainText,
  plainWebhook,
  variables,
];

/** All that apply to a target. */
export function constraintsOf(target: Target): readonly Constraint[] {
  return [...common, ...targetDefinitions[target].constraints];
}
