import { strict as assert } from "node:assert";
import { randomBytes } from "node:crypto";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runStack } from "../../stacks/targets";
import { resolveSettings } from "../../stacks/settings/load";
import { renderCompose } from "../../tools/readers/render/compose";
import { record } from "../record";
import { prepareImages, type TestImages } from "./images";
import { docker as client, run, works } from "./run";

describe("a rendered Compose project, on a Docker engine", function () {
  this.timeout(20 * 60_000);

  const stack = `compose-${randomBytes(3).toString("hex")}`;
  const folder = mkdtempSync(join(tmpdir(), "slipway-compose-"));
  const compose = (...args: readonly string[]) => run(client, ["compose", ...args], { cwd: folder });
  let httpsPort = 0;

  before(async function () {
    const images = (await works(client, "compose", "version")) ? await prepareImages() : undefined;
    if (images === undefined) {
      console.log("      skipped: this needs a Docker engine and docker compose");
      return this.skip();
    }
    await renderInto(images);
  });

  after(async () => {
    if (httpsPort !== 0) await compose("down", "--volumes", "--timeout", "5");
    rmSync(folder, { recursive: true, force: true });
  });

  async function renderInto({ app, images }: TestImages): Promise<void> {
    const [httpPort, freePort, monitoringPort] = await Promise.all([
      freePortNumber(),
      freePortNumber(),
      freePortNumber(),
    ]);
    httpsPort = freePort;
    const settings = resolveSettings(
      stack,
      {
        target: "docker",
        preset: "development",
        domain: "localhost",
        image: app,
        images,
        network: { httpPort, httpsPort, monitoringPort },
        cdn: { implementation: "nginx" },
        service: { migration: ["node", "migrate.js", "--seed"] },
        secrets: { EMAIL_API_KEY: "re_verysecret" },
      },
      {},
    );
    const plan = await record(() => runStack(settings), { project: "slipway", stack });
    const project = renderCompose(plan);
    for (const [path, content] of Object.entries({ "compose.yaml": project.compose, ...project.files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }

  const get = (path: string) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const ca = readFileSync(join(folder, "secrets/nginx-certificate"));
      request({ host: "localhost", port: httpsPort, path, ca, timeout: 10_000 }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      })
        .on("error", reject)
        .end();
    });

  it("is valid", async () => {
    await compose("config", "--quiet");
  });

  it("asks for the secret that it cannot make, and makes the others once", async () => {
    const prepare = (env: NodeJS.ProcessEnv = {}) =>
      run("sh", ["prepare.sh"], { cwd: folder, env: { ...process.env, ...env } });
    await assert.rejects(prepare(), /EMAIL_API_KEY/);
    await prepare({ EMAIL_API_KEY: "re_other" });
    const password = readFileSync(join(folder, "secrets/database-password"), "utf8");
    assert.match(password, /^[0-9a-f]{64}$/);
    assert.equal(statSync(join(folder, "secrets")).mode & 0o777, 0o700);
    await prepare();
    assert.equal(readFileSync(join(folder, "secrets/database-password"), "utf8"), password);
    assert.equal(readFileSync(join(folder, "secrets/app-email-api-key"), "utf8"), "re_other");
  });

  it("comes up: migrated, then healthy", async () => {
    await compose("up", "--detach", "--wait");
    assert.equal(await compose("ps", "--all", "--services", "--filter", "status=exited"), "app-migrate");
  });

  it("says over HTTPS that database and cache are there", async () => {
    const { status, body } = await get("/api/ready");
    assert.equal(status, 200);
    const { dependencies } = JSON.parse(body) as { dependencies: Record<string, { state: string }> };
    assert.equal(dependencies["database"]?.state, "ok");
    assert.equal(dependencies["cache"]?.state, "ok");
  });

  it("serves a page with what PostgreSQL has", async () => {
    const query = "select title from entries order by published_at desc limit 1";
    const title = await compose("exec", "-T", "database", "psql", "-U", "app", "-d", "app", "-Atc", query);
    assert.notEqual(title, "");
    const { status, body } = await get("/");
    assert.equal(status, 200);
    assert.ok(body.includes(title), `"${title}" is not on the page`);
  });

  it("has dumped the database, with its tables", async () => {
    const list = "pg_restore --list $(ls $BACKUP_FOLDER/*.dump | head -n 1)";
    const contents = await compose("exec", "-T", "database-backup", "bash", "-c", list);
    assert.match(contents, /TABLE DATA public entries/);
  });

  it("runs everything hardened, with doors for this host alone, and without a secret in a variable", async () => {
    const ids = (await compose("ps", "--all", "--quiet")).split("\n");
    const containers = JSON.parse(await run(client, ["inspect", ...ids])) as Inspected[];
    assert.equal(containers.length, 10);
    for (const { Name, HostConfig, Config } of containers) {
      assert.equal(HostConfig.ReadonlyRootfs, true, Name);
      assert.deepEqual(HostConfig.CapDrop, ["ALL"], Name);
      assert.notEqual(Config.User.split(":")[0], "0", Name);
      const doors = Object.values(HostConfig.PortBindings ?? {}).flat();
      assert.ok(
        doors.every(({ HostIp }) => HostIp === "127.0.0.1"),
        Name,
      );
      assert.equal(
        Config.Env.some((variable) => variable.includes("re_other")),
        false,
        Name,
      );
    }
  });

  it("loses no request while one replica after the other is replaced", async () => {
    let running = true;
    const seen: number[] = [];
    const load = (async () => {
      while (running) {
        seen.push(
          await get("/api/health").then(
            ({ status }) => status,
            () => 0,
          ),
        );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    await compose("run", "--rm", "app-migrate");
    for (const replica of ["app-1", "app-2"]) {
      await compose("up", "--detach", "--wait", "--no-deps", "--force-recreate", replica);
    }
    running = false;
    await load;
    assert.ok(seen.length > 50, `only ${seen.length} requests`);
    assert.deepEqual(
      seen.filter((status) => status !== 200),
      [],
    );
  });

  it("serves cached pages and static files while the database is away: no replica leaves the routing", async () => {
    const file: string | undefined = /\/_next\/static\/[^"]+\.css/.exec((await get("/")).body)?.[0];
    assert.ok(file);
    await compose("stop", "database");
    try {
      // The router asks each second, and would have taken everybody out by now.
      await sleep(6000);
      assert.equal((await get("/api/ready")).status, 503);
      for (let round = 0; round < 20; round += 1) {
        const statuses: number[] = [];
        for (const path of ["/", file, "/api/health"]) statuses.push((await get(path)).status);
        assert.deepEqual(statuses, [200, 200, 200]);
        await sleep(200);
      }
    } finally {
      await compose("start", "database");
    }
    for (const until = Date.now() + 60_000; (await get("/api/ready")).status !== 200;) {
      assert.ok(Date.now() < until, "not ready again within a minute");
      await sleep(500);
    }
  });

  it("leaves nothing behind", async () => {
    await compose("down", "--volumes", "--timeout", "5");
    const filter = ["--quiet", "--filter", `label=com.docker.compose.project=slipway-${stack}`];
    assert.equal(await run(client, ["ps", "--all", ...filter]), "");
    assert.equal(await run(client, ["volume", "ls", ...filter]), "");
    assert.equal(await run(client, ["network", "ls", ...filter]), "");
  });
});

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly User: string; readonly Env: readonly string[] };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[];
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>> | null;
  };
}

function freePortNumber(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
