import { strict as assert } from "node:assert";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { constants, gunzipSync } from "node:zlib";
import type { NginxConfiguration } from "../../components/ingress/docker/nginx-configuration";
import { eventually, ingress, IngressBed, parsed } from "./ingress-bed";
import { docker, run } from "./run";

/** The rendered configuration in a real nginx, in front of an origin that says what it got. */
describe("nginx, as it is configured", function () {
  this.timeout(300_000);
  const args: NginxConfiguration = { ...ingress, acme: true };
  const { domain } = args;
  const bed = new IngressBed(args);
  const { folder, name, get, echoed, configure, certificate } = bed;
  const send = bed.send;

  before(async function () {
    if (!(await bed.start())) this.skip();
  });
  after(() => bed.stop());

  describe("static files", () => {
    it("are kept: the origin is asked once, whatever the query", async () => {
      const first = await get("/_next/static/chunks/ok.js?dpl=1");
      assert.deepEqual([first.status, first.headers["content-type"]], [200, "text/javascript; charset=utf-8"]);
      for (const query of ["", "?dpl=2", "?dpl=1&x=/../y"]) {
        assert.equal((await get(`/_next/static/chunks/ok.js${query}`)).body, first.body);
      }
    });

    it("are kept under encoded brackets too, as Next.js names the chunks of routes", async () => {
      for (const path of ["/_next/static/chunks/app/%5Bslug%5D/page-1a.js", "/_next/static/chunks/0~a_b.9-c.js"]) {
        assert.equal((await get(path)).body, (await get(path)).body, path);
      }
    });

    for (const path of [
      "missing.js",
      "broken.js",
      "error-page.js",
      "error-page.css",
      "error-page.woff2",
      "error-page.png",
      "untyped.bin",
    ]) {
      it(`are not kept when the answer is none: ${path}`, async () => {
        const before = (await echoed("/")).served;
        for (let time = 0; time < 3; time += 1) await get(`/_next/static/chunks/${path}`);
        assert.equal((await echoed("/")).served - before, 4);
      });
    }

    const victim = "/_next/static/chunks/victim.js";
    for (const trick of [
      "/topics/..%2f_next%2fstatic%2fchunks%2fvictim.js",
      "/topics/%2e%2e/_next/static/chunks/victim.js",
      "/topics/../_next/static/chunks/victim.js",
      "//_next/static/chunks/victim.js",
      "/_next//static/chunks/victim.js",
      "/_next/static//chunks/victim.js",
      "/_next/static/chunks/%2e/victim.js",
      "/_next/static/chunks/./victim.js",
      "/_next/static/other/../chunks/victim.js",
      "/_next/static/..%2f..%2fapi/x%2f..%2f..%2f_next/static/chunks/victim.js",
      "/_next/static/chunks%2fvictim.js",
      "/_next/static/chunks/victim%2ejs",
      "/_next/%73tatic/chunks/victim.js",
      "/_next/static/chunks/victim.js%00",
      "/_next/static/chunks/victim.js%3fx",
      "/_next/static/chunks/victim.js%23x",
      "/_next/static/chunks/victim.js;x=1",
      "/_next/static/chunks\\victim.js",
      "/_next/static/chunks%5cvictim.js",
      "/-/asset",
      `https://${domain}/_next/static/chunks/victim.js/../../../../`,
    ]) {
      it(`are not replaced by ${trick}`, async () => {
        const answers = [await get(trick), await get(trick)];
        const genuine = await get(victim);
        assert.equal(genuine.status, 200);
        assert.match(genuine.headers["content-type"] ?? "", /javascript/);
        assert.match(genuine.body, /^\/\/ \/_next\/static\/chunks\/victim\.js \d+$/);
        // Each of the two asked the origin itself, or was refused: neither was kept.
        if (answers[0]!.status === 200) assert.notEqual(answers[0]!.body, answers[1]!.body);
      });
    }

    it("do not depend on what one visitor sent along", async () => {
      const path = "/_next/static/chunks/plain.js";
      const { body } = await get(
        path,
        "Cookie: a=1",
        "RSC: 1",
        "Next-Action: x",
        "Range: bytes=0-1",
        "X-Forwarded-For: 9.9.9.9",
        "Accept-Encoding: br",
      );
      assert.equal(body, "//");
      assert.match((await get(path)).body, /^\/\/ \/_next\/static\/chunks\/plain\.js/);
    });
  });

  describe("headers that a client sends", () => {
    const claims: Readonly<Record<string, string>> = {
      "X-Forwarded-For": "9.9.9.9",
      "x-forwarded-for": "9.9.9.9",
      X_Forwarded_For: "9.9.9.9",
      "X-Real-IP": "9.9.9.9",
      "True-Client-IP": "9.9.9.9",
      "CF-Connecting-IP": "9.9.9.9",
      "Fastly-Client-IP": "9.9.9.9",
      "X-Client-IP": "9.9.9.9",
      "X-Cluster-Client-IP": "9.9.9.9",
      Forwarded: "for=9.9.9.9;host=evil.example;proto=http",
      "X-Forwarded-Host": "evil.example",
      "X-Forwarded-Port": "99",
      "X-Forwarded-Proto": "http",
      "X-Forwarded-Prefix": "/evil.example",
      "X-Forwarded-Server": "evil.example",
      "X-Original-URL": "/evil.example",
      "X-Rewrite-URL": "/evil.example",
      "X-Host": "evil.example",
      "X-HTTP-Method-Override": "DELETE-evil.example",
      Proxy: "http://evil.example",
      "X-Middleware-Subrequest": "evil.example",
    };
    for (const [header, value] of Object.entries(claims)) {
      it(`${header} does not reach the application`, async () => {
        for (const path of ["/", "/topics/..%2f_next%2fstatic%2fx.js", "/_next/static/echo"]) {
          const { headers } = await echoed(path, `${header}: ${value}`);
          const text = JSON.stringify(headers);
          assert.equal(/9\.9\.9\.9|evil\.example|"99"/.test(text), false, `${path}: ${text}`);
          assert.equal(headers["x-forwarded-proto"], "https");
          assert.equal(headers["x-forwarded-host"], domain);
        }
      });
    }

    it("name the client by the connection", async () => {
      const { headers } = await echoed("/", "X-Forwarded-For: 9.9.9.9");
      assert.match(headers["x-forwarded-for"] ?? "", /^\d+\.\d+\.\d+\.\d+$/);
      assert.equal(headers["x-real-ip"], headers["x-forwarded-for"]);
    });

    it("keep what is the application's: cookies, authorization, RSC, actions", async () => {
      const { headers } = await echoed("/", "Cookie: a=1", "Authorization: Bearer x", "RSC: 1", "Next-Action: abc");
      assert.deepEqual(
        [headers["cookie"], headers["authorization"], headers["rsc"], headers["next-action"]],
        ["a=1", "Bearer x", "1", "abc"],
      );
    });

    it("do not upgrade to anything but a WebSocket", async () => {
      assert.equal((await echoed("/", "Upgrade: h2c", "HTTP2-Settings: x")).headers["upgrade"], undefined);
    });
  });

  describe("hosts", () => {
    for (const host of ["evil.example", `evil.example:443`, `${domain}.evil.example`, "127.0.0.1", ""]) {
      it(`does not serve "${host}"`, async () => {
        assert.equal((await get("/", `Host: ${host}`)).status, host === "" ? 400 : 421);
        const plain = await send([`GET / HTTP/1.1`, `Host: ${host}`], "", false);
        assert.equal(plain.status, host === "" ? 400 : 421);
        assert.equal(plain.headers["location"], undefined);
      });
    }

    it("takes one host from a request that names two", async () => {
      const { headers } = await echoed(`https://${domain}/`, "Host: evil.example");
      assert.equal(headers["host"], domain);
      const other = await get("https://evil.example/", `Host: ${domain}`);
      assert.notEqual(other.status, 200);
    });

    it("redirects to its own name alone", async () => {
      const { status, headers } = await send(["GET //evil.example/%2e%2e?a=1 HTTP/1.1", `Host: ${domain}`], "", false);
      assert.deepEqual([status, headers["location"]], [308, `https://${domain}//evil.example/%2e%2e?a=1`]);
    });
  });

  describe("streams", () => {
    for (const [path, type] of [
      ["/stream", "html"],
      ["/sse", "events"],
    ] as const) {
      for (const encoding of ["identity", "gzip"]) {
        it(`passes the first ${type} on at once, ${encoding}`, async () => {
          const { arrivals, headers } = await get(path, `Accept-Encoding: ${encoding}`);
          assert.ok(arrivals[0]! < 300, `first byte after ${arrivals[0]} ms`);
          assert.ok(arrivals.at(-1)! > 1900);
          if (encoding === "gzip" && path === "/stream") assert.equal(headers["content-encoding"], "gzip");
        });
      }
    }

    it("has the first piece readable in the first packet, compressed too", async () => {
      const { raw, early } = await get("/stream", "Accept-Encoding: gzip");
      assert.equal(gunzipSync(early, { finishFlush: constants.Z_SYNC_FLUSH }).toString(), "<p>first</p>");
      assert.equal(gunzipSync(raw).toString(), "<p>first</p><p>last</p>");
    });

    it("hands an upload to the application as it comes", async () => {
      const socket = connectTls({ host: "127.0.0.1", port: bed.https, servername: domain, rejectUnauthorized: false });
      const parts: Buffer[] = [];
      socket.on("data", (part: Buffer) => parts.push(part));
      socket.write(
        `POST /upload HTTP/1.1\r\nHost: ${domain}\r\nConnection: close\r\nContent-Length: 20\r\n\r\n0123456789`,
      );
      await sleep(1000);
      socket.write("0123456789");
      await new Promise((done) => socket.on("close", done));
      const { first, bytes, took } = JSON.parse(parsed(parts, []).body) as Record<string, number>;
      assert.equal(bytes, 20);
      assert.ok(first! < 300 && took! > 800, `first byte after ${first} ms of ${took} ms`);
    });
  });

  describe("limits", () => {
    it("takes response headers of 20 KB, and request headers of 12 KB", async () => {
      assert.equal((await get("/big-headers")).headers["content-security-policy"]?.length, 20_000);
      assert.equal((await echoed("/", `Cookie: ${"x".repeat(12_000)}`)).headers["cookie"]?.length, 12_000);
    });

    it("refuses a larger body before it is sent", async () => {
      const { status } = await send(["POST /upload HTTP/1.1", `Host: ${domain}`, `Content-Length: ${11 * 1024 ** 2}`]);
      assert.equal(status, 413);
    });

    it("says when to come back, after a change that is read without closing the port", async () => {
      configure({ ...args, requestsPerSecond: 2 });
      await eventually(async () => {
        const answers = await Promise.all(Array.from({ length: 20 }, () => get("/")));
        const limited = answers.find(({ status }) => status === 429);
        assert.equal(limited?.headers["retry-after"], "1");
        assert.match(limited?.headers["strict-transport-security"] ?? "", /max-age/);
      });
      configure(args);
      await sleep(4000);
    });
  });

  describe("behind proxies that are trusted", () => {
    it("takes the last address that none of them has", async () => {
      // Docker gives a network an address of 172.16.0.0/12 or, when those are taken, of 192.168.0.0/16.
      configure({ ...args, trustedProxies: ["0.0.0.0/1", "128.0.0.0/2", "192.168.0.0/16"] });
      await eventually(async () => {
        const { headers } = await echoed("/", "X-Forwarded-For: 9.9.9.9, 203.0.113.7, 10.0.0.1");
        assert.equal(headers["x-forwarded-for"], "203.0.113.7");
      });
      configure(args);
      await eventually(async () => {
        const { headers } = await echoed("/", "X-Forwarded-For: 9.9.9.9, 203.0.113.7, 10.0.0.1");
        assert.notEqual(headers["x-forwarded-for"], "203.0.113.7");
      });
    });
  });

  it("answers challenges of a certificate authority over plain HTTP, by their names alone, and redirects the rest", async () => {
    const plain = (path: string) => send([`GET ${path} HTTP/1.1`, `Host: ${domain}`], "", false);
    const { status, body } = await plain("/.well-known/acme-challenge/token-1_A");
    assert.deepEqual([status, body], [200, "token-1_A.thumbprint"]);
    assert.equal((await plain("/.well-known/acme-challenge/other")).status, 404);
    for (const path of ["/.well-known/acme-challenge/.hidden", "/.well-known/acme-challenge/", "/"])
      assert.equal((await plain(path)).status, 308, path);
  });

  describe("when the site cannot answer", () => {
    const flag = join(folder, "state", "maintenance");

    it("gives everybody the error page during maintenance, from the next request on, and the site again after it", async () => {
      writeFileSync(flag, "");
      for (const path of ["/", "/api/data", "/_next/static/chunks/main.js"]) {
        const { status, body, headers } = await get(path);
        assert.deepEqual([status, headers["retry-after"], headers["cache-control"]], [503, "30", "no-store"], path);
        assert.match(body, /<title>Ours<\/title>/);
      }
      assert.equal((await send(["POST / HTTP/1.1", `Host: ${domain}`, "Content-Length: 0"])).status, 503);
      rmSync(flag);
      assert.equal((await get("/")).status, 200);
    });

    it("gives the error page when nobody is behind it, and keeps it under no asset's name", async () => {
      await run(docker, ["stop", "--time", "1", `${name}-origin`]);
      const { status, body } = await get("/");
      assert.equal(status, 502);
      assert.match(body, /<title>Ours<\/title>/);
      assert.equal((await get("/_next/static/chunks/gone.js")).status, 502);
      await run(docker, ["start", `${name}-origin`]);
      await eventually(async () => assert.equal((await get("/_next/static/chunks/gone.js")).status, 200));
    });

    it("is not to be asked for by its own name", async () => {
      assert.doesNotMatch((await get("/-/error")).body, /<title>Ours/);
    });

    it("asks for a name and a password where it is told to", async () => {
      writeFileSync(join(folder, "state", "htpasswd"), "staging:{PLAIN}hunter2\n");
      configure({ ...args, basicAuth: "/var/lib/slipway/htpasswd" });
      await eventually(async () => assert.equal((await get("/")).status, 401));
      const basic = (pair: string) => `Authorization: Basic ${Buffer.from(pair).toString("base64")}`;
      assert.equal((await get("/", basic("staging:wrong"))).status, 401);
      assert.equal((await get("/", basic("staging:hunter2"))).status, 200);
      assert.equal((await get("/_next/static/chunks/x.js")).status, 401);
      configure(args);
      await eventually(async () => assert.equal((await get("/")).status, 200));
    });
  });

  describe("changes", () => {
    const container = () =>
      run(docker, ["inspect", "--format", "{{.Id}} {{.RestartCount}} {{.State.StartedAt}}", `${name}-nginx`]);

    it("serves a renewed certificate, in the same container, with a stream open", async () => {
      const before = [await container(), await serial()];
      const open = get("/stream");
      await certificate();
      await eventually(async () => assert.notEqual(await serial(), before[1]));
      assert.equal((await open).body.includes("last"), true);
      assert.equal(await container(), before[0]);
    });

    it("goes on with what it has where nginx refuses the change, and says so", async () => {
      const key = join(folder, "tls", "privkey.pem");
      const good = readFileSync(key);
      writeFileSync(key, "no key");
      await eventually(() => run(docker, ["exec", `${name}-nginx`, "test", "-e", "/tmp/refused"]));
      assert.equal((await get("/")).status, 200);
      writeFileSync(key, good);
      await eventually(() => run(docker, ["exec", `${name}-nginx`, "sh", "-c", "test ! -e /tmp/refused"]));
    });

    async function serial(): Promise<string> {
      const socket = connectTls({ host: "127.0.0.1", port: bed.https, servername: domain, rejectUnauthorized: false });
      await new Promise((done, failed) => socket.on("secureConnect", done).on("error", failed));
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      return serialNumber;
    }
  });

  it("logs the client, its agent and the path as it was sent, without the query", async () => {
    await get("/a%2fb?token=secret", "User-Agent: somebody");
    const log = await run("sh", ["-c", `${docker} logs --tail 5 ${name}-nginx 2>/dev/null`]);
    const line = log
      .split("\n")
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .at(-1)!;
    assert.equal(line["path"], "/a%2fb");
    assert.equal(line["agent"], "somebody");
    assert.match(String(line["client"]), /^\d+\./);
    assert.equal(line["release"], "stable");
    assert.equal(log.includes("secret"), false);
  });
});
