import { specifyRefused, type Raw } from "./refused";

const made = { generate: 32 };
const external = (more: Raw = {}, password: Raw = { DATABASE_PASSWORD: made }): Raw => ({
  database: { implementation: "external", url: "postgres://app@db.example.com/app", ...more },
  secrets: password,
});
const cache = (more: Raw = {}, password: Raw = { REDIS_PASSWORD: made }): Raw => ({
  cache: { implementation: "external", url: "rediss://cache.example.com:6379", ...more },
  secrets: password,
});
const roles = (more: Raw = {}): Raw => ({ database: { separateRoles: true }, ...more });
const variable = (name: string): Raw => ({ service: { environment: { [name]: "1" } } });
const bucketKeys = { STORAGE_ACCESS_KEY_ID: made, STORAGE_SECRET_ACCESS_KEY: made };
const bucket = (more: Raw = {}): Raw => ({
  storage: { implementation: "external", bucket: "files", region: "eu-central-1", ...more },
});
const inVpc = { vpcId: "vpc-0a1b2c3d", privateSubnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"] };
const rotated = (more: Raw): Raw => ({ secrets: { AUTH_SECRET: { generate: 32, ...more } } });

describe("constraints of every target, one by one", () => {
  specifyRefused("docker", [
    ["roles", roles(), []],
    ["no roles", { database: { separateRoles: false }, service: { migration: false } }, []],
    [
      "roles without a migration",
      roles({ service: { migration: false } }),
      ["database.separateRoles: and slipway:service.migration false exclude each other"],
    ],
    [
      "roles and an image without @slipway/next",
      roles({ service: { health: { ready: "/", live: "/" } } }),
      [
        "database.separateRoles: and slipway:service.health exclude each other",
        "database.separateRoles: and slipway:service.migration false exclude each other",
      ],
    ],
    ["roles and a password that is generated", roles({ secrets: { DATABASE_PASSWORD: made } }), []],
    [
      "roles and a password of one's own",
      roles({ secrets: { DATABASE_PASSWORD: "hunter22hunter22hunter22" } }),
      ["database.separateRoles: and slipway:secrets.DATABASE_PASSWORD exclude each other"],
    ],
    ["a database elsewhere", external(), []],
    [
      "a database elsewhere without address",
      external({ url: undefined }),
      ["database.url: is missing: an external database needs its address"],
    ],
    [
      "a database elsewhere without password",
      external({}, {}),
      ["secrets.DATABASE_PASSWORD: is missing: the password of the external database"],
    ],
    ...["localhost", "127.0.0.1", "127.1.2.3", "[::1]"].map(
      (host) =>
        [
          `a database on ${host}`,
          external({ url: `postgres://app@${host}/app` }),
          ["database.url: is the application's own container there"],
        ] as const,
    ),
    ...["localhost.example.com", "127.example.com", "10.0.0.1"].map(
      (host) => [`a database on ${host}`, external({ url: `postgres://app@${host}/app` }), []] as const,
    ),
    ["a cache elsewhere", cache(), []],
    [
      "a cache elsewhere without address",
      cache({ url: undefined }),
      ["cache.url: is missing: an external cache needs its address"],
    ],
    [
      "a cache elsewhere without password",
      cache({}, {}),
      ["secrets.REDIS_PASSWORD: is missing: the password of the external cache"],
    ],
    [
      "a cache on this host",
      cache({ url: "redis://localhost:6379" }),
      ["cache.url: is the application's own container there"],
    ],
    ["a bucket elsewhere", { ...bucket(), secrets: bucketKeys }, []],
    [
      "storage elsewhere without a bucket",
      { ...bucket({ bucket: undefined }), secrets: bucketKeys },
      ["storage.bucket: is missing: external storage needs its bucket"],
    ],
    [
      "a bucket elsewhere without keys",
      bucket(),
      [
        "secrets.STORAGE_ACCESS_KEY_ID: is missing, and with it STORAGE_SECRET_ACCESS_KEY: a container on one host has no role",
      ],
    ],
    [
      "half of the keys",
      { ...bucket(), secrets: { STORAGE_ACCESS_KEY_ID: made } },
      ["secrets.STORAGE_SECRET_ACCESS_KEY: is missing: the key id and the secret key of a bucket go together"],
    ],
    [
      "the other half",
      { ...bucket(), secrets: { STORAGE_SECRET_ACCESS_KEY: made } },
      ["secrets.STORAGE_ACCESS_KEY_ID: is missing: the key id and the secret key"],
    ],
    [
      "neither image nor build",
      { image: undefined },
      ["image: is missing: an image such as ghcr.io/acme/shop:1.4.2, or slipway:build with a context"],
    ],
    ["image and build", { build: { context: "app" } }, ["image: and slipway:build exclude each other"]],
    [
      "a context that is not there",
      { image: undefined, build: { context: "not-there" } },
      ["build.context: is not a folder on this machine"],
    ],
    [
      "a context that is a file",
      { image: undefined, build: { context: "package.json" } },
      ["build.context: is not a folder on this machine"],
    ],
    [
      "a context without Dockerfile",
      { image: undefined, build: { context: "docs" } },
      ["build.context: has no Dockerfile"],
    ],
    [
      "a Dockerfile that is not there",
      { image: undefined, build: { context: "app", dockerfile: "not-there" } },
      ["build.dockerfile: is not in app: it is relative to the context"],
    ],
    ["an address", { domain: "192.0.2.1" }, []],
    ["localhost", { domain: "localhost" }, []],
    ["a low port", { service: { port: 80 } }, []],
    [
      "backups twice a day",
      { database: { backupCron: "15 3,15 * * *" } },
      ["database.backupCron: this database is backed up once a day"],
    ],
    ["backups once a day", { database: { backupCron: " 5 23 * * * " } }, []],
    ["no region", {}, [], { awsRegion: undefined }],
    [
      "e-mail without a server",
      { monitoring: { emails: ["ops@example.com"] } },
      ["monitoring.smtp: is missing: e-mail alarms need a server"],
    ],
    ["nobody to write to", { monitoring: { emails: [] } }, []],
    ...Object.entries({
      PORT: "is set by Slipway: use slipway:service.port",
      AUTH_URL: "is set by Slipway: use slipway:domain",
      DATABASE_HOST: "is set by Slipway: use the setting that it follows from",
      HOSTNAME: "is set by Slipway: use the setting that it follows from",
      STORAGE_BUCKET: "is set by Slipway: use the setting that it follows from",
      NODE_ENV: "cannot be set",
      KEEP_ALIVE_TIMEOUT: "is set by Slipway: it has to outlast",
      NEXT_PUBLIC_A: "never reaches browsers",
      AUTH_SECRET: "is also under slipway:secrets: keep it there",
      PASSWORD: "is a secret: pulumi config set --secret --path slipway:secrets.PASSWORD",
      SMTP_API_KEY: "is a secret",
      JWT_SECRET: "is a secret",
      GITHUB_TOKEN: "is a secret",
      SIGNING_PRIVATE_KEY: "is a secret",
      NEXT_PUBLIC_TOKEN: "never reaches browsers",
    }).map(([name, why]) => [`variable ${name}`, variable(name), [`service.environment.${name}: ${why}`]] as const),
    ...["HOSTNAMES", "MY_HOSTNAME", "STORAGE_BUCKETS", "TOKENS", "APIKEY", "SECRETARY"].map(
      (name) => [`variable ${name}`, variable(name), []] as const,
    ),
    [
      "a secret that Slipway sets",
      { secrets: { PORT: made } },
      ["secrets.PORT: is set by Slipway: use slipway:service.port"],
    ],
    ["a secret of a cache", { secrets: { REDIS_URL: made, STORAGE_TOKEN: made, DATABASE_URL: made } }, []],
    [
      "a key of KMS elsewhere",
      {
        secrets: {
          A: {
            reference: "a",
            keyArn: "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
          },
        },
      },
      ["secrets.A.keyArn: does not work with target docker: it is for aws-ecs"],
    ],
    ["a secret that is rotated", rotated({ generation: 2, fallback: 1 }), []],
    [
      "a fallback to itself",
      rotated({ generation: 2, fallback: 2 }),
      ["secrets.AUTH_SECRET.fallback: is the generation itself"],
    ],
    [
      "a fallback to the first, which it is",
      rotated({ fallback: 1 }),
      ["secrets.AUTH_SECRET.fallback: is the generation itself"],
    ],
    [
      "secrets in plain text",
      { secrets: { A: "hunter22hunter22" } },
      ["secrets.A: is in plain text: pulumi config set --secret --path slipway:secrets.A"],
      { plainSecrets: ["A"] },
    ],
    ["a webhook in plain text", {}, ["monitoring.webhook: is in plain text"], { plainWebhook: true }],
    ["a webhook that is encrypted", {}, [], { plainWebhook: false }],
  ]);

  specifyRefused("aws-ecs", [
    [
      "a proxy and roles",
      { database: { separateRoles: true, proxy: true } },
      ["database.separateRoles: and slipway:database.proxy exclude each other"],
    ],
    ["a proxy", { database: { proxy: true } }, []],
    ["a class that is none", { database: { instanceClass: "db.t4g.mediun" } }, ["database.instanceClass: "]],
    ["e-mail by SNS", { monitoring: { emails: ["ops@example.com"] } }, []],
    ["no region", {}, ["aws:region: is missing"], { awsRegion: undefined }],
    [
      "a region that is none",
      {},
      ['aws:region: "eu-centrl-1" is not a region of AWS; did you mean eu-central-1?'],
      { awsRegion: "eu-centrl-1" },
    ],
    ["an address", { domain: "192.0.2.1" }, ["domain: is an address, which works with target docker only"]],
    ["localhost", { domain: "localhost" }, ["domain: works with target docker only"]],
    ["a name with digits", { domain: "1.2.3.example.com" }, []],
    ["a VPC", { network: inVpc }, []],
    [
      "a VPC and another range",
      { network: { ...inVpc, cidr: "10.30.0.0/16" } },
      ["network.cidr: and slipway:network.vpcId exclude each other"],
    ],
    [
      "a VPC and another NAT",
      { network: { ...inVpc, nat: "none" } },
      ["network.nat: and slipway:network.vpcId exclude each other"],
    ],
    [
      "a VPC and other zones",
      { network: { ...inVpc, zones: 2 } },
      ["network.zones: and slipway:network.vpcId exclude each other"],
    ],
    ["a bucket by the task's role", bucket(), []],
  ]);

  specifyRefused("kubernetes", [
    ["an image that is built", { image: undefined }, ["image: is missing: an image such as ghcr.io/acme/shop:1.4.2"]],
    ["e-mail without a server", { monitoring: { emails: ["ops@example.com"] } }, ["monitoring.smtp: is missing"]],
    ["a bucket by the pod's role", bucket(), []],
  ]);
});
