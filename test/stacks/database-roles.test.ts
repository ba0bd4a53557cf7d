import { deepEqual, equal, ok, throws } from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { databaseRoles } from "../../stacks/database-roles";
import { resolveSettings } from "../../stacks/settings/load";
import { runStack } from "../../stacks/targets";
import type { Plan } from "../../tools/plan/plan";
import { isUnknown } from "../../tools/plan/plan";
import { all, only, record } from "../record";
import type { DockerOperations } from "../../stacks/operations";

const image = `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9".padEnd(64, "0")}`;
const files: Readonly<Record<string, object>> = {
  "aws-ecs": { tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" } },
  kubernetes: { preset: "staging" },
  docker: { preset: "staging" },
};
const settingsOf = (target: string, more: object) =>
  resolveSettings(
    "test",
    { target, domain: "shop.example.com", image, ...files[target], ...more },
    { awsRegion: "eu-central-1" },
  );
const planOf = (target: string, more: object = {}) =>
  record(() => runStack(settingsOf(target, more)), { config: { "aws:region": "eu-central-1" } });

/** Variables by name, and those that come from a secret, of who serves and of who migrates. */
interface Container {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

const text = (value: unknown): string =>
  isUnknown(value) ? (value as { template?: string }).template! : String(value);

const find: Readonly<Record<string, (plan: Plan, migration: boolean) => Container>> = {
  "aws-ecs": (plan, migration) => {
    const definition = only(plan, "aws:ecs/taskDefinition:TaskDefinition", migration ? "web-migration" : "web");
    const [first] = JSON.parse(text(definition.inputs["containerDefinitions"])) as {
      environment: { name: string; value: string }[];
      secrets: { name: string }[];
    }[];
    const variables = Object.fromEntries(first!.environment.map(({ name, value }) => [name, value]));
    const fetched = Object.keys(variables).filter((name) => name.endsWith("_ARN"));
    return { variables, secrets: [...first!.secrets.map(({ name }) => name), ...fetched] };
  },
  kubernetes: (plan, migration) => {
    const { inputs } = migration
      ? only(plan, "kubernetes:batch/v1:Job", "web-migration")
      : plan.resources.find(({ type, name }) => /:(Deployment|Rollout)$/.test(type) && name === "web-deployment")!;
    const { env } = (
      inputs as never as { spec: { template: { spec: { containers: { env: { name: string; value: unknown }[] }[] } } } }
    ).spec.template.spec.containers[0]!;
    const variables = Object.fromEntries(env.map(({ name, value }) => [name, text(value)]));
    return {
      variables,
      secrets: Object.keys(variables).flatMap((name) => (name.endsWith("_FILE") ? [name.slice(0, -5)] : [])),
    };
  },
  docker: (plan, migration) => {
    const found = all(plan, "docker:index/container:Container").find(({ name }) =>
      (migration ? /-app-migrate$/ : /-app-1$/).test(name),
    )!;
    const variables = Object.fromEntries(
      (found.inputs["envs"] as unknown[]).map(text).map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    return {
      variables,
      secrets: Object.keys(variables).flatMap((name) => (name.endsWith("_FILE") ? [name.slice(0, -5)] : [])),
    };
  },
};

const ownersPassword: Readonly<Record<string, string>> = {
  "aws-ecs": "DATABASE_MIGRATION_SECRET_ARN",
  kubernetes: "DATABASE_MIGRATION_PASSWORD",
  docker: "DATABASE_MIGRATION_PASSWORD",
};

describe("who connects to the database", () => {
  for (const target of Object.keys(files)) {
    const separate = { database: { separateRoles: true } };
    const user = ({ variables }: Container, name: string) => /\/\/([^@/]*)@/.exec(variables[name] ?? "")?.[1];

    it(`${target}: the migration has no secret that signs, encrypts or sends, and any other of the stack file`, async () => {
      const secrets = { AUTH_SECRET: { generate: 32, generation: 2, fallback: 1 }, REPORTS_KEY: { generate: 32 } };
      const plan = await planOf(target, { secrets: { ...secrets, EMAIL_API_KEY: { generate: 32 } } });
      const [server, migration] = [find[target]!(plan, false), find[target]!(plan, true)];
      for (const name of ["AUTH_SECRET", "AUTH_SECRET_FALLBACK", "ENCRYPTION_KEY", "EMAIL_API_KEY"]) {
        ok(server.secrets.includes(name), name);
        ok(!migration.secrets.includes(name), name);
      }
      ok(migration.secrets.includes("REPORTS_KEY"));
      ok(user(migration, "DATABASE_URL") === user(server, "DATABASE_URL"));
    });

    it(`${target}: with separate roles the server is not the owner, and cannot read its password`, async () => {
      const plan = await planOf(target, separate);
      const [server, migration] = [find[target]!(plan, false), find[target]!(plan, true)];
      // On RDS the address, and with it all of the URL, is known after the first `pulumi up`.
      for (const one of [server, migration]) if (target !== "aws-ecs") equal(user(one, "DATABASE_URL"), "app_server");
      ok(server.secrets.includes("DATABASE_PASSWORD"));
      deepEqual(
        [...server.secrets, ...Object.keys(server.variables)].filter((name) =>
          /DATABASE_(MIGRATION|SECRET)/.test(name),
        ),
        [],
      );
      ok(migration.secrets.includes(ownersPassword[target]!), migration.secrets.join(" "));
      ok("DATABASE_MIGRATION_URL" in migration.variables);
    });

    it(`${target}: a rotated password is another role`, async () => {
      const secrets = { DATABASE_PASSWORD: { generate: 24, generation: 3, fallback: 2 } };
      const plan = await planOf(target, { ...separate, secrets });
      const server = find[target]!(plan, false);
      ok(!server.secrets.includes("DATABASE_PASSWORD_FALLBACK"));
      if (target !== "aws-ecs") equal(user(server, "DATABASE_URL"), "app_server_3");
    });
  }

  it("aws-ecs: the same URLs with another user, that of a replica too", async () => {
    const settings = settingsOf("aws-ecs", { database: { separateRoles: true } });
    const password = { store: "aws-secrets-manager", arn: "arn:owner", delivery: "fetched" } as const;
    const database = {
      DATABASE_URL: "postgres://app@db.internal:5432/app",
      DATABASE_REPLICA_URL: "postgres://app@ro.internal:5432/app",
      DATABASE_REPLICA_URLS: "postgres://app@ro.internal:5432/app,postgres://app@ro2.internal:5432/app",
      DATABASE_SECRET_ARN: password,
    };
    const generated = { store: "aws-secrets-manager", arn: "arn:server" } as const;
    const { environment, migrationEnvironment } = databaseRoles(
      settings,
      { ...database, DATABASE_PASSWORD: generated },
      database,
    );
    const known = async (value: unknown) => new Promise((resolve) => pulumi.output(value as object).apply(resolve));
    deepEqual(await known(environment), {
      DATABASE_URL: "postgres://app_server@db.internal:5432/app",
      DATABASE_REPLICA_URL: "postgres://app_server@ro.internal:5432/app",
      DATABASE_REPLICA_URLS: "postgres://app_server@ro.internal:5432/app,postgres://app_server@ro2.internal:5432/app",
      DATABASE_PASSWORD: generated,
    });
    deepEqual(await known(migrationEnvironment), {
      ...((await known(environment)) as object),
      DATABASE_MIGRATION_URL: database.DATABASE_URL,
      DATABASE_MIGRATION_SECRET_ARN: password,
    });
  });

  it("an external database: what only migrations open it with stays with them", () => {
    const settings = settingsOf("docker", {});
    const secret = { store: "docker-volume", volume: "v", file: "value" } as const;
    const all = {
      DATABASE_URL: "postgres://shop@db/shop",
      DATABASE_PASSWORD: secret,
      DATABASE_MIGRATION_PASSWORD: secret,
    };
    const { environment, migrationEnvironment } = databaseRoles(settings, all, { DATABASE_URL: all.DATABASE_URL });
    deepEqual(Object.keys(environment), ["DATABASE_URL", "DATABASE_PASSWORD"]);
    deepEqual(Object.keys(migrationEnvironment), Object.keys(all));
  });

  it("docker: `slipway release` gives a migration what `pulumi up` gives it", async () => {
    const reference = { generate: 24 };
    const external = {
      database: { implementation: "external", url: "postgres://shop@db.example.com/shop" },
      secrets: { DATABASE_PASSWORD: reference, DATABASE_MIGRATION_PASSWORD: reference, AUTH_SECRET: reference },
    };
    const { migration } = (await planOf("docker", external)).outputs["operations"] as unknown as DockerOperations;
    deepEqual(Object.keys(migration!.variables!), ["DATABASE_MIGRATION_PASSWORD_FILE"]);
    deepEqual(Object.keys(migration!.volumes!), ["/run/secrets/database-migration-password"]);
    ok(migration!.withheld!.includes("AUTH_SECRET"));
    ok(!migration!.withheld!.some((name) => name.startsWith("DATABASE_")));
    const own = (await planOf("docker", {})).outputs["operations"] as unknown as DockerOperations;
    deepEqual([own.migration!.variables, own.migration!.volumes], [undefined, undefined]);
  });

  it("aws-ecs: only the role of the migration may read the owner's secret", async () => {
    const plan = await planOf("aws-ecs", { database: { separateRoles: true } });
    const secretsOf = (name: string) => {
      const policy = text(only(plan, "aws:iam/rolePolicy:RolePolicy", name).inputs["policy"]);
      return (JSON.parse(policy) as { Statement: { Action: unknown }[] }).Statement.filter(
        ({ Action }) => Action === "secretsmanager:GetSecretValue",
      ).length;
    };
    equal(secretsOf("web-task"), 0);
    equal(secretsOf("web-migration-task"), 1);
  });

  it("kubernetes: the operator lets the owner make the role", async () => {
    const managed = async (database: object) =>
      (
        only(await planOf("kubernetes", { database }), "kubernetes:postgresql.cnpg.io/v1:Cluster").inputs["spec"] as {
          managed?: { roles: object[] };
        }
      ).managed?.roles;
    deepEqual(await managed({ separateRoles: true }), [
      { name: "app", ensure: "present", login: true, inherit: true, createrole: true },
    ]);
    equal(await managed({}), undefined);
  });

  for (const [what, more, pattern] of [
    ["nobody who makes the role", { service: { migration: false } }, /service\.migration/],
    [
      "an image without the platform",
      { service: { health: { live: "/healthz", ready: "/readyz" } } },
      /service\.health/,
    ],
    [
      "a password that is given",
      {
        secrets: {
          DATABASE_PASSWORD: { reference: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:a-AbCdEf" },
        },
      },
      /secrets\.DATABASE_PASSWORD/,
    ],
    ["RDS Proxy", { database: { proxy: true, separateRoles: true } }, /RDS Proxy/],
  ] as const) {
    it(`is refused with ${what}`, () => {
      throws(() => settingsOf("aws-ecs", { database: { separateRoles: true }, ...more }), pattern);
    });
  }
});
