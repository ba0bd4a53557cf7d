import { strict as assert } from "node:assert";
import { join } from "node:path";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import { warningsOf } from "../../../stacks/settings/warnings";
import { container } from "../../components/docker-mocks";
import { planOf } from "../../parity/targets";

const site = { target: "docker", domain: "shop.example.com", image: "ghcr.io/acme/shop:1.4.2" };
const keys = { BACKUP_ACCESS_KEY_ID: "id-hunter2", BACKUP_SECRET_ACCESS_KEY: "key-hunter2" };
const bucket = { backupBucket: "s3://acme-backups/shop" };

function refused(more: object): string[] {
  try {
    resolveSettings("test", { ...site, ...more }, {});
    return [];
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems.map(({ key }) => key);
  }
}
const warned = (more: object) =>
  warningsOf(resolveSettings("test", { ...site, ...more }, {})).filter((text) => /backup/.test(text));

describe("backups of one Docker host", () => {
  it("production says where they go, or that they may be lost with the host", () => {
    assert.deepEqual(refused({}), ["slipway:docker.backupBucket"]);
    assert.deepEqual(refused({ docker: { backupsOnThisHostOnly: false } }), ["slipway:docker.backupBucket"]);
    assert.deepEqual(refused({ docker: { backupsOnThisHostOnly: true } }), []);
    assert.deepEqual(refused({ docker: bucket, secrets: keys }), []);
    assert.deepEqual(refused({ preset: "staging" }), []);
    assert.deepEqual(refused({ database: { implementation: "none" } }), []);
  });

  it("a bucket needs its keys, and what describes it needs a bucket", () => {
    assert.deepEqual(refused({ docker: bucket }), [
      "slipway:secrets.BACKUP_ACCESS_KEY_ID",
      "slipway:secrets.BACKUP_SECRET_ACCESS_KEY",
    ]);
    assert.deepEqual(refused({ preset: "staging", docker: { backupRegion: "eu-central-1" } }), [
      "slipway:docker.backupRegion",
    ]);
    assert.deepEqual(refused({ preset: "development", docker: { recoveryPointSeconds: 30 } }), [
      "slipway:docker.recoveryPointSeconds",
    ]);
    assert.deepEqual(refused({ preset: "staging", docker: { recoveryPointSeconds: 30 } }), []);
    assert.deepEqual(refused({ docker: { ...bucket, backupAuthority: "/not/there" }, secrets: keys }), [
      "slipway:docker.backupAuthority",
    ]);
    assert.deepEqual(refused({ docker: bucket, secrets: keys, database: { implementation: "none" } }), [
      "slipway:docker.backupBucket",
    ]);
  });

  it("any second is restorable where the preset or a bucket says so; development dumps once a day and builds nothing", async () => {
    const asked = async (more: Parameters<typeof planOf>[1]) => {
      const { resources } = await planOf("docker", more);
      const image = resources.find(({ inputs }) => inputs["build"] !== undefined)?.inputs["build"];
      assert.equal(image === undefined, !resources.some(({ name }) => name === "slipway-test-database-spool"));
      return image;
    };
    const build = { context: "components/database/docker/image", dockerfile: "Dockerfile", useLegacyBuilder: true };
    assert.deepEqual(await asked({ preset: "production", docker: { backupsOnThisHostOnly: true } }), {
      ...build,
      buildArgs: { BASE: "postgres:17.6" },
    });
    assert.deepEqual(await asked({ preset: "staging", database: { version: "16" } }), {
      ...build,
      buildArgs: { BASE: "postgres:16.10" },
    });
    assert.equal(await asked({ preset: "staging", docker: { pointInTimeRecovery: false } }), undefined);
    assert.equal(await asked({ preset: "development" }), undefined);
    assert.ok(await asked({ preset: "development", docker: { pointInTimeRecovery: true } }));
    assert.ok(await asked({ preset: "development", docker: bucket, secrets: keys }));
  });

  it("without it, an application's own secrets of these names stay its own", async () => {
    const plan = await planOf("docker", { preset: "development", secrets: { BACKUP_KEY: "key-hunter2" } });
    assert.match(JSON.stringify(container(plan, "slipway-test-app-1").inputs.envs), /BACKUP_KEY/);
  });

  it("every preview without a bucket says so, and of uploads that nothing backs up", () => {
    assert.match(warned({ docker: { backupsOnThisHostOnly: true } }).join(), /on this host alone/);
    assert.match(warned({ preset: "development" }).join(), /on this host alone/);
    assert.deepEqual(warned({ docker: bucket, secrets: keys }), []);
    const uploads = { database: { implementation: "none" }, storage: { implementation: "volume" } };
    assert.match(warned(uploads).join(), /uploads have no backup/);
  });

  it("the keys of the bucket reach the backup container as files, and the application not at all", async () => {
    const plan = await planOf("docker", {
      docker: { ...bucket, backupAuthority: join(__dirname, "../../../package.json") },
      secrets: keys,
      storage: { implementation: "volume" },
    });
    assert.ok(!JSON.stringify(plan).includes("hunter2"));
    const mounts = (name: string) => JSON.stringify(container(plan, name).inputs.mounts);
    assert.match(mounts("slipway-test-database-backup"), /backup-secret-access-key/);
    assert.match(mounts("slipway-test-database-backup"), /files\/keys\/encryption-key/);
    assert.match(mounts("slipway-test-database-backup"), /files\/uploads/);
    assert.doesNotMatch(mounts("slipway-test-app-1"), /backup/);
    assert.doesNotMatch(mounts("slipway-test-database-server"), /backup/);
    assert.ok(!JSON.stringify(container(plan, "slipway-test-app-1").inputs.envs).includes("BACKUP"));
  });
});
