import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { resolveSettings, settingsFrom } from "../../../stacks/settings/load";
import { settingKeys } from "../../../stacks/settings/schema";
import { presetFor } from "../../../stacks/settings/presets";
import { SettingsError } from "../../../stacks/settings/problems";
import { presetNames, targets } from "../../../stacks/settings/settings";

type Raw = Record<string, unknown>;

const site: Raw = { domain: "shop.example.com", image: "ghcr.io/acme/shop:1.4.2" };
const docker: Raw = { ...site, target: "docker", docker: { backupsOnThisHostOnly: true } };
const aws: Raw = { ...site, target: "aws-ecs", tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" } };
const cluster = { backupBucket: "s3://acme-backups/shop", ingressNamespace: "traefik" };
const kubernetes: Raw = { ...site, target: "kubernetes", kubernetes: cluster, storage: { implementation: "volume" } };
const vercel: Raw = {
  target: "vercel",
  domain: "shop.example.com",
  build: { context: "app" },
  database: { implementation: "external", url: "postgres://app@db.example.com:5432/app" },
  secrets: { DATABASE_PASSWORD: { reference: "env_1" } },
};
const surroundings = { awsRegion: "eu-central-1" };

function problemsOf(raw: Raw, around: { awsRegion?: string } = surroundings): string[] {
  try {
    resolveSettings("prod", raw, around);
    return [];
  } catch (error) {
    ok(error instanceof SettingsError, String(error));
    return error.problems.map(
      ({ key, found, message }) => `${key}${found === undefined ? "" : ` ${JSON.stringify(found)}`} ${message}`,
    );
  }
}

/** What is wrong, the stack file, and how its one problem begins. */
const wrong: readonly (readonly [string, Raw, string])[] = [
  [
    "no target",
    { ...docker, target: undefined },
    "slipway:target is missing: expected aws-ecs, kubernetes, docker or vercel",
  ],
  [
    "an unknown target",
    { ...docker, target: "heroku" },
    'slipway:target "heroku" expected aws-ecs, kubernetes, docker or vercel',
  ],
  [
    "an unknown preset",
    { ...docker, preset: "prod" },
    'slipway:preset "prod" expected production, staging, small or development',
  ],
  ["no domain", { ...docker, domain: undefined }, "slipway:domain is missing: expected text such as shop.example.com"],
  [
    "a domain with scheme and path",
    { ...docker, domain: "https://shop.example.com/en" },
    'slipway:domain "https://shop.example.com/en" expected a host name, without scheme, port or path: shop.example.com',
  ],
  [
    "a domain in capitals",
    { ...docker, domain: "Shop.example.com" },
    'slipway:domain "Shop.example.com" expected a host name in lower case: shop.example.com',
  ],
  ["a domain without a dot", { ...docker, domain: "shop" }, 'slipway:domain "shop" expected a host name with a dot'],
  ["localhost on AWS", { ...aws, domain: "localhost" }, 'slipway:domain "localhost" works with target docker only'],
  ["a typing error", { ...docker, databse: {} }, "slipway:databse is not a setting; did you mean slipway:database?"],
  [
    "a typing error in a section",
    { ...docker, service: { memoryMB: 512 } },
    "slipway:service.memoryMB is not a setting; did you mean slipway:service.memoryMb?",
  ],
  ["a key that is like no other", { ...docker, zzzzzzzzzz: 1 }, "slipway:zzzzzzzzzz is not a setting"],
  [
    "an image without tag",
    { ...docker, image: "ghcr.io/acme/shop" },
    'slipway:image "ghcr.io/acme/shop" expected a digest or a tag',
  ],
  [
    "an image that moves",
    { ...docker, image: "ghcr.io/acme/shop:latest" },
    'slipway:image "ghcr.io/acme/shop:latest" expected a digest or a tag that stays',
  ],
  [
    "a digest that is cut",
    { ...docker, image: "ghcr.io/acme/shop@sha256:abc" },
    'slipway:image "ghcr.io/acme/shop@sha256:abc" expected an image such as',
  ],
  ["no image", { ...docker, image: undefined }, "slipway:image is missing: an image such as"],
  [
    "a build secret that is no file",
    { ...docker, image: undefined, build: { context: "app", secrets: { npmrc: "not/there" } } },
    'slipway:build.secrets.npmrc "not/there" is not a file on this machine',
  ],
  [
    "a build secret that no variable can hold",
    { ...docker, image: undefined, build: { context: "app", secrets: { ca: "package-lock.json" } } },
    'slipway:build.secrets.ca "package-lock.json" has ',
  ],
  [
    "an image twice",
    { ...docker, build: { context: "app" } },
    'slipway:image "ghcr.io/acme/shop:1.4.2" and slipway:build exclude each other',
  ],
  [
    "a build for a cluster",
    { ...kubernetes, image: undefined, build: { context: "app" } },
    "slipway:build does not work with target kubernetes",
  ],
  [
    "a number in quotes",
    { ...docker, database: { storageGb: "20" } },
    'slipway:database.storageGb "20" expected a whole number from 1 to 65536 GiB, written without quotes: 20',
  ],
  [
    "half a number",
    { ...docker, service: { graceSeconds: 2.5 } },
    "slipway:service.graceSeconds 2.5 expected a whole number from 1 to 110 seconds",
  ],
  [
    "a number out of range",
    { ...kubernetes, release: { strategy: "rolling", weightPercent: 140 } },
    "slipway:release.weightPercent 140 expected a whole number from 1 to 50 percent",
  ],
  ["text for a section", { ...docker, service: "big" }, 'slipway:service "big" expected keys below it, not text'],
  [
    "a size Fargate has not",
    { ...aws, service: { cpuMillis: 300 } },
    "slipway:service.cpuMillis 300 is not a size of Fargate: expected 250, 500, 1000",
  ],
  [
    "memory that does not go with the CPU",
    { ...aws, service: { cpuMillis: 500, memoryMb: 300 } },
    "slipway:service.memoryMb 300 does not go with cpuMillis 500: Fargate offers 1024, 2048, 3072 or 4096",
  ],
  [
    "fewer replicas at most than at least",
    { ...aws, service: { minReplicas: 4, maxReplicas: 2 } },
    "slipway:service.maxReplicas 2 is less than service.minReplicas, 4",
  ],
  [
    "scaling on one host",
    { ...docker, service: { maxReplicas: 9 } },
    "slipway:service.maxReplicas 9 one host does not scale by itself",
  ],
  [
    "public metrics",
    { ...docker, service: { metricsPort: 3000 } },
    "slipway:service.metricsPort 3000 is also service.port",
  ],
  ["a port that needs root", { ...kubernetes, service: { port: 80 } }, "slipway:service.port 80 needs root"],
  [
    "one port for two things",
    { ...docker, network: { httpPort: 8443 } },
    "slipway:network.httpsPort 8443 is also network.httpPort",
  ],
  [
    "a shutdown longer than Fargate's",
    { ...aws, service: { drainSeconds: 60, graceSeconds: 90 } },
    "slipway:service.graceSeconds 90 with drainSeconds 60 is 150 s: Fargate kills after 120 s",
  ],
  [
    "a public address range",
    { ...aws, network: { cidr: "8.8.0.0/16" } },
    'slipway:network.cidr "8.8.0.0/16" expected a private IPv4 range',
  ],
  [
    "a range that starts inside itself",
    { ...aws, network: { cidr: "10.20.3.0/16" } },
    'slipway:network.cidr "10.20.3.0/16" 10.20.3.0/16 is inside 10.20.0.0/16',
  ],
  [
    "a bad cron expression",
    { ...kubernetes, database: { backupCron: "every night" } },
    'slipway:database.backupCron "every night" expected five cron fields',
  ],
  [
    "a cron field out of range",
    { ...kubernetes, database: { backupCron: "61 3 * * *" } },
    'slipway:database.backupCron "61 3 * * *" expected five cron fields',
  ],
  [
    "a weekly backup on RDS",
    { ...aws, database: { backupCron: "15 3 * * 0" } },
    'slipway:database.backupCron "15 3 * * 0" this database is backed up once a day',
  ],
  [
    "RDS from one host",
    { ...docker, database: { implementation: "rds" } },
    'slipway:database.implementation "rds" does not work with target docker: a single host is in no VPC',
  ],
  [
    "ElastiCache from a cluster",
    { ...kubernetes, cache: { implementation: "elasticache" } },
    'slipway:cache.implementation "elasticache" does not work with target kubernetes: its password is in Secrets Manager',
  ],
  [
    "a bucket made for a cluster",
    { ...kubernetes, storage: { implementation: "s3" } },
    'slipway:storage.implementation "s3" does not work with target kubernetes: the stack knows no role',
  ],
  [
    "nginx as CDN on AWS",
    { ...aws, cdn: { implementation: "nginx" } },
    'slipway:cdn.implementation "nginx" does not work with target aws-ecs',
  ],
  [
    "a standby on one host",
    { ...docker, database: { standby: true } },
    "slipway:database.standby true does not work with target docker: a second server on the same host",
  ],
  [
    "a second cache in a cluster, which would hold no copy",
    { ...kubernetes, cache: { standby: true } },
    "slipway:cache.standby true does not work with target kubernetes: one server without a copy",
  ],
  [
    "an external database in the application's own container",
    {
      ...docker,
      database: { implementation: "external", url: "postgres://a@localhost:5432/a" },
      secrets: { DATABASE_PASSWORD: { reference: "/run/x" } },
    },
    'slipway:database.url "postgres://a@localhost:5432/a" is the application\'s own container there',
  ],
  [
    "a bucket that one host cannot open",
    { ...docker, storage: { implementation: "external", bucket: "acme-uploads" } },
    "slipway:secrets.STORAGE_ACCESS_KEY_ID is missing, and with it STORAGE_SECRET_ACCESS_KEY: a container on one host",
  ],
  [
    "half of a bucket's keys",
    {
      ...kubernetes,
      storage: { implementation: "external", bucket: "acme-uploads" },
      secrets: { STORAGE_ACCESS_KEY_ID: { reference: "uploads/id" } },
    },
    "slipway:secrets.STORAGE_SECRET_ACCESS_KEY is missing: the key id and the secret key",
  ],
  [
    "a region of no bucket",
    { ...aws, storage: { region: "eu-central-1" } },
    'slipway:storage.region "eu-central-1" is only for implementation external, not s3',
  ],
  [
    "an external database without address",
    { ...docker, database: { implementation: "external" }, secrets: { DATABASE_PASSWORD: { reference: "/run/x" } } },
    "slipway:database.url is missing",
  ],
  [
    "an external database without password",
    { ...docker, database: { implementation: "external", url: "postgres://a@db:5432/a" } },
    "slipway:secrets.DATABASE_PASSWORD is missing",
  ],
  [
    "RDS beside Kubernetes without a network",
    {
      ...kubernetes,
      database: { implementation: "rds", vpcId: "vpc-0a1b2c3d", subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"] },
    },
    "slipway:database.clientSecurityGroupIds is missing",
  ],
  [
    "a production database without backups",
    { ...kubernetes, kubernetes: { ingressNamespace: "traefik" } },
    "slipway:kubernetes.backupBucket is missing: s3://bucket/path for the backups of a production database; or preset staging",
  ],
  [
    "keys of no bucket",
    { ...kubernetes, preset: "staging", kubernetes: { backupCredentialsSecret: "backup-keys" } },
    'slipway:kubernetes.backupCredentialsSecret "backup-keys" is of no use without kubernetes.backupBucket',
  ],
  [
    "an annotation that is no text",
    { ...kubernetes, kubernetes: { ...cluster, serviceAnnotations: { "a.example.com/b": true } } },
    'slipway:kubernetes.serviceAnnotations.a.example.com/b true expected text, in quotes: "true"',
  ],
  [
    "an annotation with a space in its key",
    { ...kubernetes, kubernetes: { ...cluster, databaseAnnotations: { "role arn": "x" } } },
    "slipway:kubernetes.databaseAnnotations.role arn expected a key such as eks.amazonaws.com/role-arn or release",
  ],
  ["AWS without a region", aws, "aws:region is missing"],
  [
    "AWS without a certificate",
    { ...aws, tls: undefined },
    "slipway:tls.certificateArn is missing: name the Route 53 zone",
  ],
  [
    "no egress to the image",
    { ...aws, network: { nat: "none" } },
    'slipway:network.nat "none" leaves no way to an image outside of ECR',
  ],
  [
    "a zone and a certificate",
    {
      ...aws,
      tls: {
        hostedZoneId: "Z0123456789ABCDEFGHIJ",
        certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
      },
    },
    "slipway:tls.hostedZoneId",
  ],
  [
    "a certificate in the wrong region",
    {
      ...aws,
      tls: {
        certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
        cdnCertificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
      },
    },
    "slipway:tls.cdnCertificateArn",
  ],
  [
    "certbot's own folder, whose links lead out of it",
    { ...docker, tls: { certificateFolder: "/etc/letsencrypt/live/shop.example.com" } },
    'slipway:tls.certificateFolder "/etc/letsencrypt/live/shop.example.com" is certbot\'s own: its files are links out',
  ],
  [
    "a folder relative to nobody knows what",
    { ...docker, tls: { certificateFolder: "tls" } },
    'slipway:tls.certificateFolder "tls" expected an absolute path on the host',
  ],
  [
    "a canary nobody judges",
    { ...kubernetes, release: { strategy: "canary" } },
    "slipway:kubernetes.prometheusUrl is missing",
  ],
  [
    "e-mail without a server",
    { ...kubernetes, monitoring: { emails: ["ops@example.com"] } },
    "slipway:monitoring.smtp is missing",
  ],
  [
    "no e-mail address",
    { ...aws, monitoring: { emails: ["ops"] } },
    'slipway:monitoring.emails[0] "ops" expected an e-mail address',
  ],
  [
    "a webhook in the clear",
    { ...aws, monitoring: { webhook: "http://hooks.example.com" } },
    "slipway:monitoring.webhook expected an address that starts with https://",
  ],
  [
    "log retention that AWS has not",
    { ...aws, monitoring: { logRetentionDays: 10 } },
    "slipway:monitoring.logRetentionDays 10 expected one of 1, 3, 5",
  ],
  [
    "a secret among the variables",
    { ...docker, service: { environment: { STRIPE_API_KEY: "x" } } },
    "slipway:service.environment.STRIPE_API_KEY is a secret: pulumi config set --secret",
  ],
  [
    "a variable that Slipway sets",
    { ...docker, service: { environment: { DATABASE_URL: "x" } } },
    "slipway:service.environment.DATABASE_URL is set by Slipway",
  ],
  ...Object.entries({
    NODE_ENV: "cannot be set: the image is built for production",
    KEEP_ALIVE_TIMEOUT: "is set by Slipway: it has to outlast the idle time",
    CACHE_TTL: "is set by Slipway: use slipway:cache.ttlSeconds",
    MAX_CONCURRENT_REQUESTS: "is set by Slipway: use slipway:service.maxConcurrentRequests",
    NEXT_PUBLIC_API_URL: "never reaches browsers: next build writes NEXT_PUBLIC_ variables",
    NEXT_PUBLIC_STRIPE_API_KEY: "never reaches browsers",
  }).map(([name, reason]): [string, Raw, string] => [
    `${name} for a container`,
    { ...docker, service: { environment: { [name]: "1" } } },
    `slipway:service.environment.${name} ${reason}`,
  ]),
  [
    "a variable of the server as a secret",
    { ...docker, secrets: { KEEP_ALIVE_TIMEOUT: "1" } },
    "slipway:secrets.KEEP_ALIVE_TIMEOUT is set by Slipway",
  ],
  [
    "a variable in lower case",
    { ...docker, service: { environment: { debug: "1" } } },
    "slipway:service.environment.debug expected a variable name",
  ],
  [
    "an image on Vercel",
    { ...vercel, build: undefined, image: "ghcr.io/acme/shop:1.4.2" },
    'slipway:image "ghcr.io/acme/shop:1.4.2" does not work with target vercel: Vercel builds the source',
  ],
  ["nothing to build on Vercel", { ...vercel, build: undefined }, "slipway:build is missing: the application's folder"],
  [
    "a Dockerfile on Vercel",
    { ...vercel, build: { context: "app", dockerfile: "Dockerfile" } },
    'slipway:build.dockerfile "Dockerfile" does not work with target vercel: Vercel builds the source with `npm run build`',
  ],
  [
    "a database of its own on Vercel",
    { ...vercel, database: { implementation: "docker" } },
    'slipway:database.implementation "docker" does not work with target vercel: Vercel runs functions and nothing that keeps data',
  ],
  ["Vercel without a database's address", { ...vercel, database: {} }, "slipway:database.url is missing"],
  ["Vercel without its password", { ...vercel, secrets: {} }, "slipway:secrets.DATABASE_PASSWORD is missing"],
  [
    "a cache of its own on Vercel",
    { ...vercel, cache: { implementation: "elasticache" } },
    'slipway:cache.implementation "elasticache" does not work with target vercel',
  ],
  [
    "another CDN in front of Vercel",
    { ...vercel, cdn: { implementation: "cloudfront" } },
    'slipway:cdn.implementation "cloudfront" does not work with target vercel',
  ],
  [
    "a volume on Vercel",
    { ...vercel, storage: { implementation: "volume" } },
    'slipway:storage.implementation "volume" does not work with target vercel',
  ],
  [
    "replicas on Vercel",
    { ...vercel, service: { minReplicas: 3 } },
    "slipway:service.minReplicas 3 does not work with target vercel: Vercel runs as many functions as there is load",
  ],
  [
    "a port on Vercel",
    { ...vercel, service: { port: 8080 } },
    "slipway:service.port 8080 does not work with target vercel: a function listens on no port",
  ],
  [
    "a size Vercel has not",
    { ...vercel, service: { cpuMillis: 500 } },
    "slipway:service.cpuMillis 500 is not a size of Vercel: expected 1000 (standard) or 2000 (performance)",
  ],
  [
    "memory that does not go with Vercel's size",
    { ...vercel, service: { cpuMillis: 2000, memoryMb: 2048 } },
    "slipway:service.memoryMb 2048 does not go with cpuMillis 2000: Vercel offers 4096",
  ],
  [
    "rolling on Vercel",
    { ...vercel, release: { strategy: "rolling" } },
    'slipway:release.strategy "rolling" does not work with target vercel: there are no replicas',
  ],
  [
    "more steps than Vercel takes",
    { ...vercel, release: { strategy: "linear", weightPercent: 5 } },
    "slipway:release.weightPercent 5 makes more than the 10 steps that Vercel takes",
  ],
  [
    "files for a month on Vercel",
    { ...vercel, cdn: { assetRetentionDays: 30 } },
    "slipway:cdn.assetRetentionDays 30 does not work with target vercel: its skew protection reaches back 1 or 7 days",
  ],
  [
    "a certificate on Vercel",
    { ...vercel, tls: { issuer: "letsencrypt" } },
    'slipway:tls.issuer "letsencrypt" does not work with target vercel: Vercel gets and renews the certificate itself',
  ],
  [
    "e-mail on Vercel",
    { ...vercel, monitoring: { emails: ["ops@example.com"] } },
    'slipway:monitoring.emails ["ops@example.com"] does not work with target vercel: Vercel has no e-mail',
  ],
  [
    "a commit of no repository",
    { ...vercel, vercel: { ref: "3f2c1d9" } },
    'slipway:vercel.ref "3f2c1d9" needs slipway:vercel.repository',
  ],
  [
    "a repository without its host",
    { ...vercel, vercel: { repository: "acme/shop" } },
    'slipway:vercel.repository "acme/shop" expected github, gitlab or bitbucket, then owner and name',
  ],
  ["a secret with too few bytes", { ...docker, secrets: { TOKEN: { generate: 8 } } }, "slipway:secrets.TOKEN"],
  [
    "an exemption without an end",
    { ...docker, policies: { exemptions: [{ rule: "docker-rofs", resource: "y", reason: "because it is so" }] } },
    "slipway:policies.exemptions[0].expires is missing",
  ],
];

/** Longest and first too long, and characters, by target: names on the target are made of these. */
const names: readonly (readonly [string, Raw, readonly string[], readonly string[]])[] = [
  ["aws-ecs", aws, ["my_Stack-1", "s".repeat(47)], ["my.stack", "s".repeat(48)]],
  ["docker", docker, ["my.stack_1", "s".repeat(31)], ["My", "-a", "a--b", "s".repeat(32)]],
  ["vercel", vercel, ["my.stack_1--2", "s".repeat(95)], ["My", "a---b", "s".repeat(96)]],
  ["kubernetes", kubernetes, ["My.stack_1", "s".repeat(100)], []],
];

describe("settings", () => {
  for (const [target, raw, good, bad] of names) {
    it(`take names of stacks that ${target} can have, and no others`, () => {
      const found = (stack: string) => {
        try {
          resolveSettings(stack, raw, { ...surroundings, project: "shop" });
          return "taken";
        } catch (error) {
          ok(error instanceof SettingsError, String(error));
          return error.problems.map(({ key }) => key).join();
        }
      };
      deepEqual(
        good.map(found),
        good.map(() => "taken"),
      );
      deepEqual(
        bad.map(found),
        bad.map(() => "the stack's name"),
      );
    });
  }

  it("refuse a project's name that AWS cannot have", () => {
    throws(
      () => resolveSettings("prod", aws, { ...surroundings, project: "my.shop" }),
      /the project's name {2}"my\.shop"/,
    );
  });

  for (const [name, raw, expected] of wrong) {
    it(`refuses ${name}`, () => {
      const found = problemsOf(raw, name === "AWS without a region" ? {} : surroundings);
      equal(found.length, 1, found.join("\n"));
      ok(found[0]!.startsWith(expected), `${found[0]}\ndoes not start with\n${expected}`);
    });
  }

  it("lists every problem in one error, with the count and where to read more", () => {
    throws(
      () =>
        resolveSettings(
          "prod",
          { target: "aws-ecs", domain: "x", databse: 1, service: { cpuMillis: 500, memoryMb: 1 } },
          {},
        ),
      (error: Error) => {
        const lines = error.message.split("\n");
        equal(lines[0], "Pulumi.prod.yaml has 6 problems. Nothing was created.");
        equal(lines.at(-1), "  Every setting: docs/settings.md");
        return true;
      },
    );
  });

  it("never repeats what may be a secret", () => {
    const planted = "hunter2hunter2";
    for (const secrets of [
      { lower: planted },
      { KEY: { generate: planted } },
      { KEY: { generat: planted } },
      { KEY: [planted] },
      planted,
    ]) {
      throws(
        () => resolveSettings("prod", { ...docker, secrets }, surroundings),
        (error: Error) => !error.message.includes(planted),
      );
    }
  });

  it("refuses secrets that stand in plain text, in one error, without repeating them", () => {
    const secrets = {
      EMAIL_API_KEY: "hunter2",
      SENTRY_DSN: "hunter3",
      TOKEN: { generate: 32 },
      KEY: { reference: "/k" },
    };
    const config = {
      "slipway:target": "docker",
      "slipway:domain": "shop.example.com",
      "slipway:image": "ghcr.io/acme/shop:1.4.2",
      "slipway:preset": "staging",
      "slipway:secrets": JSON.stringify(secrets),
    };
    const refused = (secretKeys: readonly string[]) => {
      try {
        settingsFrom("prod", config, (key) => secretKeys.includes(key));
        return [];
      } catch (error) {
        ok(error instanceof SettingsError, String(error));
        ok(!error.message.includes("hunter"), error.message);
        return error.problems.map(({ key, message }) => `${key} ${message}`);
      }
    };
    const plain = (name: string) =>
      `slipway:secrets.${name} is in plain text: pulumi config set --secret --path slipway:secrets.${name}, and a new value if the file was ever shared`;
    deepEqual(refused([]), [plain("EMAIL_API_KEY"), plain("SENTRY_DSN")]);
    // As the in-process preview says it, and as the engine does: of the whole mapping alone.
    deepEqual(refused(["slipway:secrets", "slipway:secrets.EMAIL_API_KEY"]), [plain("SENTRY_DSN")]);
    deepEqual(refused(["slipway:secrets"]), []);
  });

  it("takes a stack file of four lines on every target, and fills the rest from the preset", () => {
    for (const raw of [docker, aws, kubernetes, vercel]) {
      const { target, service } = resolveSettings("prod", raw, surroundings);
      equal(target, raw["target"]);
      deepEqual(service, presetFor("production", target).service);
    }
  });

  it("lets the stack file win over the preset, key by key", () => {
    const { service } = resolveSettings("prod", { ...aws, service: { minReplicas: 3 } }, surroundings);
    deepEqual(service, { ...presetFor("production", "aws-ecs").service, minReplicas: 3 });
  });

  it("has presets that are valid on every target", () => {
    for (const target of targets) {
      for (const preset of presetNames) {
        const base = { "aws-ecs": aws, kubernetes, docker, vercel }[target];
        deepEqual(problemsOf({ ...base, preset }), [], `${preset} on ${target}`);
      }
    }
  });

  it("reads the namespace slipway, whatever the project is called, and treats the defaults of Pulumi.yaml as not said", () => {
    const settings = settingsFrom("prod", {
      "slipway:target": "docker",
      "slipway:domain": "shop.example.com",
      "slipway:image": "ghcr.io/acme/shop:1.4.2",
      "slipway:preset": "",
      "slipway:docker": '{"backupsOnThisHostOnly":true}',
      "slipway:database": "{}",
      "slipway:service": '{"minReplicas":3,"maxReplicas":3}',
      "other:target": "kubernetes",
    });
    equal(settings.target, "docker");
    equal(settings.preset, "production");
    equal(settings.service.minReplicas, 3);
    deepEqual(settings.database, presetFor("production", "docker").database);
  });

  it("generates the secrets that every application needs, unless they are given", () => {
    const { secrets } = resolveSettings(
      "prod",
      { ...docker, secrets: { AUTH_SECRET: { generate: 64 } } },
      surroundings,
    );
    deepEqual(secrets, { AUTH_SECRET: { generate: 64 }, ENCRYPTION_KEY: { generate: 32 } });
  });

  it("knows every key it describes", () => {
    ok(settingKeys().includes("service.cpuMillis"));
    ok(settingKeys().includes("policies"));
  });
});
