import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DockerPostgres,
  type DockerPostgresArgs,
  type PointInTimeArgs,
} from "../../../../components/database/docker/postgres";
import { isSecret, type Plan } from "../../../../tools/plan/plan";
import { record } from "../../../record";
import { type ContainerInputs, container, fileNamed, labelNames, volumeType, postgresArgs } from "../../docker-mocks";

describe("DockerPostgres with point-in-time recovery", () => {
  const create = (pointInTime: Partial<PointInTimeArgs> = {}, more: Partial<DockerPostgresArgs> = {}) =>
    record(() => {
      const { environment, restore } = new DockerPostgres("shop-database", {
        ...postgresArgs,
        pointInTime: { image: "backup:built", ...pointInTime },
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

  it("takes over the volumes, password and server of a stack with daily dumps", async () => {
    const dumps = await create({}, { pointInTime: undefined });
    const kept = ({ type, name }: { type: string; name: string }) =>
      type === volumeType || type.startsWith("random:") || name === "shop-database-server";
    for (const { urn, type, inputs, options } of dumps.resources.filter(kept)) {
      const same = plan.resources.find((resource) => resource.urn === urn);
      assert.ok(same, urn);
      if (type !== volumeType) continue;
      assert.deepEqual(same.inputs, inputs);
      assert.deepEqual(same.options, options);
    }
  });

  it("is reached on the internal network alone", () => {
    assert.deepEqual(server.networksAdvanced, [{ name: "shop-internal", aliases: ["shop-database"] }]);
    assert.deepEqual(backup.networksAdvanced, [{ name: "shop-internal", aliases: ["shop-database-backup"] }]);
    assert.equal("ports" in server, false);
  });

  it("leaves its log in the spool, which is on the disk", () => {
    assert.equal(server["readOnly"], true);
    assert.deepEqual(Object.keys(server["tmpfs"] as object), ["/tmp", "/var/run/postgresql"]);
    assert.deepEqual(server.mounts, [
      { type: "volume", target: "/run/secrets/password", source: "shop-database-secrets-password", readOnly: true },
      { type: "volume", target: "/var/lib/postgresql", source: "shop-database-spool" },
      { type: "volume", target: "/var/lib/postgresql/data", source: "shop-database-data" },
    ]);
  });

  const variables = ({ envs = [] }: ContainerInputs) =>
    Object.fromEntries(envs.map((line) => (line as string).split(/=(.*)/s).slice(0, 2) as [string, string]));

  it("archives what is on the disk, at least each minute, and pgBackRest finds its name in the command", () => {
    const command = server.command?.find((parameter) => parameter.startsWith("archive_command="));
    assert.match(command ?? "", /cp %p .*\/\.%f && sync .* && mv .*pgbackrest-spool\/%f && sync/);
    assert.ok(server.command?.includes("archive_mode=on"));
    assert.ok(server.command?.includes("archive_timeout=60"));
  });

  it("backs up at the minute that was asked for, encrypted, and keeps it as long", () => {
    const { BACKUP_AT, BACKUP_KEEP_DAYS, PGHOST, ...more } = variables(backup);
    assert.deepEqual([BACKUP_AT, BACKUP_KEEP_DAYS, PGHOST], ["03:05", "7", "shop-database"]);
    assert.equal(more["PGBACKREST_REPO1_CIPHER_TYPE"], "aes-256-cbc");
    assert.equal(more["PGBACKREST_REPO1_RETENTION_FULL"], "7");
    assert.equal(more["PGBACKREST_REPO1_RETENTION_FULL_TYPE"], "time");
    assert.deepEqual(
      Object.keys(more).filter((name) => name.includes("REPO2")),
      [],
    );
  });

  it("reads the data, and has the keys in files that the server does not get", () => {
    assert.deepEqual(backup.mounts, [
      { type: "volume", target: "/var/lib/slipway/backups", source: "shop-database-backups" },
      { type: "volume", target: "/var/lib/slipway/scratch", source: "shop-database-scratch" },
      { type: "volume", target: "/var/lib/postgresql", source: "shop-database-spool" },
      { type: "volume", target: "/var/lib/postgresql/data", source: "shop-database-data", readOnly: true },
      { type: "volume", target: "/etc/slipway", source: "shop-database-backup-files-script", readOnly: true },
      { type: "volume", target: "/run/secrets/password", source: "shop-database-secrets-password", readOnly: true },
      {
        ...{ type: "volume", target: "/run/secrets/backup-key" },
        ...{ source: "shop-database-backup-secrets-backup-key", readOnly: true },
      },
    ]);
    assert.ok(isSecret(fileNamed(plan, "backup-key/value")));
  });

  it("with a bucket: a second repository there, egress of the backup container alone, its keys in files", async () => {
    const key = (volume: string) => ({ store: "docker-volume", volume, file: "value" }) as const;
    const other = await create({
      bucket: {
        ...{ destination: "s3://acme/shop", endpoint: "https://minio.example.com:9000", certificateAuthority: "PEM" },
        ...{ accessKeyId: key("id"), secretAccessKey: key("secret") },
      },
      uploads: "shop-uploads-data",
      keys: { ENCRYPTION_KEY: key("encryption") },
    });
    const { inputs } = container(other, "shop-database-backup");
    const options = Object.entries(variables(inputs)).filter(([name]) => name.startsWith("PGBACKREST_REPO2"));
    assert.deepEqual(
      Object.fromEntries(options.map(([name, value]) => [name.replace("PGBACKREST_REPO2_", ""), value])),
      {
        ...{ TYPE: "s3", PATH: "/shop", S3_BUCKET: "acme", S3_ENDPOINT: "minio.example.com", S3_REGION: "us-east-1" },
        ...{ S3_URI_STYLE: "path", STORAGE_PORT: "9000", STORAGE_CA_FILE: "/etc/slipway/ca.pem", BUNDLE: "y" },
        ...{ CIPHER_TYPE: "aes-256-cbc", RETENTION_FULL: "7", RETENTION_FULL_TYPE: "time" },
      },
    );
    assert.equal(inputs.networksAdvanced.length, 2);
    assert.equal(container(other, "shop-database-server").inputs.networksAdvanced.length, 1);
    const mounted = inputs.mounts as readonly { target: string; source: string; readOnly?: boolean }[];
    for (const [target, source] of [
      ["/run/secrets/backup-access-key-id", "id"],
      ["/run/secrets/backup-secret-access-key", "secret"],
      ["/files/uploads", "shop-uploads-data"],
      ["/files/keys/encryption-key", "encryption"],
    ])
      assert.ok(
        mounted.some((mount) => mount.target === target && mount.source === source && mount.readOnly),
        target,
      );
  });

  it("runs the scripts of this repository, anew when they change", () => {
    const scripts = join(__dirname, "../../../../components/database/docker/scripts");
    for (const script of readdirSync(scripts))
      assert.equal(fileNamed(plan, script), readFileSync(join(scripts, script), "utf8"));
    assert.deepEqual(backup.entrypoints, ["bash", "/etc/slipway/backup.sh"]);
    assert.deepEqual(backup.healthcheck.tests, ["CMD", "bash", "/etc/slipway/backup.sh", "healthy"]);
    assert.ok(labelNames(backup).includes("app.slipway.configuration"));
    const { dependencies } = container(plan, "shop-database-backup").resource;
    assert.ok(dependencies.some((urn) => urn.endsWith("::shop-database-server")));
  });

  it("does not wait for the first backup: of a large database it takes its time", () => {
    assert.equal(backup["wait"], false);
    assert.equal(server["wait"], true);
  });

  it("says how to restore", () => {
    assert.match(plan.outputs["restore"] as string, /^slipway restore test --at TIME/);
  });
});
