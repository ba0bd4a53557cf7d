import { strict as assert } from "node:assert";
import { DockerService, type DockerServiceArgs } from "../../../../components/workload/docker/service";
import type { DockerSecretRef } from "../../../../components/secrets/contract";
import type { Plan } from "../../../../tools/plan/plan";
import { all, record } from "../../../record";
import { type ContainerInputs, container, containerType, labelNames, serviceArgs } from "../../docker-mocks";

const secret = (volume: string): DockerSecretRef => ({
  store: "docker-volume",
  volume,
  file: "value",
  version: `${volume}-1`,
});

describe("DockerService", () => {
  const create = (more: Partial<DockerServiceArgs> = {}) =>
    record(() => {
      const { upstream, logs, rollback } = new DockerService("shop", { ...serviceArgs, ...more });
      return { upstream, logs, rollback };
    });
  const environment = { PORT: "3000", AUTH_SECRET: secret("auth"), DATABASE_PASSWORD: secret("database") };
  let plan: Plan;
  let replica: ContainerInputs;
  let migration: ContainerInputs;
  before(async () => {
    plan = await create({ environment, uploads: "shop-uploads" });
    replica = container(plan, "shop-1").inputs;
    migration = container(plan, "shop-migrate").inputs;
  });

  it("runs as many replicas as asked for, all alike", async () => {
    assert.deepEqual(replica, container(plan, "shop-2").inputs);
    const three = await create({ scaling: { ...serviceArgs.scaling, minReplicas: 3, maxReplicas: 3 } });
    assert.equal(all(three, containerType).length, 4);
  });

  it("gives replicas no name, so that a new one runs beside the old, and replaces them new before old", () => {
    assert.equal("name" in replica, false);
    for (const name of ["shop-1", "shop-2"]) {
      assert.equal(container(plan, name).resource.options.deleteBeforeReplace, false);
    }
    assert.equal(replica["wait"], true);
    assert.equal(replica["waitTimeout"], 90);
  });

  it("is found under one name on the internal network, has a way out, and no published port", () => {
    assert.deepEqual(replica.networksAdvanced, [{ name: "shop-internal", aliases: ["shop"] }, { name: "shop-edge" }]);
    assert.equal("ports" in replica, false);
    assert.deepEqual(plan.outputs["upstream"], { host: "shop", port: 3000, metricsPort: 9464 });
  });

  it("runs as its own user on a read-only root, within its size", () => {
    assert.equal(replica.user, "1001:1001");
    assert.equal(replica["readOnly"], true);
    assert.deepEqual(replica["capabilities"], { drops: ["ALL"] });
    assert.deepEqual([replica["cpus"], replica["memory"], replica["memorySwap"]], ["0.25", 512, 512]);
  });

  it("turns secrets into files and names them, and leaves the rest as variables", () => {
    assert.deepEqual(replica.envs, [
      "AUTH_SECRET_FILE=/run/secrets/auth-secret/value",
      "CACHE_NAMESPACE=shop-test-shop/4f53cda18c2b",
      "DATABASE_PASSWORD_FILE=/run/secrets/database-password/value",
      "PORT=3000",
    ]);
    assert.deepEqual(replica.mounts, [
      { type: "volume", target: "/run/secrets/auth-secret", source: "auth", readOnly: true },
      { type: "volume", target: "/run/secrets/database-password", source: "database", readOnly: true },
      { type: "volume", target: "/data", source: "shop-uploads" },
    ]);
  });

  it("starts anew for a secret that it reads once, not for a password that it reads again", async () => {
    assert.deepEqual(
      replica.labels.filter(({ label }) => label === "app.slipway.secrets"),
      [{ label: "app.slipway.secrets", value: "auth-1" }],
    );
    const without = await create({ environment: { DATABASE_PASSWORD: secret("database") } });
    assert.equal(labelNames(container(without, "shop-1").inputs).includes("app.slipway.secrets"), false);
  });

  it("refuses a secret that a container cannot read, and says which", async () => {
    const elsewhere = { store: "kubernetes", secret: "app", key: "token" } as const;
    await assert.rejects(
      create({ environment: { EMAIL_API_KEY: elsewhere } }),
      /EMAIL_API_KEY is a secret in kubernetes, which a container on one Docker host cannot read/,
    );
  });

  it("is healthy when it can serve, and has its startup time for that", () => {
    const { tests, ...times } = replica.healthcheck;
    assert.equal(tests[0], "CMD-SHELL");
    assert.ok(tests[1]!.includes("http://127.0.0.1:3000/api/ready?for=routing"), tests[1]);
    // Node.js last of what Next.js' images have: it takes fifty times as long to start.
    assert.match(tests[1]!, /command -v wget.*command -v bash.*command -v node/);
    assert.deepEqual(times, { interval: "10s", timeout: "5s", startPeriod: "1m0s", retries: 3 });
  });

  it("gives requests in flight their time: drain and grace, from the engine and on destroy", () => {
    assert.deepEqual([replica["stopTimeout"], replica["destroyGraceSeconds"]], [35, 35]);
  });

  it("migrates to the end before any replica starts", () => {
    const { attach, logs, mustRun, restart, wait } = migration;
    assert.deepEqual(
      { attach, logs, mustRun, restart, wait },
      { attach: true, logs: true, mustRun: false, restart: "no", wait: false },
    );
    assert.deepEqual(migration.command, ["node", "migrate.js"]);
    assert.deepEqual(migration.healthcheck.tests, ["NONE"]);
    // Nobody looks for it under the application's name, and it calls nobody outside.
    assert.deepEqual(migration.networksAdvanced, [{ name: "shop-internal" }]);
    for (const name of ["shop-1", "shop-2"]) {
      const { resource, inputs } = container(plan, name);
      assert.ok(
        resource.dependencies.some((urn) => urn.endsWith("::shop-migrate")),
        name,
      );
      assert.ok(labelNames(inputs).includes("app.slipway.migration"), name);
    }
  });

  it("has no migration where there is nothing to migrate", async () => {
    const without = await create({ migration: undefined });
    assert.equal(all(without, containerType).length, 2);
    assert.equal(labelNames(container(without, "shop-1").inputs).includes("app.slipway.migration"), false);
  });

  it("mounts no uploads where there are none", async () => {
    assert.deepEqual(container(await create(), "shop-1").inputs.mounts, []);
  });

  it("says how to follow its logs and how to go back", () => {
    assert.match(
      plan.outputs["logs"] as string,
      /label=app\.slipway\.stack=test --filter label=app\.slipway\.component=shop/,
    );
    assert.match(plan.outputs["rollback"] as string, /image of the previous release/);
  });

  it("lets replicas and migration be changed before they are made", async () => {
    const other = await create({ transform: { replica: { hostname: "a" }, migration: { hostname: "b" } } });
    assert.equal(container(other, "shop-2").inputs["hostname"], "a");
    assert.equal(container(other, "shop-migrate").inputs["hostname"], "b");
  });
});
