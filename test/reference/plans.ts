import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../tools/plan/plan";
import { record } from "../record";
import { whatExists } from "../stacks/aws-ecs/stack-file";
import program = require("../../index");

/** Where test/reference/build.sh has put its tools; undefined when it has not run. */
export function referenceTools(): string | undefined {
  const folder = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "slipway-bed/reference");
  return existsSync(join(folder, "python/bin/cfn-lint")) ? folder : undefined;
}

type Raw = Readonly<Record<string, unknown>>;

const common: Raw = {
  target: "aws-ecs",
  domain: "shop.example.com",
  image: `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9f8b3".repeat(4)}`,
  tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
  monitoring: { emails: ["ops@example.com"] },
};

/** Stack files that between them have every resource of the target. */
export const stacks: Readonly<Record<string, Raw>> = {
  production: common,
  "on the internet": {
    ...common,
    cdn: { implementation: "none" },
    network: { redirectFrom: ["www.example.com"], endpoints: ["sts"], nat: "per-zone", ipv6: true },
    release: { strategy: "linear" },
  },
  "with all that is optional": {
    ...common,
    image: undefined,
    build: { context: "app" },
    database: { readReplicas: 1, proxy: true },
    cache: { accessControl: "rbac" },
    storage: { implementation: "s3" },
    service: {
      spotPercent: 50,
      platform: "linux/arm64",
      schedules: [{ cron: "0 7 * * 1-5", minReplicas: 4, maxReplicas: 20 }],
    },
    release: { strategy: "canary" },
    workers: { mail: { command: ["node", "mail.js"] } },
    jobs: { cleanup: { command: ["node", "cleanup.js"], cron: "15 3 * * *" } },
  },
  development: { ...common, preset: "development", release: { strategy: "blue-green" } },
  small: {
    ...common,
    preset: "small",
    service: { spotPercent: 0, minReplicas: 2, maxReplicas: 4 },
    cache: { implementation: "elasticache" },
  },
  "with its pipeline, connect, a budget and a backup plan": {
    ...common,
    database: { separateRoles: true, readReplicas: 2 },
    cdn: { publicPaths: ["/images/*", "/favicon.ico"] },
    aws: {
      connect: true,
      backupPlan: {
        copyActions: [
          {
            destinationVaultArn: "arn:aws:backup:eu-west-1:123456789012:backup-vault:shop",
            deleteAfterDays: 90,
          },
        ],
        vaultLock: { minRetentionDays: 7, maxRetentionDays: 400, changeableForDays: 30 },
      },
      permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary",
      github: {
        repository: "acme/shop",
        stateBucket: "acme-pulumi-state",
        stateKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789",
      },
    },
    monitoring: { emails: ["ops@example.com"], budgetUsd: 400 },
  },
  "on Aurora Serverless v2": {
    ...common,
    database: { implementation: "aurora-serverless-v2", readReplicas: 1, proxy: true },
  },
  "on Aurora Serverless v2 that pauses": {
    ...common,
    preset: "development",
    database: { implementation: "aurora-serverless-v2", minAcu: 0, allowMajorVersionUpgrade: true },
  },
  "in what exists": { ...common, ...whatExists },
  "in another stack's network": { ...common, shared: "acme/platform/prod", loadBalancer: { priority: 20 } },
};

export function planOf(stack: string): Promise<Plan> {
  const config = Object.entries(stacks[stack]!)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [`slipway:${key}`, typeof value === "string" ? value : JSON.stringify(value)]);
  return record(program, {
    project: "slipway",
    stack: "prod",
    config: { ...(Object.fromEntries(config) as Record<string, string>), "aws:region": "eu-central-1" },
  });
}

/** What a script beside this file says of a plan. @throws Error with what it said instead. */
export function answerOf<Answer>(tools: string, script: string, plan: Plan): Answer {
  const { stdout, stderr } = spawnSync(join(tools, "python/bin/python"), [join(__dirname, script)], {
    input: JSON.stringify(plan),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!stdout.startsWith("{")) throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}

interface Seen {
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
}

/** Of several plans together, by type: how many properties are checked, and those that are in none. */
export function coverageOf<Type extends Seen, Name>(
  answers: Iterable<{ readonly types: Readonly<Record<string, Type>> }>,
  named: (type: Type) => Name,
): Record<string, Name & { readonly checked: number; readonly unchecked: readonly string[] }> {
  const all = [...answers].map(({ types }) => types);
  const names = [...new Set(all.flatMap((types) => Object.keys(types)))].sort();
  return Object.fromEntries(
    names.map((type) => {
      const of = all.flatMap((types) => types[type] ?? []);
      const checked = new Set(of.flatMap((one) => one.checked));
      const unchecked = [...new Set(of.flatMap((one) => one.unchecked))].filter((one) => !checked.has(one)).sort();
      return [type, { ...named(of[0]!), checked: checked.size, unchecked }] as const;
    }),
  );
}
