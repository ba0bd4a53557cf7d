import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { until } from "./data-stack";
import { Authors } from "./authors";
import { freePort } from "../engine/workspace";
import { linkProject } from "../project";
import { prepareImages } from "./images";
import { docker, removeStack, run } from "./run";
import { Visitor, visits } from "./visitor";

/**
 * What breaks on one host, while visitors come and entries are written: the demo application, its database and cache. An entry is
 * acknowledged when the visitor is sent to its page; whatever is acknowledged and not in the database was lost.
 *
 * In an engine of its own, as it restarts the daemon and fills disks: test/bed/engine/run.sh npx mocha test/host/faults.host.test.ts
 */
describe("faults on one host, under load", function () {
  this.timeout(10 * 60_000);
  const stack = `faults-${process.pid}`;
  const name = `slipway-${stack}`;
  const folder = mkdtempSync(join(tmpdir(), "slipway-faults-"));
  const daemon = process.env["SLIPWAY_TEST_ENGINE"];
  const address = "10.255.254.1";
  const disks: string[] = [];
  let authors: Authors;
  let ada: Visitor;

  before(async function () {
    const prepared = daemon === undefined ? undefined : await prepareImages();
    if (prepared === undefined) {
      console.log("      skipped: this needs an engine of its own, test/bed/engine/run.sh");
      return this.skip();
    }
    const port = await freePort();
    await disk("data", 400);
    await disk("backups", 24);
    const settings = {
      ...{ target: "docker", preset: "development", domain: "localhost", image: prepared.app, images: prepared.images },
      network: {
        ...{ bindAddress: "0.0.0.0", httpPort: await freePort(), httpsPort: port, monitoringPort: await freePort() },
      },
      service: { migration: ["node", "migrate.js", "--seed"], drainSeconds: 2, graceSeconds: 20 },
    };
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`slipway:${key}`, value]));
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
    linkProject(folder);
    const environment = { ...process.env, PATH: `${join(__dirname, "engine")}${delimiter}${process.env["PATH"]}` };
    await run("pulumi", ["up", "--stack", stack], { cwd: folder, env: environment });
    ada = new Visitor(port, address);
    await until(90, "somebody is signed in", () => ada.signIn("ada@example.com").then(() => true));
    authors = await Authors.signedIn(18, () => new Visitor(port, address));
  });

  after(async () => {
    await authors?.stop();
    if (daemon !== undefined) await removeStack(stack);
    for (const device of disks) await run("losetup", ["--detach", device]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  /** A file system of its own size for a volume of the database. */
  async function disk(volume: string, megabytes: number): Promise<void> {
    const [file, mount] = [join(folder, volume), join(folder, `${volume}-mount`)];
    const script = `truncate -s ${megabytes}M ${file} && mkfs.ext4 -q -E root_owner=999:999 ${file} && mkdir ${mount} &&
      mount -o loop ${file} ${mount} && rmdir ${mount}/lost+found && chmod 700 ${mount} && umount ${mount} && losetup --find --show ${file}`;
    const device = (await run("sh", ["-c", script])).trim();
    disks.push(device);
    const options = ["--opt", "type=ext4", "--opt", `device=${device}`];
    await run(docker, ["volume", "create", ...options, `${name}-database-${volume}`]);
  }

  const containers = async (component?: string) => {
    const label = component === undefined ? [] : ["--filter", `label=app.slipway.component=${component}`];
    const ids = await run(docker, ["ps", "-q", "--filter", `label=app.slipway.stack=${stack}`, ...label]);
    return ids.split("\n").filter(Boolean);
  };
  const inspected = (ids: readonly string[], format: string) => run(docker, ["inspect", "--format", format, ...ids]);

  /** As if the process had died: Docker starts it again, which it does not after `docker kill`. */
  async function die(ids: readonly string[]): Promise<void> {
    const pids = (await inspected(ids, "{{.State.Pid}}")).split("\n").map(Number);
    for (const pid of pids) process.kill(pid, "SIGKILL");
  }

  const everythingIsWell = async () => {
    const states = (await inspected(await containers(), "{{.Name}} {{.State.Health.Status}}")).split("\n");
    // The backup's container is asked once a minute.
    return states.length >= 8 && states.every((state) => / healthy$/.test(state) || state.includes("backup"));
  };

  const sql = (query: string) =>
    run(docker, ["exec", `${name}-database`, "psql", "-XAtq", "-U", "app", "-d", "app", "-c", query]);

  async function lost(): Promise<string[]> {
    const there = new Set((await sql("select slug from entries")).split("\n"));
    return authors.acknowledged.filter((slug) => !there.has(slug));
  }

  /** Until nothing has failed for five seconds after everything is well again. */
  async function during(what: string, fault: () => Promise<unknown>): Promise<{ failed: number; seconds: number }> {
    const load = visits(ada);
    authors.start();
    await sleep(3000);
    const [written, unwritten] = [authors.acknowledged.length, authors.failures.length];
    assert.deepEqual([load.failures, authors.failures.slice(unwritten)], [[], []], "before the fault");
    const began = Date.now();
    await fault();
    // Docker has to notice first.
    await sleep(1000);
    await until(180, `${what}: everything well again`, everythingIsWell);
    const well = Date.now();
    const last = () => Math.max(0, ...[...load.failures, ...authors.failures.slice(unwritten)].map(timeOf));
    await until(60, `${what}: no more failures`, () => Promise.resolve(Date.now() - Math.max(last(), well) > 5000));
    const { requests, failures } = await load.stop();
    await authors.pause();
    const seconds = last() === 0 ? 0 : Math.max(0, (last() - began) / 1000);
    const writes = authors.acknowledged.length - written;
    const failedWrites = authors.failures.length - unwritten;
    const gone = await lost();
    console.log(
      `      | ${what} | ${requests} | ${failures.length} | ${writes} | ${failedWrites} | ${gone.length} | ${seconds.toFixed(1)} | ${((well - began) / 1000).toFixed(1)} |`,
    );
    if (process.env["SLIPWAY_TEST_DEBUG"] !== undefined)
      console.log([...failures, ...authors.failures.slice(unwritten)].join("\n"));
    assert.deepEqual(gone, []);
    assert.ok(writes > 0, "nothing was written");
    return { failed: failures.length + failedWrites, seconds };
  }

  it("says what it measures", () => {
    console.log(
      "      | fault | requests | failed | writes acknowledged | not acknowledged | lost | last failure after s | all healthy after s |",
    );
  });

  it("one replica of two dies: only what it was answering fails", async () => {
    const [replica] = await containers(`${name}-app`);
    const { failed, seconds } = await during("a replica", () => die([replica!]));
    assert.ok(failed <= 6 && seconds < 3, `${failed} in ${seconds} s`);
  });

  for (const [component, most] of [
    ["cache", 5],
    ["router", 15],
    ["ingress", 15],
    ["database", 30],
    ["backup", 0.1],
    ["monitoring", 0.1],
  ] as const) {
    it(`${component} dies`, async () => {
      const { seconds } = await during(component, async () => die(await containers(component)));
      assert.ok(seconds < most, `${seconds} s`);
    });
  }

  it("everything dies at once", async () => {
    const { seconds } = await during("everything at once", async () => die(await containers()));
    assert.ok(seconds < 60, `${seconds} s`);
  });

  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    it(`Docker's daemon gets ${signal}, with live-restore: containers go on, new connections are refused for a moment`, async () => {
      const pid = () => Number(readFileSync(daemon!, "utf8"));
      const ids = await containers();
      const { failed } = await during(`the daemon, ${signal}`, async () => {
        const before = pid();
        process.kill(before, signal);
        await until(60, "another daemon", async () => pid() !== before && (await run(docker, ["info"])) !== "");
      });
      assert.deepEqual(await containers(), ids);
      // As it starts it writes its rules of the firewall anew, without which nobody reaches the published port.
      assert.ok(failed <= 40, String(failed));
    });
  }

  const fill = (container: string, path: string) =>
    run(docker, ["exec", container, "bash", "-c", `head -c 2G /dev/zero >${path} 2>/dev/null; true`]);
  /** The container may be down: from another one. */
  const free = (volume: string, file: string) =>
    run(docker, [
      ...["run", "--rm", "--network", "none", "--user", "999:999", "--entrypoint", "rm"],
      ...["--volume", `${name}-database-${volume}:/disk`, "slipway-bed/postgres:latest", "-f", `/disk/${file}`],
    ]);

  it("the disk of the backups is full: the site does not notice, and the next dump is whole", async () => {
    const backup = `${name}-database-backup`;
    const dump = () => run(docker, ["exec", backup, "bash", "/etc/slipway/backup.sh", "now"]);
    const { failed } = await during("full disk of the backups", async () => {
      await fill(backup, "/var/lib/postgresql/data/full");
      await assert.rejects(dump());
      assert.equal(await run(docker, ["exec", backup, "bash", "-c", "ls $BACKUP_FOLDER/*.part 2>/dev/null; true"]), "");
      await free("backups", "full");
      assert.match(await dump(), /dumped to/);
    });
    assert.equal(failed, 0);
  });

  it("the disk of the data is full for 20 s: writes fail, none is lost, and they go on by themselves", async () => {
    const { seconds } = await during("full disk of the data", async () => {
      await fill(`${name}-database`, "/var/lib/postgresql/data/full");
      const failures = authors.failures.length;
      // Segments of the log that were made before still take writes: until there is none.
      await until(60, "a write that fails", async () => {
        for (let time = 0; time < 4; time += 1)
          await sql("select pg_logical_emit_message(true, 'full', 'x'); select pg_switch_wal()").catch(() => undefined);
        return authors.failures.length > failures;
      });
      await sleep(20_000);
      await free("data", "full");
    });
    assert.ok(seconds < 90, `${seconds} s`);
  });
});

const timeOf = (failure: string) => Date.parse(/at (\S+)$/.exec(failure)![1]!);
