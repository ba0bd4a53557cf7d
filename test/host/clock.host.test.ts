import { strict as assert } from "node:assert";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { freePort } from "../engine/workspace";
import { linkProject } from "../project";
import { Authors } from "./authors";
import { until } from "./data-stack";
import { clockLibrary } from "./engine/clock";
import { prepareImages } from "./images";
import { docker, removeStack, run } from "./run";
import { Visitor, visits } from "./visitor";

/** Debian's `libfaketime`. */
const library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/**
 * The host's clock jumps, as after a suspend or a repair by hand: for replicas, PostgreSQL and its backups, and nginx at once, by
 * libfaketime, since the clock of containers is the machine's. The clock that only counts goes on, as it would. HAProxy does not
 * start under that library and stays as it is; so do Valkey and Prometheus, with which it was not tried.
 */
describe("a jump of the clock on one host, under load", function () {
  this.timeout(10 * 60_000);
  const stack = `clock-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), "slipway-clock-"));
  const clock = join(folder, "clock");
  let started = false;
  let ada: Visitor;
  let authors: Authors;

  const jump = (seconds: number) => writeFileSync(join(clock, "now"), `${seconds < 0 ? "" : "+"}${seconds}\n`);

  before(async function () {
    const prepared = existsSync(library) ? await prepareImages() : undefined;
    if (prepared === undefined) {
      console.log("      skipped: this needs a Docker engine and libfaketime");
      return this.skip();
    }
    mkdirSync(clock);
    copyFileSync(library, join(clock, clockLibrary));
    jump(0);
    const port = await freePort();
    const settings = {
      ...{ target: "docker", preset: "development", domain: "localhost", image: prepared.app, images: prepared.images },
      network: { httpPort: await freePort(), httpsPort: port, monitoringPort: await freePort() },
      service: { migration: ["node", "migrate.js", "--seed"], drainSeconds: 2, graceSeconds: 20 },
    };
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`slipway:${key}`, value]));
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
    linkProject(folder);
    started = true;
    const path = `${join(__dirname, "engine")}${delimiter}${process.env["PATH"]}`;
    const environment = { ...process.env, PATH: path, SLIPWAY_TEST_CLOCK: clock };
    await run("pulumi", ["up", "--stack", stack], { cwd: folder, env: environment });
    ada = new Visitor(port);
    await until(90, "somebody is signed in", () => ada.signIn("ada@example.com").then(() => true));
    authors = await Authors.signedIn(6, () => new Visitor(port));
  });

  after(async () => {
    await authors?.stop();
    if (started) await removeStack(stack);
    rmSync(folder, { recursive: true, force: true });
  });

  const sql = (query: string) =>
    run(docker, ["exec", `slipway-${stack}-database`, "psql", "-XAtq", "-U", "app", "-d", "app", "-c", query]);

  /** Seconds by which the clocks of replicas and database are away from this machine's. */
  async function away(): Promise<number[]> {
    const label = ["--filter", `label=app.slipway.component=slipway-${stack}-app`];
    const ids = (await run(docker, ["ps", "-q", ...label])).split("\n");
    const times = await Promise.all([
      ...ids.map((id) => run(docker, ["exec", id, "node", "-p", "Date.now() / 1000"])),
      sql("select extract(epoch from clock_timestamp())"),
    ]);
    return times.map((time) => Math.round((Number(time) - Date.now() / 1000) / 10) * 10);
  }

  for (const [what, seconds] of [
    ["an hour forward", 3600],
    ["back to what it was", 0],
    ["an hour back", -3600],
    ["forward to what it was", 0],
  ] as const) {
    it(`${what}: nobody notices, and no write is lost`, async () => {
      const load = visits(ada);
      authors.start();
      await sleep(3000);
      const [written, failed] = [authors.acknowledged.length, authors.failures.length];
      jump(seconds);
      await until(20, "all clocks have jumped", async () => (await away()).every((by) => by === seconds));
      await sleep(12_000);
      const { requests, failures } = await load.stop();
      await authors.pause();
      const there = new Set((await sql("select slug from entries")).split("\n"));
      const lost = authors.acknowledged.filter((slug) => !there.has(slug));
      const writes = authors.acknowledged.length - written;
      const failedWrites = authors.failures.slice(failed);
      console.log(
        `      | clock: ${what} | ${requests} | ${failures.length} | ${writes} | ${failedWrites.length} | ${lost.length} |`,
      );
      assert.deepEqual([failures, failedWrites, lost], [[], [], []]);
      assert.ok(writes > 5, `${writes} writes`);
      // Cached pages take up what was written, whatever the time says of either.
      const newest = await sql("select title from entries order by published_at desc limit 1");
      await until(15, `"${newest}" on the page`, async () => (await ada.ask("/")).body.includes(newest));
      const page = await ada.ask(`/entries/${authors.acknowledged.at(-1)}`);
      assert.equal(page.status, 200);
    });
  }
});
