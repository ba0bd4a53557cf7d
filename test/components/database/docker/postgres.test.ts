import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerPostgres, type DockerPostgresArgs } from "../../../../components/database/docker/postgres";
import { isSecret, type Plan } from "../../../../tools/plan/plan";
import { only, record } from "../../../record";
import { type ContainerInputs, container, fileNamed, labelNames, volumeType, postgresArgs } from "../../docker-mocks";

describe("DockerPostgres", () => {
  const create = (more: Partial<DockerPostgresArgs> = {}) =>
    record(() => {
      const { environment, restore } = new DockerPostgres("shop-database", {
        ...postgresArgs,
        ...more,
      });
      return { environment, restore };
    });
  let plan: Plan;
  let server: ContainerInputs;
  let backup: ContainerInputs;
  before(async () => {
    plan = await create();
    server = container(plan, "shop-database-server").inputs;
    backup = container(plan, "shop-database-backup").inputs;
  });

  it("keeps data and dumps when the stack is destroyed, and refuses to delete them", () => {
    for (const name of ["shop-database-data", "shop-database-backups"]) {
      const { inputs, options } = only(plan, volumeType, name);
      assert.deepEqual(inputs, { name });
      assert.equal(options.protect, true, name);
      assert.equal(options.retainOnDelete, true, name);
    }
  });

  it("lets them go where nobody is hurt by their loss", async () => {
    const { options } = only(await create({ protect: false }), volumeType, "shop-database-data");
    assert.equal("protect" in options, false);
    assert.equal("retainOnDelete" in options, false);
  });

  it("never runs two servers on one data folder", () => {
    const { options } = container(plan, "shop-database-server").resource;
    assert.equal(options.deleteBeforeReplace, true);
    assert.equal(server["restart"], "unless-stopped");
  });

  it("is reached on the internal network alone", () => {
    assert.deepEqual(server.networksAdvanced, [{ name: "shop-internal", aliases: ["shop-database"] }]);
    assert.deepEqual(backup.networksAdvanced, [{ name: "shop-internal" }]);
    assert.equal("ports" in server, false);
  });

  it("writes to its volume and to memory, and has its password in a file", () => {
    assert.equal(server["readOnly"], true);
    assert.deepEqual(Object.keys(server["tmpfs"] as object), ["/tmp", "/var/run/postgresql"]);
    assert.deepEqual(server.mounts, [
      { type: "volume", target: "/run/secrets/password", source: "shop-database-secrets-password", readOnly: true },
      { type: "volume", target: "/var/lib/postgresql/data", source: "shop-database-data" },
    ]);
    assert.deepEqual(server.envs, [
      "POSTGRES_DB=app",
      "POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256 --data-checksums",
      "POSTGRES_PASSWORD_FILE=/run/secrets/password/value",
      "POSTGRES_USER=app",
    ]);
    assert.ok(isSecret(fileNamed(plan, "password/value")));
  });

  it("is tuned to its memory, and has as much shared memory as buffers", () => {
    for (const parameter of [
      ...["shared_buffers=512MB", "effective_cache_size=1536MB", "maintenance_work_mem=128MB", "work_mem=5242kB"],
      "random_page_cost=1.1",
    ]) {
      assert.ok(server.command?.includes(parameter), parameter);
    }
    assert.equal(server["shmSize"], 512);
    assert.equal(server["memory"], 2048);
  });

  it("stops fast and clean, and has a minute for it", () => {
    assert.equal(server["stopSignal"], "SIGINT");
    assert.equal(server["stopTimeout"], 60);
    assert.equal(server["destroyGraceSeconds"], 60);
  });

  it("is healthy once it has the stack's password and listens over TCP: during its initialisation it does not", () => {
    const [kind, test] = server.healthcheck.tests;
    assert.equal(kind, "CMD-SHELL");
    assert.match(test!, /^test -e \S+ && pg_isready .*-h 127\.0\.0\.1 -U app -d app$/);
  });

  it("starts by the image's entrypoint, and tells the server its password over the socket, written to no log", () => {
    const [shell, flag, script, ...rest] = server.command!;
    assert.deepEqual([shell, flag, rest[0], rest[1]], ["bash", "-c", "postgres", "-c"]);
    assert.match(script!, /\(watch &\)\nexec docker-entrypoint\.sh postgres "\$@"$/);
    assert.match(script!, /-h \/var\/run\/postgresql/);
    assert.match(
      script!,
      /set log_statement = 'none';\nset log_min_duration_statement = -1;\nset log_min_error_statement = 'panic';/,
    );
  });

  it("dumps at the minute that was asked for, and keeps the dumps as long", () => {
    for (const variable of ["BACKUP_AT=03:05", "BACKUP_KEEP_DAYS=7", "PGHOST=shop-database"]) {
      assert.ok(backup.envs?.includes(variable), variable);
    }
    assert.deepEqual(backup.mounts[0], {
      type: "volume",
      target: "/var/lib/postgresql/data",
      source: "shop-database-backups",
    });
  });

  it("runs the script of this repository, anew when it changes, and asks it whether the newest dump is recent", () => {
    const script = readFileSync(join(__dirname, "../../../../components/database/docker/dump.sh"), "utf8");
    assert.equal(fileNamed(plan, "backup.sh"), script);
    assert.deepEqual(backup.entrypoints, ["bash", "/etc/slipway/backup.sh"]);
    assert.deepEqual(backup.healthcheck.tests, ["CMD", "bash", "/etc/slipway/backup.sh", "healthy"]);
    assert.ok(labelNames(backup).includes("app.slipway.configuration"));
    const { dependencies } = container(plan, "shop-database-backup").resource;
    assert.ok(dependencies.some((urn) => urn.endsWith("::shop-database-server")));
  });

  it("does not wait for the first dump: of a large database it takes its time", () => {
    assert.equal(backup["wait"], false);
    assert.equal(server["wait"], true);
  });

  it("gives the application an address without a password, and the password as a reference", () => {
    const { environment } = plan.outputs as unknown as { environment: Record<string, unknown> };
    assert.equal(environment["DATABASE_URL"], "postgres://app@shop-database:5432/app");
    assert.equal(environment["DATABASE_TLS"], "disable");
    const { store, volume } = environment["DATABASE_PASSWORD"] as { store: string; volume: string };
    assert.deepEqual([store, volume], ["docker-volume", "shop-database-secrets-password"]);
  });

  it("says how to restore", () => {
    assert.match(plan.outputs["restore"] as string, /docker exec shop-database-backup pg_restore --clean --if-exists/);
  });

  it("calls database and owner as asked, and lets each container be changed before it is made", async () => {
    const other = await create({
      databaseName: "logbook",
      transform: { server: { hostname: "a" }, backup: { hostname: "b" } },
    });
    const { inputs } = container(other, "shop-database-server");
    assert.ok(inputs.envs?.includes("POSTGRES_DB=logbook"));
    assert.equal(inputs["hostname"], "a");
    assert.equal(container(other, "shop-database-backup").inputs["hostname"], "b");
  });
});
