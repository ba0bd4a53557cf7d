import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { freePort } from "../engine/workspace";
import { linkProject, projectDir } from "../project";
import { prepareImages } from "./images";
import { docker, removeStack, run } from "./run";
import { Visitor, visits } from "./visitor";

/**
 * Every generated secret of a stack on one host gets a new value while visitors come and somebody is signed in. The
 * application is the demo, its database and cache are real; the resources are made by the stand-in for the Pulumi engine.
 */
describe("secrets that are rotated on one host, under load", function () {
  this.timeout(15 * 60_000);
  const stack = `rot-${process.pid}`;
  const name = `slipway-${stack}`;
  const folder = mkdtempSync(join(tmpdir(), "slipway-rotate-"));
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const state = join(folder, `${stack}.state.json`);
  let port = 0;

  before(async function () {
    const prepared = await prepareImages();
    if (prepared === undefined) {
      console.log("      skipped: no Docker engine");
      return this.skip();
    }
    port = await freePort();
    const settings = {
      ...{ target: "docker", preset: "development", domain: "localhost", image: prepared.app, images: prepared.images },
      network: { httpPort: await freePort(), httpsPort: port, monitoringPort: await freePort() },
      database: { protect: true },
      service: { migration: ["node", "migrate.js", "--seed"], drainSeconds: 2, graceSeconds: 20 },
    };
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`slipway:${key}`, value]));
    writeFileSync(file, stringify({ config }));
    linkProject(folder);
    await command("pulumi", "up", "--stack", stack);
  });

  after(async () => {
    await removeStack(stack);
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = { ...process.env, PATH: `${join(__dirname, "engine")}${delimiter}${process.env["PATH"]}` };
  const command = (program: string, ...args: readonly string[]) =>
    run(program, args, { cwd: folder, env: environment });
  const slipway = (...args: readonly string[]) =>
    command(process.execPath, join(projectDir, "tools", "slipway.cjs"), ...args, "--cwd", folder);
  const secrets = () =>
    (parse(readFileSync(file, "utf8")) as { config: Record<string, object> }).config["slipway:secrets"];
  const sql = (query: string) =>
    run(docker, ["exec", `${name}-database`, "psql", "-XAtq", "-U", "app", "-d", "app", "-c", query]);

  /** Fails where one request did. */
  async function underLoad(what: string, visitor: Visitor, work: () => Promise<unknown>): Promise<void> {
    const load = visits(visitor);
    const started = performance.now();
    try {
      await sleep(1500);
      await work();
      await sleep(3000);
    } finally {
      const { requests, failures } = await load.stop();
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(`      ${what}: ${requests} requests in ${seconds} s, ${failures.length} failed`);
      assert.deepEqual(failures, []);
      assert.ok(requests > 50, `only ${requests} requests`);
    }
  }

  async function signedIn(email: string): Promise<Visitor> {
    const visitor = new Visitor(port);
    await visitor.signIn(email);
    return visitor;
  }

  /** Of everything that the engine has in its state. */
  const value = (type: string, resource: string): string => {
    const { made } = JSON.parse(readFileSync(state, "utf8")) as {
      made: Record<string, { state: { result: string; base64: string } }>;
    };
    const { result, base64 } = made[`${type}::${resource}`]!.state;
    return type.endsWith("RandomBytes") ? base64 : result;
  };
  const password = () => value("random:index/randomPassword:RandomPassword", `${name}-database-password`);

  /** Over the network, as the application does. */
  const opens = (secret: string) =>
    run(
      docker,
      [
        ...["exec", "--env", "PGPASSWORD", `${name}-database`],
        ...["psql", "-XAtq", "-h", "127.0.0.1", "-U", "app", "-d", "app", "-c", "select 1"],
      ].map((arg) => (arg === "PGPASSWORD" ? `PGPASSWORD=${secret}` : arg)),
    ).then(
      () => true,
      () => false,
    );

  let ada: Visitor;

  it("lists what there is to rotate", async () => {
    const names = Object.keys(JSON.parse(await slipway("rotate", stack, "--json")) as object).sort();
    assert.deepEqual(names, ["AUTH_SECRET", "DATABASE_PASSWORD", "ENCRYPTION_KEY", "REDIS_PASSWORD"]);
  });

  it("AUTH_SECRET: nobody is signed out, and sessions of afterwards have the new one", async () => {
    ada = await signedIn("ada@example.com");
    await underLoad("AUTH_SECRET", ada, () => slipway("rotate", stack, "AUTH_SECRET"));
    assert.deepEqual(secrets(), { AUTH_SECRET: { generate: 32, generation: 2, fallback: 1 } });
    assert.ok(await ada.isSignedIn());
    assert.ok(await (await signedIn("grace@example.com")).isSignedIn());
    await assert.rejects(slipway("rotate", stack, "AUTH_SECRET"), /previous value is still accepted.*--finish/s);
  });

  it("--finish: from then on a session of before is none, and others go on", async () => {
    const grace = await signedIn("grace@example.com");
    await underLoad("AUTH_SECRET --finish", grace, () => slipway("rotate", stack, "AUTH_SECRET", "--finish"));
    assert.deepEqual(secrets(), { AUTH_SECRET: { generate: 32, generation: 2 } });
    assert.equal(await ada.isSignedIn(), false);
    ada = await signedIn("ada@example.com");
  });

  it("ENCRYPTION_KEY: who was here before is the same person", async () => {
    const id = () => sql("select id from users where name = 'Ada'");
    const before = await id();
    await underLoad("ENCRYPTION_KEY", ada, () => slipway("rotate", stack, "ENCRYPTION_KEY"));
    await signedIn("ada@example.com");
    assert.equal(await id(), before);
    await assert.rejects(slipway("rotate", stack, "ENCRYPTION_KEY", "--finish"), /--reencrypted/);
  });

  it("a command that was killed half-way goes on where it was", async () => {
    await slipway("rotate", stack, "ENCRYPTION_KEY", "--finish", "--reencrypted");
    const before = value("random:index/randomBytes:RandomBytes", `${name}-secrets-encryption-key.2`);
    const child = spawn(
      process.execPath,
      [join(projectDir, "tools/slipway.cjs"), "rotate", stack, "ENCRYPTION_KEY", "--cwd", folder],
      {
        env: environment,
        stdio: "ignore",
      },
    );
    // Its `pulumi up` has begun: the first of what it makes is in the state.
    const { mtimeMs } = statSync(state);
    for (const until = Date.now() + 60_000; statSync(state).mtimeMs === mtimeMs && Date.now() < until;) await sleep(50);
    assert.match(readFileSync(file, "utf8"), /fallback: 3/);
    child.kill("SIGKILL");
    // What it had started of the engine goes on to its end, as Pulumi does.
    const ended = () => {
      const { outputs, pending } = JSON.parse(readFileSync(state, "utf8")) as {
        outputs: { operations: { rotations: Record<string, { fallback?: number }> } };
        pending: readonly unknown[];
      };
      return outputs.operations.rotations["ENCRYPTION_KEY"]?.fallback === 3 && pending.length === 0;
    };
    for (const until = Date.now() + 180_000; !ended();) {
      assert.ok(Date.now() < until, "the first step has not ended");
      await sleep(500);
    }
    await sleep(1000);
    await underLoad("ENCRYPTION_KEY, once more", ada, () => slipway("rotate", stack, "ENCRYPTION_KEY"));
    const { ENCRYPTION_KEY } = secrets() as Record<string, object>;
    assert.deepEqual(ENCRYPTION_KEY, { generate: 32, generation: 3, fallback: 2 });
    assert.equal(value("random:index/randomBytes:RandomBytes", `${name}-secrets-encryption-key.2`), before);
  });

  it("DATABASE_PASSWORD: the new one lets in, the old one does not, and backups go on", async () => {
    const before = password();
    assert.ok(await opens(before));
    await underLoad("DATABASE_PASSWORD", ada, () => slipway("rotate", stack, "DATABASE_PASSWORD"));
    assert.notEqual(password(), before);
    assert.deepEqual([await opens(password()), await opens(before)], [true, false]);
    await run(docker, ["exec", `${name}-database-backup`, "bash", "/etc/slipway/backup.sh", "now"]);
  });

  it("REDIS_PASSWORD: the cache starts anew, and is used again", async () => {
    await underLoad("REDIS_PASSWORD", ada, () => slipway("rotate", stack, "REDIS_PASSWORD"));
    const ready = async () =>
      (JSON.parse((await ada.ask("/api/ready")).body) as { dependencies: { cache: { state: string } } }).dependencies
        .cache.state;
    for (const until = Date.now() + 30_000; (await ready()) !== "ok";) {
      assert.ok(Date.now() < until, "the cache is not used again");
      await sleep(500);
    }
  });

  it("no secret is in what containers show: variables, arguments, labels, logs", async () => {
    const { made } = JSON.parse(readFileSync(state, "utf8")) as {
      made: Record<string, { type: string; state: { result?: string; base64?: string } }>;
    };
    const values = Object.values(made)
      .filter(({ type }) => type.startsWith("random:"))
      .map(({ type, state: { result, base64 } }) => (type.endsWith("RandomBytes") ? base64! : result!));
    assert.ok(values.length >= 5);
    const ids = (await run(docker, ["ps", "-aq", "--filter", `label=app.slipway.stack=${stack}`])).split("\n");
    const shown = await run(docker, ["inspect", ...ids]);
    const logs = await Promise.all(ids.map((id) => run("sh", ["-c", `${docker} logs ${id} 2>&1`])));
    for (const each of values) assert.ok(![shown, ...logs].some((text) => text.includes(each)));
  });

  it("a stack that finds its volume from before gives the database its own password", async () => {
    const [before, rows] = [password(), await sql("select count(*) from entries")];
    assert.notEqual(rows, "0");
    await removeStack(stack, (volume) => /-database-(data|backups)$/.test(volume));
    rmSync(state);
    await command("pulumi", "up", "--stack", stack);
    assert.notEqual(password(), before);
    assert.equal((await new Visitor(port).ask("/api/ready")).status, 200);
    assert.equal(await sql("select count(*) from entries"), rows);
    assert.deepEqual([await opens(password()), await opens(before)], [true, false]);
  });
});
