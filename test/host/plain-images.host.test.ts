import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import { linkProject } from "../project";
import { prepareImage } from "./images";
import { next14 } from "./next-14";
import { docker, removeContainers, run } from "./run";

const versions: Readonly<Record<string, string>> = {
  nginx: "1.26",
  haproxy: "3.0",
  prometheus: "2",
  alertmanager: "0",
  postgres: "17",
};

interface Kind {
  /** Dockerfile, and what is beside it. */
  readonly files: Readonly<Record<string, string>>;
  /** On the host, in the folder of the build, before it. */
  readonly prepare?: readonly string[];
  readonly service: object;
  readonly page: RegExp;
  readonly more?: object;
}

/**
 * Images of others' making, without the platform, each started as one host starts them: read-only, without capabilities,
 * behind HAProxy and nginx. The stack's resources are made by the stand-in for the Pulumi engine in test/host/engine.
 */
describe("plain images on one host", function () {
  this.timeout(20 * 60_000);
  const stack = `pln-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), "slipway-plain-"));
  const tag = (kind: string) => `slipway-${stack}:${kind}`;
  const [httpPort, httpsPort, monitoringPort] = [23080, 23443, 23090];
  let images: Record<string, string>;
  let bases: { node: string; debian: string };

  before(async function () {
    const node = await prepareImage("node");
    if (node === undefined) {
      console.log("      skipped: no Docker engine");
      return this.skip();
    }
    // What the stand-ins are made of is there with them.
    bases = { node, debian: node.replace("/node:latest", "/debian:13") };
    images = {};
    for (const [name, version] of Object.entries(versions)) {
      const bed = (await prepareImage(name))!;
      images[name] = bed.replace(":latest", `:${version}`);
      await run(docker, ["tag", bed, images[name]]);
    }
    linkProject(folder);
  });

  after(async () => {
    const ids = await run(docker, ["ps", "-aq", "--filter", `label=app.slipway.stack=${stack}`]).catch(() => "");
    await removeContainers(ids.split("\n").filter(Boolean));
    for (const kind of ["volume", "network"]) {
      const names = await run(docker, [kind, "ls", "--quiet", "--filter", `name=slipway-${stack}`]).catch(() => "");
      for (const name of names.split("\n").filter(Boolean))
        await run(docker, [kind, "rm", name]).catch(() => undefined);
    }
    const built = await run(docker, ["images", "--quiet", `slipway-${stack}`]).catch(() => "");
    if (built !== "") await run(docker, ["rmi", "--force", ...new Set(built.split("\n"))]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  async function build(kind: string, { files, prepare = [] }: Kind): Promise<void> {
    const context = join(folder, kind);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(context, name, ".."), { recursive: true });
      writeFileSync(join(context, name), content);
    }
    for (const command of prepare) await run("bash", ["-c", command], { cwd: context });
    await run(docker, ["build", "--quiet", "--tag", tag(kind), context], {
      env: { ...process.env, DOCKER_BUILDKIT: "1" },
    });
  }

  async function up(kind: string, service: object, more: object = {}): Promise<void> {
    const settings = {
      ...{ target: "docker", preset: "development", domain: "localhost", image: tag(kind), images },
      network: { httpPort, httpsPort, monitoringPort, maxBodyMb: 1 },
      cdn: { implementation: "nginx", assetPath: "/assets/" },
      ...{
        database: { implementation: "none" },
        cache: { implementation: "none" },
        storage: { implementation: "none" },
      },
      service: {
        memoryMb: 256,
        drainSeconds: 1,
        graceSeconds: 5,
        startupSeconds: 40,
        minReplicas: 1,
        maxReplicas: 1,
        ...service,
      },
      ...more,
    };
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`slipway:${key}`, value]));
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
    const env = { ...process.env, PATH: `${join(__dirname, "engine")}${delimiter}${process.env["PATH"]}` };
    await run("pulumi", ["up", "--stack", stack], { cwd: folder, env });
  }

  const get = (path: string, { method = "GET", body = "" } = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const options = { host: "127.0.0.1", port: httpsPort, path, method, servername: "localhost" };
      const headers = { host: `localhost:${httpsPort}` };
      request({ ...options, headers, rejectUnauthorized: false }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      })
        .on("error", reject)
        .end(body);
    });

  const express: Kind = {
    files: {
      "package.json": JSON.stringify({ private: true, dependencies: { express: "^5.0.0" } }),
      "server.cjs": `
        const express = require("express");
        const app = express();
        app.get("/healthz", (_, response) => response.send("ok"));
        app.get("/assets/site-0a1b2c.css", (_, response) => response.type("css").send("body{}" + process.env.RELEASE_OF_TEST));
        app.get("/framed", (_, response) => response.set("X-Frame-Options", "DENY").send("framed"));
        app.get("/", (_, response) => response.send("express as " + process.getuid() + " on " + process.env.PORT));
        app.post("/", express.text(), (request, response) => response.send(String(request.body.length)));
        app.listen(process.env.PORT, () => require("fs").writeFileSync("/srv/cache/started", "yes"));
      `,
      Dockerfile: "",
    },
    prepare: ["npm install --no-audit --no-fund --silent"],
    service: { port: 8080, health: { live: "/healthz", ready: "/healthz" }, user: 1000, writable: ["/srv/cache"] },
    page: /^express as 1000 on 8080$/,
  };
  const python: Kind = {
    files: {
      "server.py": `
import http.server, os
class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(f"python as {os.getuid()}".encode())
http.server.ThreadingHTTPServer(("", int(os.environ["PORT"])), Site).serve_forever()
`,
      Dockerfile: "",
    },
    service: { port: 8000, health: { live: "tcp", ready: "tcp" }, command: ["python3", "/site/server.py"] },
    page: /^python as 1001$/,
  };
  const root: Kind = {
    files: {
      "server.cjs": `
        require("fs").writeFileSync("/var/lib/legacy/pid", String(process.pid));
        require("http").createServer((_, response) => response.end("root as " + process.getuid())).listen(3000);
      `,
      Dockerfile: "",
    },
    service: { health: { live: "/", ready: "/" }, user: 0, writable: ["/var/lib/legacy"] },
    page: /^root as 0$/,
    more: {
      policies: {
        exemptions: [
          {
            rule: "docker-nonroot",
            resource: `slipway-${stack}-app-*`,
            reason: "the vendor's licence check reads a file of root; ticket 4711",
            expires: "2099-01-01",
          },
        ],
      },
    },
  };

  it("an Express server: its own health path, user and folder; headers, limits and assets of the release before", async () => {
    const dockerfile = (release: string) =>
      `FROM ${bases.node}\nWORKDIR /site\nENV RELEASE_OF_TEST=${release}\nCOPY . .\nCMD ["node", "server.cjs"]\n`;
    await build("express", { ...express, files: { ...express.files, Dockerfile: dockerfile("one") } });
    await up("express", express.service);
    const page = await get("/");
    assert.equal(page.status, 200);
    assert.match(page.body, express.page);
    assert.equal(page.headers["strict-transport-security"], "max-age=63072000");
    assert.equal(page.headers["x-content-type-options"], "nosniff");
    assert.equal(page.headers["x-frame-options"], "SAMEORIGIN");
    assert.equal((await get("/framed")).headers["x-frame-options"], "DENY", "what the application says counts");
    assert.equal((await get("/", { method: "POST", body: "x".repeat(2 * 1024 * 1024) })).status, 413);
    assert.equal((await get("/assets/site-0a1b2c.css")).body, "body{}one");

    // The next release no longer has the file: nginx kept it.
    const gone = express.files["server.cjs"]!.replace("/assets/site-0a1b2c.css", "/assets/site-3d4e5f.css");
    await build("express-next", {
      ...express,
      files: { ...express.files, "server.cjs": gone, Dockerfile: dockerfile("two") },
    });
    await up("express-next", express.service);
    assert.equal((await get("/assets/site-3d4e5f.css")).body, "body{}two");
    assert.equal((await get("/assets/site-0a1b2c.css")).body, "body{}one");
  });

  it("a Python server: asked by a connection, with a command of the stack's", async () => {
    const Dockerfile = `FROM ${bases.debian}\nRUN apt-get update -q && apt-get install -yq --no-install-recommends python3-minimal libpython3-stdlib\nCOPY server.py /site/\n`;
    await build("python", { ...python, files: { ...python.files, Dockerfile } });
    await up("python", python.service);
    assert.match((await get("/")).body, python.page);
  });

  it("Next.js 14, standalone, with a Prisma client: migrated by its own command, the password from its file", async () => {
    const kind = next14(bases.node);
    await build("next", kind);
    await up("next", kind.service, kind.more);
    const page = await get("/");
    assert.match(page.body, kind.page);
    assert.equal(page.headers["x-content-type-options"], "nosniff");
    const [, asset = ""] = /src="(\/_next\/static\/[^"]+)"/.exec(page.body) ?? [];
    assert.equal((await get(asset)).status, 200, asset);
  });

  it("an image that runs as root, with the reason in the stack file", async () => {
    const Dockerfile = `FROM ${bases.node}\nCOPY server.cjs /site/\nCMD ["node", "/site/server.cjs"]\n`;
    await build("root", { ...root, files: { ...root.files, Dockerfile } });
    await up("root", root.service, root.more);
    assert.match((await get("/")).body, root.page);
    const [replica] = JSON.parse(
      await run(docker, [
        "inspect",
        ...(
          await run(docker, [
            "ps",
            "-q",
            "--filter",
            `label=app.slipway.component=slipway-${stack}-app`,
            "--filter",
            "health=healthy",
          ])
        ).split("\n"),
      ]),
    ) as [{ HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[]; SecurityOpt: string[] } }];
    assert.equal(replica.HostConfig.ReadonlyRootfs, true);
    assert.deepEqual(replica.HostConfig.CapDrop, ["ALL"]);
  });
});
