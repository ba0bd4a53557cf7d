import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import type { Receipt } from "../../tools/plan/receipt";
import { freePort } from "../engine/workspace";
import { linkProject, projectDir } from "../project";
import { prepareImages } from "./images";
import { docker, removeStack, run } from "./run";

/** What a migration does: a change of the schema and a row, in one transaction, over the network as the application reaches it. */
const script = `
  const { Client } = require("pg");
  const { readFileSync } = require("fs");
  const url = new URL(process.env.DATABASE_URL);
  url.password = readFileSync(process.env.DATABASE_PASSWORD_FILE, "utf8").trim();
  const client = new Client({ connectionString: url.href });
  (async () => {
    await client.connect();
    await client.query("begin");
    await client.query("create table if not exists migrated (build text)");
    await client.query("alter table migrated add column \\"" + process.env.BUILD + "\\" text");
    await client.query("insert into migrated (build) values ($1)", [process.env.BUILD]);
    if (process.env.FAILS) throw new Error("the migration of wrong is wrong, with password " + url.password);
    await client.query("commit");
    await client.end();
  })().catch((error) => { console.error(error.message); process.exit(4); });`;

/** A migration that can run once alone: its column would be there the second time. */
describe("the migration of a release, with two replicas", function () {
  this.timeout(10 * 60_000);
  const stack = `mig-${process.pid}`;
  const app = `slipway-migration-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), "slipway-migration-"));
  const environment = { ...process.env, PATH: `${join(__dirname, "engine")}${delimiter}${process.env["PATH"]}` };
  const command = (program: string, ...args: readonly string[]) =>
    run(program, args, { cwd: folder, env: environment });

  before(async function () {
    const prepared = await prepareImages();
    if (prepared === undefined) {
      console.log("      skipped: no Docker engine");
      return this.skip();
    }
    for (const [tag, more] of [
      ["first", ""],
      ["second", ""],
      ["wrong", "ENV FAILS=1\n"],
    ] as const) {
      writeFileSync(join(folder, "Dockerfile"), `FROM ${prepared.app}\nENV BUILD=${tag}\n${more}`);
      await run(docker, ["build", "--quiet", "--tag", `${app}:${tag}`, folder]);
    }
    const settings = {
      ...{ target: "docker", preset: "development", domain: "localhost", image: `${app}:first` },
      images: prepared.images,
      network: { httpPort: await freePort(), httpsPort: await freePort(), monitoringPort: await freePort() },
      cache: { implementation: "none" },
      service: { migration: ["node", "-e", script], drainSeconds: 1, graceSeconds: 10 },
      release: { strategy: "blue-green", bakeMinutes: 1 },
    };
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`slipway:${key}`, value]));
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
    linkProject(folder);
    await command("pulumi", "up", "--stack", stack);
  });

  after(async () => {
    await removeStack(stack);
    for (const tag of ["first", "second", "wrong"])
      await run(docker, ["image", "rm", `${app}:${tag}`]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  const migrated = () =>
    run(docker, [
      ...["exec", `slipway-${stack}-database`, "psql", "-XAtq", "-U", "app", "-d", "app"],
      ...["-c", "select string_agg(build, ' ') from migrated"],
    ]);
  const release = async (tag: string): Promise<{ receipt: Receipt; failed: boolean }> => {
    const args = ["release", stack, "--cwd", folder, "--image", `${app}:${tag}`];
    const quick = ["--minimum-requests", "0", "--bake-seconds", "5", "--json"];
    let failed = false;
    const out = await command(process.execPath, join(projectDir, "tools/slipway.cjs"), ...args, ...quick).catch(
      (error: Error) => {
        failed = true;
        return error.message;
      },
    );
    return { receipt: JSON.parse(out.slice(out.indexOf('{"version"'))) as Receipt, failed };
  };

  it("runs once in the first pulumi up", async () => {
    assert.equal(await migrated(), "first");
  });

  it("runs once in a release, and no second time in the pulumi up that ends it, nor in the next", async () => {
    const { receipt, failed } = await release("second");
    assert.equal(failed, false, receipt.reason);
    assert.equal(receipt.migration?.exitCode, 0);
    assert.equal(await migrated(), "first second");
    await command("pulumi", "up", "--stack", stack);
    assert.equal(await migrated(), "first second");
    const replicas = await run(docker, ["ps", "-q", "--filter", `label=app.slipway.component=slipway-${stack}-app`]);
    assert.equal(replicas.split("\n").length, 2);
  });

  it("that fails refuses the release: rolled back, said without the password in its log, and the previous release serves", async () => {
    const { receipt, failed } = await release("wrong");
    assert.equal(failed, true);
    assert.equal(receipt.outcome, "refused");
    assert.match(
      receipt.reason ?? "",
      /the migration failed with exit code 4[^]*of wrong is wrong, with password \[secret\]\n/,
    );
    assert.equal(await migrated(), "first second");
    const images = await run(docker, [
      ...["ps", "--format", "{{.Image}}", "--filter", `label=app.slipway.component=slipway-${stack}-app`],
    ]);
    const second = await run(docker, ["image", "inspect", "--format", "{{.Id}}", `${app}:second`]);
    assert.ok(
      images.split("\n").every((image) => image === `${app}:second` || second.includes(image)),
      images,
    );
  });
});
