import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Backups, Drill, Restored } from "../../tools/operate/data/contract";
import { projectDir } from "../project";
import { Bucket, bucketKeys, DataStack, until } from "./data-stack";
import { prepareImage, prepareSupporting } from "./images";
import { docker, run } from "./run";

/**
 * Backups on a real Docker engine: PostgreSQL, pgBackRest and a server with an S3 API that checks signatures, while rows are
 * written. The second stack has nothing but the bucket and its keys: the first one's host is lost.
 */
describe("data of one host, with writes going on", function () {
  this.timeout(15 * 60_000);
  const bucket = new Bucket();
  const app = `slipway-data-site-${process.pid}`;
  const key = "0123456789abcdef0123456789abcdef";
  let stack: DataStack;
  let settings: Record<string, unknown>;
  let uploadedAt: Date;

  before(async function () {
    const node = await prepareImage("node");
    const images = await prepareSupporting("postgres", "nginx", "haproxy", "prometheus", "alertmanager");
    if (node === undefined || images === undefined) {
      console.log("      skipped: no Docker engine");
      return this.skip();
    }
    try {
      await bucket.start(images.postgres);
    } catch (error) {
      console.log(`      skipped: no S3 server: ${(error as Error).message}`);
      return this.skip();
    }
    await site(node);
    settings = {
      ...{ image: `${app}:1`, images, cache: { implementation: "none" } },
      storage: { implementation: "volume" },
      database: { protect: false },
      service: { memoryMb: 256, drainSeconds: 2, graceSeconds: 20 },
      docker: {
        ...{ backupBucket: "s3://acme/shop", backupEndpoint: "https://s3.backups.test" },
        ...{ backupAuthority: bucket.authority, recoveryPointSeconds: 5 },
      },
      secrets: {
        ...{ BACKUP_KEY: key, BACKUP_ACCESS_KEY_ID: bucketKeys.id, BACKUP_SECRET_ACCESS_KEY: bucketKeys.secret },
      },
    };
    stack = new DataStack(`data-${process.pid}`, settings);
    // Of a size of their own, so that they can be full.
    for (const volume of ["backups", "spool"])
      await run(docker, [
        ...["volume", "create", "--driver", "local", "--opt", "type=tmpfs", "--opt", "device=tmpfs"],
        ...["--opt", "o=size=300m,uid=999,gid=999,mode=0700", `${stack.server}-${volume}`],
      ]);
    await stack.up();
    await stack.sql("create table entries (id bigint primary key, text text not null)");
    await bucket.join(stack.stack);
    await stack.backedUp();
  });

  after(async () => {
    await bucket.leave(stack?.stack);
    await stack?.remove();
    await bucket.stop();
    await run(docker, ["image", "rm", `${app}:1`]).catch(() => undefined);
  });

  async function site(node: string): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "slipway-data-site-"));
    writeFileSync(join(folder, "site.cjs"), readFileSync(join(projectDir, "test/host/site.cjs")));
    const lines = [
      `FROM ${node}`,
      "COPY site.cjs /site.cjs",
      "RUN echo > /migrate.js && install -d -o 1000 -g 1000 /data/uploads",
      'WORKDIR /\nCMD ["node", "/site.cjs"]',
    ];
    writeFileSync(join(folder, "Dockerfile"), lines.join("\n"));
    await run(docker, ["build", "--quiet", "--tag", `${app}:1`, folder]);
    rmSync(folder, { recursive: true });
  }

  const upload = (name: string, text: string) =>
    run(docker, [
      ...["run", "--rm", "--user", "0:0", "--network", "none", "--entrypoint", "bash"],
      ...["--volume", `slipway-${stack.stack}-uploads-data:/data`, `${app}:1`],
      ...["-c", `mkdir -p /data/uploads && printf '%s' '${text}' >/data/uploads/${name}`],
    ]);

  const drill = async (...options: readonly string[]): Promise<Drill & { code: number }> => {
    if (options.length === 0) {
      const { code, out, errors } = await stack.verb("drill");
      assert.match(out, /^\{/, errors);
      return { ...(JSON.parse(out) as Drill), code };
    }
    const out = await stack.inBackup("bash /etc/slipway/backup.sh drill 2>/dev/null; echo $?", ...options);
    const [result, code] = out.split("\n").slice(-2);
    return { ...(JSON.parse(result!) as Drill), code: Number(code) };
  };

  it("backs up into the volume and into the bucket, encrypted, with uploads and generated keys", async () => {
    await upload("before.txt", "in the whole copy");
    const writer = stack.write("entries");
    await writer.more(20);
    const { repositories } = await stack.verbJson<Backups>("backup");
    await writer.stop();
    assert.equal(writer.failures, 0);
    assert.deepEqual(
      repositories.map(({ where }) => where),
      ["this host", "s3://acme"],
    );
    for (const { backups } of repositories) assert.ok(backups.length >= 2, JSON.stringify(repositories));
    // openssl's header: what pgBackRest has encrypted.
    for (const file of bucket.files(/\.(gz|zst|info)$|bundle\/\d+$/))
      assert.equal(readFileSync(file).subarray(0, 8).toString("latin1"), "Salted__", file);
    await upload("after.txt", "in the copy of what has changed");
    uploadedAt = new Date();
    await until(30, "the copy of what has changed", () =>
      Promise.resolve(bucket.files(/files\/\d+\/[1-9]\d*\.tar\.gz$/).length > 0),
    );
  });

  it("restores to a second: beside the live database, then in its place; what was live is kept", async () => {
    const writer = stack.write("entries");
    await writer.more(20);
    const at = new Date();
    await sleep(50);
    await writer.more(20);
    const lastThen = writer.last(at.getTime());
    await stack.sql("delete from entries where id % 2 = 0");
    const looked = await stack.verbJson<Restored>("restore", "--at", at.toISOString(), "--look");
    assert.equal(looked.before, undefined);
    const newest = Number(await stack.sql("select max(id) from entries", looked.copy));
    // One may have been on its way.
    assert.ok(newest === lastThen || newest === lastThen + 1, `row ${newest}, and ${lastThen} was the last then`);
    assert.equal(await stack.sql("select count(*) from entries", looked.copy), String(newest));
    assert.equal(looked.tables.find(({ name }) => name === "public.entries")?.restored, newest);

    const deleted = Number(await stack.sql("select max(id) from entries"));
    const { before } = await stack.verbJson<Restored>("restore", "--at", at.toISOString());
    const swapped = writer.last();
    await writer.more(5);
    await writer.stop();
    assert.equal(await stack.sql(`select count(*) from entries where id <= ${newest}`), String(newest));
    // What was acknowledged until the swap is in the one, what came after it in the other.
    const kept = new Set((await stack.sql("select id from entries", before)).split("\n").map(Number));
    const now = new Set((await stack.sql("select id from entries")).split("\n").map(Number));
    const lost = writer.acknowledged.filter(({ id }) => id > deleted && !kept.has(id) && !now.has(id));
    assert.deepEqual(lost, []);
    console.log(`      ${swapped} rows acknowledged, ${writer.failures} writes failed while two names were changed`);
    assert.ok(writer.failures < 60, `${writer.failures} writes failed`);
  });

  it("drill: restores from the bucket and finds every table the same, while rows are written", async () => {
    await stack.verbJson<Backups>("backup");
    const writer = stack.write("entries");
    await writer.more(10);
    const result = await drill();
    await writer.stop();
    assert.equal(result.ok, true, result.error);
    assert.equal(writer.failures, 0);
    assert.equal(result.where, "s3://acme");
    assert.ok(result.rows! > 20 && result.tables === 1, JSON.stringify(result));
    assert.ok(result.recoveryPointSeconds! <= 60, JSON.stringify(result));
    console.log(`      recovery point ${result.recoveryPointSeconds} s, recovery time ${result.recoverySeconds} s`);
    const { lastRestoredBackup } = await stack.verbJson<{ lastRestoredBackup?: string }>("status");
    assert.equal(lastRestoredBackup, result.at);
    const metrics = () =>
      stack.inBackup("exec 3<>/dev/tcp/127.0.0.1/9187; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3");
    await until(30, "the metric", async () =>
      (await metrics()).includes(`last_restored_timestamp_seconds ${Date.parse(result.at) / 1000}`),
    );
  });

  describe("a drill that must fail does", () => {
    const failing = async (wanted: RegExp, ...options: readonly string[]) => {
      const { ok, code, error } = await drill(...options);
      assert.equal(ok, false);
      assert.notEqual(code, 0);
      assert.match(error ?? "", wanted);
    };
    const secretWith = (secret: string, text: string) =>
      run(docker, [
        ...["run", "--rm", "--user", "0:0", "--network", "none", "--entrypoint", "bash"],
        ...["--volume", `slipway-${stack.stack}-secrets-${secret}:/secret`, `${app}:1`],
        ...["-c", `printf '%s' '${text}' >/secret/value`],
      ]);

    it("with another key", async () => {
      await secretWith("backup-key", "another-key-than-that-of-the-backups");
      await failing(/cannot be read, or not with this key|could not be restored/).finally(() =>
        secretWith("backup-key", key),
      );
    });

    it("with another key of the bucket", async () => {
      await secretWith("backup-secret-access-key", "not-the-secret-of-the-bucket");
      await failing(/cannot be read, or not with this key/).finally(() =>
        secretWith("backup-secret-access-key", bucketKeys.secret),
      );
    });

    it("from an empty repository", async () => {
      const [away, there] = [join(bucket.folder, "away"), bucket.repository];
      renameSync(there, away);
      try {
        await failing(/cannot be read, or not with this key|^empty/);
      } finally {
        if (existsSync(there)) rmSync(there, { recursive: true });
        renameSync(away, there);
      }
    });

    it("from a truncated backup", async () => {
      const [file] = bucket.files(/backup\/main\/.*bundle\/\d+$/).slice(-1);
      const whole = readFileSync(file!);
      truncateSync(file!, Math.floor(whole.length / 2));
      try {
        await failing(/could not be restored|did not start/);
      } finally {
        writeFileSync(file!, whole);
      }
    });

    it("when the newest base backup is of the day before yesterday", async () => {
      await stack.inBackup(`echo 'date() { command date -d "+30 hours" "$@"; }' >/tmp/ahead`);
      await failing(/^stale: .* older than 26 hours/, "--env", "BASH_ENV=/tmp/ahead");
    });

    it("when the log is not archived", async () => {
      const signal = (name: string) =>
        stack.inBackup(
          `for p in /proc/[0-9]*; do [ "$(tr '\\0' ' ' <$p/cmdline 2>/dev/null)" != 'bash /etc/slipway/backup.sh ' ] || kill -${name} \${p#/proc/}; done`,
        );
      await signal("STOP");
      await failing(/^stale: .* is archived nowhere/).finally(() => signal("CONT"));
    });

    it("and passes again", async () => {
      const { ok, error } = await drill();
      assert.equal(ok, true, error);
    });
  });

  /** By a container of its own: what is in memory counts for the one that wrote it. */
  const fill = (volume: string, megabytes: number) =>
    run(docker, [
      ...["run", "--rm", "--user", "0:0", "--network", "none", "--entrypoint", "bash"],
      ...["--volume", `${stack.server}-${volume}:/volume`, `${app}:1`],
      ...["-c", `dd if=/dev/zero of=/volume/full bs=1M count=${megabytes} 2>/dev/null; true`],
    ]);

  it("a full disk of backups stops neither the database nor the bucket; what waits is archived afterwards", async () => {
    const writer = stack.write("entries");
    await fill("backups", 400);
    await writer.more(20);
    await until(60, "the log waits", async () => (await waiting()) > 0);
    await writer.more(20);
    await stack.inBackup("rm /var/lib/slipway/backups/full");
    await until(90, "the log is archived", async () => (await waiting()) === 0);
    await writer.stop();
    assert.equal(writer.failures, 0);
    const { ok, error } = await drill();
    assert.equal(ok, true, error);
  });

  it("a full disk of everything but the data: the log is given up, writes go on, and a new base backup follows", async () => {
    const writer = stack.write("entries");
    const [spool, backups] = ["/var/lib/postgresql", "/var/lib/slipway/backups"];
    await fill("backups", 400);
    await fill("spool", 220);
    const said = () => run("sh", ["-c", `${docker} logs ${stack.backup} 2>&1`]);
    await until(120, "given up", async () => (await said()).includes("is given up"));
    await writer.more(20);
    const before = (await said()).match(/base backup to s3/g)?.length ?? 0;
    await stack.inBackup(`rm ${spool}/full ${backups}/full`);
    await until(120, "a new base backup", async () => (await said()).match(/base backup to s3/g)!.length > before);
    await writer.stop();
    assert.equal(writer.failures, 0);
    await until(30, "the gap is closed", async () =>
      stack.inBackup("test ! -e /var/lib/slipway/scratch/gap").then(() => true),
    );
    const { ok, error } = await drill();
    assert.equal(ok, true, error);
  });

  const waiting = async () =>
    (JSON.parse(await stack.inBackup("bash /etc/slipway/backup.sh status")) as Backups).segmentsWaiting;

  it("the host is lost: another one has the database, uploads and keys from the bucket alone", async () => {
    const rows = await stack.sql("select count(*), sum(id) from entries");
    const generated = await stack.inBackup("cat /files/keys/encryption-key/value");
    const { archivedAt } = JSON.parse(await stack.inBackup("bash /etc/slipway/backup.sh status")) as Backups;
    assert.ok(archivedAt);
    await stack.sql("select pg_switch_wal()");
    await sleep(3000);
    const at = new Date();
    await bucket.leave(stack.stack);
    await stack.remove();

    stack = new DataStack(`new-${process.pid}`, settings);
    await stack.up();
    await bucket.join(stack.stack);
    await until(60, "the refusal", async () =>
      /belongs to another database server/.test(await run("sh", ["-c", `${docker} logs ${stack.backup} 2>&1`])),
    );
    await until(60, "adopted", () =>
      stack.inBackup("bash /etc/slipway/backup.sh adopt").then(
        () => true,
        () => false,
      ),
    );
    await stack.backedUp();
    await stack.verbJson<Restored>("restore", "--at", at.toISOString());
    assert.equal(await stack.sql("select count(*), sum(id) from entries"), rows);

    const files = join(stack.folder, "files");
    execFileSync("bash", [
      "-c",
      `mkdir ${files} && ${docker} exec ${stack.backup} bash /etc/slipway/backup.sh files "$1" | tar -x -C ${files}`,
      ...["bash", new Date(Math.max(at.getTime(), uploadedAt.getTime())).toISOString()],
    ]);
    assert.equal(readFileSync(join(files, "uploads/uploads/before.txt"), "utf8"), "in the whole copy");
    assert.equal(readFileSync(join(files, "uploads/uploads/after.txt"), "utf8"), "in the copy of what has changed");
    assert.equal(readFileSync(join(files, "keys/encryption-key/value"), "utf8"), generated);
  });
});
