import { strict as assert } from "node:assert";
import { join } from "node:path";
import { mandatoryFailures } from "../../../policy/report";
import { runStack } from "../../../stacks/targets";
import { resolveSettings } from "../../../stacks/settings/load";
import type { StackFile } from "../../../stacks/settings/settings";
import type { Plan } from "../../../tools/plan/plan";
import { evaluatePlan } from "../../../tools/judge/policy/evaluate-plan";
import { previewStack } from "../../../tools/sources/in-process/in-process";
import {
  type ContainerInputs,
  container,
  containerType,
  textNamed,
  running,
  volumeType,
} from "../../components/docker-mocks";
import { all, record } from "../../record";

const file: StackFile = {
  target: "docker",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  docker: { backupsOnThisHostOnly: true },
};

describe("the Docker stack", () => {
  const run = (more: Partial<StackFile> = {}) =>
    record(() => runStack(resolveSettings("test", { ...file, ...more }, {})));
  let plan: Plan;
  before(async () => {
    plan = await run({ secrets: { EMAIL_API_KEY: "hunter2" } });
  });
  const inputs = (resource: { inputs: unknown }) => resource.inputs as ContainerInputs;

  it("says where the site is, whether it is well, and how to follow and to undo it", () => {
    const filter = "--filter label=app.slipway.stack=test --filter label=app.slipway.component=slipway-test-app";
    const { operations, ...said } = plan.outputs;
    assert.deepEqual(said, {
      url: "https://shop.example.com:8443",
      health: "https://shop.example.com:8443/api/ready",
      dashboard: "http://127.0.0.1:9090/alerts",
      logs: `for id in $(docker ps -q ${filter}); do docker logs -f --since 10m $id & done; wait`,
      rollback: "set slipway:image to that of the previous release, then pulumi up -s test",
      restore:
        "slipway restore test --at TIME, or docker exec slipway-test-database-backup bash /etc/slipway/backup.sh restore TIME",
    });
    const { containers, rotations: _, ...known } = operations as { containers: readonly unknown[]; rotations: object };
    assert.equal(containers.length, 2);
    assert.deepEqual(known, {
      ...{
        target: "docker",
        stack: "test",
        service: "slipway-test-app",
        image: "ghcr.io/acme/shop:1.4.2",
        replicas: 2,
      },
      networks: { internal: "slipway-test-internal", edge: "slipway-test-edge" },
      ...{ port: 3000, readyPath: "/api/ready", startupSeconds: 60, drainSeconds: 5, stopSeconds: 35 },
      migration: {
        ...{ command: ["node", "migrate.js"], network: "slipway-test-internal" },
        withheld: ["REDIS_PASSWORD", "AUTH_SECRET", "EMAIL_API_KEY", "ENCRYPTION_KEY"],
      },
      ...{ release: { strategy: "rolling" }, ingress: "slipway-test-nginx", receipts: "slipway-test-router-receipts" },
      backup: { container: "slipway-test-database-backup" },
    });
  });

  it("survives a rename of the stack: with slipway:docker.name every resource and volume is called as before", async () => {
    const called = async (stack: string, name?: string) => {
      const settings = resolveSettings(
        stack,
        { ...file, docker: { backupsOnThisHostOnly: true, ...(name !== undefined && { name }) } },
        {},
      );
      const { resources } = await record(() => runStack(settings), { stack });
      return resources
        .filter(({ type }) => type !== "pulumi:pulumi:Stack" && type !== "docker:index/remoteImage:RemoteImage")
        .map(({ type, name: logical, inputs: { name: physical } }) => ({ type, logical, physical }));
    };
    const before = await called("old");
    assert.deepEqual(await called("new", "slipway-old"), before);
    assert.notDeepEqual(await called("new"), before);
    const shared = new Set((await called("old", "shop-old")).map(({ physical }) => physical).filter(Boolean));
    assert.deepEqual(
      before.filter(({ physical }) => shared.has(physical)),
      [],
      "two projects on one host",
    );
  });

  it("runs two replicas, a migration, and one of everything else", () => {
    assert.deepEqual(
      running(plan)
        .map(({ name }) => name)
        .sort(),
      [
        "slipway-test-app-1",
        "slipway-test-app-2",
        "slipway-test-app-migrate",
        "slipway-test-cache-server",
        "slipway-test-database-backup",
        "slipway-test-database-server",
        "slipway-test-exporters-blackbox",
        "slipway-test-exporters-nginx",
        "slipway-test-exporters-node",
        "slipway-test-monitoring-alertmanager",
        "slipway-test-monitoring-server",
        "slipway-test-nginx-server",
        "slipway-test-router-server",
      ],
    );
  });

  it("publishes the ingress, and on this machine alone the measurements", () => {
    const published = running(plan).flatMap((resource) => inputs(resource).ports ?? []);
    assert.deepEqual(published, [
      { ip: "127.0.0.1", external: 9090, internal: 9090 },
      { ip: "127.0.0.1", external: 8080, internal: 8080 },
      { ip: "127.0.0.1", external: 8443, internal: 8443 },
    ]);
  });

  it("keeps every running container's root read-only, without capabilities, as a user other than root", () => {
    for (const resource of running(plan)) {
      const { readOnly, capabilities, user, securityOpts, memory } = inputs(resource);
      assert.equal(readOnly, true, resource.name);
      assert.deepEqual(capabilities, { drops: ["ALL"] }, resource.name);
      assert.match(user, /^[1-9]\d*:[1-9]\d*$/, resource.name);
      assert.deepEqual(securityOpts, ["no-new-privileges"], resource.name);
      assert.ok(typeof memory === "number" && memory > 0, resource.name);
    }
  });

  it("lets database, cache and backup reach nothing but the internal network", () => {
    for (const name of ["database-server", "database-backup", "cache-server", "app-migrate"]) {
      const networks = container(plan, `slipway-test-${name}`).inputs.networksAdvanced as readonly { name: string }[];
      assert.deepEqual(
        networks.map((each) => each.name),
        ["slipway-test-internal"],
        name,
      );
    }
  });

  it("tells the application the variables of every target, secrets as files", () => {
    const names = container(plan, "slipway-test-app-1").inputs.envs?.map((env) => (env as string).split("=")[0]);
    assert.deepEqual(names, [
      "AUTH_SECRET_FILE",
      "AUTH_URL",
      "CACHE_NAMESPACE",
      "CACHE_TTL",
      "DATABASE_PASSWORD_FILE",
      "DATABASE_POOL_SIZE",
      "DATABASE_TLS",
      "DATABASE_URL",
      "EMAIL_API_KEY_FILE",
      "ENCRYPTION_KEY_FILE",
      "LOG_LEVEL",
      "MAX_CONCURRENT_REQUESTS",
      "METRICS_PORT",
      "PORT",
      "REDIS_PASSWORD_FILE",
      "REDIS_URL",
      "RELEASE",
      "SHUTDOWN_DELAY_SECONDS",
      "SHUTDOWN_GRACE_SECONDS",
      "STORAGE_BUCKET",
      "TRUSTED_PROXIES",
    ]);
  });

  it("uses what somebody else runs, which its migration reaches over the network with a way out", async () => {
    const other = await run({
      database: { implementation: "external", url: "postgres://app@db.example.com:5432/app" },
      cache: { implementation: "external", url: "rediss://cache.example.com:6379" },
      storage: { implementation: "external", bucket: "acme-uploads", endpoint: "https://minio.example.com" },
      secrets: {
        DATABASE_PASSWORD: "hunter2",
        REDIS_PASSWORD: "hunter2",
        STORAGE_ACCESS_KEY_ID: "AKIA1",
        STORAGE_SECRET_ACCESS_KEY: "hunter2",
      },
    });
    const names = running(other).map(({ name }) => name);
    assert.ok(!names.some((name) => /database|cache/.test(name)), names.join());
    const { networksAdvanced, mounts, envs } = container(other, "slipway-test-app-migrate").inputs;
    assert.deepEqual(networksAdvanced, [{ name: "slipway-test-edge" }]);
    assert.ok(!JSON.stringify(mounts).includes('"/data"'));
    for (const env of [
      "DATABASE_URL=postgres://app@db.example.com:5432/app",
      "DATABASE_PASSWORD_FILE=/run/secrets/database-password/value",
      "DATABASE_TLS=verify-full",
      "REDIS_URL=rediss://cache.example.com:6379",
      "STORAGE_BUCKET=acme-uploads",
      "STORAGE_ENDPOINT=https://minio.example.com",
    ]) {
      assert.ok(envs?.includes(env), env);
    }
    const watched = /slipway-test-(database|cache)/;
    assert.match(textNamed(plan, "rules.yaml"), watched);
    assert.doesNotMatch(textNamed(other, "rules.yaml"), watched);
  });

  it("migrates nothing where there is no database", async () => {
    const plan = await run({ database: { implementation: "none" }, storage: { implementation: "none" } });
    assert.ok(!running(plan).some(({ name }) => /migrate|database/.test(name)));
    assert.equal(
      all(plan, volumeType).some(({ name }) => name.includes("uploads")),
      false,
    );
  });

  it("has no secret's value anywhere in the plan", () => {
    assert.equal(JSON.stringify(plan).includes("hunter2"), false);
  });

  it("starts the application after database and cache", () => {
    const service = plan.resources.find(({ type }) => type === "slipway:container-service:DockerService");
    for (const name of ["database-server", "cache-server"]) {
      assert.ok(
        service?.dependencies.some((urn) => urn.endsWith(`::slipway-test-${name}`)),
        name,
      );
    }
  });

  it("keeps what people wrote when the stack is destroyed; nothing else is worth it", () => {
    const kept = (recorded: Plan) =>
      all(recorded, volumeType)
        .filter(({ options }) => options.retainOnDelete === true && options.protect === true)
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(kept(plan), [
      "slipway-test-database-backups",
      "slipway-test-database-data",
      "slipway-test-uploads-data",
    ]);
  });

  it("keeps nothing of a stack for development", async () => {
    const development = await run({ preset: "development" });
    assert.ok(all(development, volumeType).every(({ options }) => options.retainOnDelete === undefined));
  });

  it("deletes first only what two of cannot run at once", () => {
    assert.deepEqual(
      all(plan, containerType)
        .filter(({ options }) => options.deleteBeforeReplace === true)
        .map(({ name }) => name.replace("slipway-test-", ""))
        .sort(),
      [
        "cache-server",
        "database-backup",
        "database-server",
        "exporters-blackbox",
        "exporters-nginx",
        "exporters-node",
        "monitoring-alertmanager",
        "monitoring-server",
        "nginx-server",
      ],
    );
  });

  it("has each container under a component, and each component under the stack", () => {
    for (const { name, parent } of all(plan, containerType)) assert.match(parent!, /slipway:/, name);
  });

  it("runs the major version of PostgreSQL that was asked for, with its data in the volume", async () => {
    const newer = await run({ database: { version: "18" } });
    const names = all(newer, "docker:index/remoteImage:RemoteImage").map(({ inputs }) => inputs["name"]);
    assert.ok(names.includes("postgres:18.0"));
    const { envs } = container(newer, "slipway-test-database-server").inputs;
    assert.ok(JSON.stringify(envs).includes("PGDATA=/var/lib/postgresql/data"));
  });

  it("takes other images, ports, address and certificate", async () => {
    const other = await run({
      images: { nginx: "mirror.example.com/nginx:1.29" },
      network: { bindAddress: "0.0.0.0", httpPort: 80, httpsPort: 443 },
      tls: { certificateFolder: "/etc/tls/shop" },
    });
    const { ports, mounts } = container(other, "slipway-test-nginx-server").inputs;
    assert.deepEqual(ports, [
      { ip: "0.0.0.0", external: 80, internal: 8080 },
      { ip: "0.0.0.0", external: 443, internal: 8443 },
    ]);
    assert.deepEqual(mounts[0], { type: "bind", target: "/etc/slipway-tls", source: "/etc/tls/shop", readOnly: true });
    assert.equal(other.outputs["url"], "https://shop.example.com");
    assert.equal(
      all(other, "docker:index/remoteImage:RemoteImage").find(({ name }) => name.endsWith("-nginx"))?.inputs["name"],
      "mirror.example.com/nginx:1.29",
    );
  });

  it("caches static files at the ingress unless that is off", async () => {
    assert.match(textNamed(plan, "nginx.conf"), /inactive=30d/);
    const without = await run({ cdn: { implementation: "none" } });
    assert.doesNotMatch(textNamed(without, "nginx.conf"), /proxy_cache/);
  });

  it("as shipped, fails no mandatory policy", async () => {
    const local = await previewStack({ projectDir: join(__dirname, "../../.."), stack: "local" });
    const report = evaluatePlan(local, {}, { today: new Date("2026-01-01") });
    assert.deepEqual(mandatoryFailures(report), []);
  });

  it("tells every verb which engine the stack file names, and builds on no other", async () => {
    const host = "ssh://deploy@203.0.113.7";
    const at = (config: Record<string, string>, more: Partial<StackFile> = {}) =>
      record(() => runStack(resolveSettings("test", { ...file, ...more }, {})), { config });
    const named = (found: Plan) => (found.outputs["operations"] as { host?: string }).host;
    assert.equal(named(await at({ "docker:host": host })), host);
    assert.equal(named(plan), undefined);
    const build = { image: undefined, build: { context: join(__dirname, "..", "..", "..", "app") } };
    await assert.rejects(
      at({ "docker:host": host }, build),
      /docker-build:host is not set: slipway:build would build on one engine for another/,
    );
    assert.equal(named(await at({ "docker:host": host, "docker-build:host": host }, build)), host);
  });
});
