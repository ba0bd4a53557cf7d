import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import type { NginxConfiguration } from "../../components/ingress/docker/nginx-configuration";
import { Engine } from "../../tools/operate/docker/engine";
import { Router } from "../../tools/operate/docker/router";
import { prepareImage } from "./images";
import { eventually, ingress, IngressBed } from "./ingress-bed";
import { docker, removeContainers, run } from "./run";

/** The rendered configurations in a real nginx and a real HAProxy, one behind the other, as strangers would try them. */
describe("nginx and HAProxy, as they are configured", function () {
  this.timeout(300_000);
  const args: NginxConfiguration = ingress;
  const { domain } = args;
  const bed = new IngressBed(args, true);
  const { name, folder, get, send, exchange, echoed, configure } = bed;
  const close = "Connection: close";
  const request = (line: string, ...headers: readonly string[]) => `${[line, ...headers].join("\r\n")}\r\n\r\n`;
  const status = (answer: string) => Number(answer.split(" ")[1] ?? 0);
  const asked = async () => JSON.parse((await get("/asked")).body) as Record<string, number>;
  const log = () => run("sh", ["-c", `${docker} logs ${name}-nginx 2>&1; ${docker} logs ${name}-router 2>&1`]);

  before(async function () {
    if (!(await bed.start())) this.skip();
  });
  after(() => bed.stop());

  describe("the application is asked once", () => {
    for (const path of [
      "/_next/static/chunks/missing-1.js",
      "/_next/static/..;/missing",
      "/_next/static/a%2f..%2fmissing",
    ])
      it(`for a file that is not there: ${path}`, async () => {
        assert.equal((await get(path)).status, 404);
        assert.equal((await asked())[`GET ${path}`], 1);
      });

    for (const path of ["/_next/static/%2e%2e/cut.js", "/_next/static/cut.js", "/cut"])
      it(`to change something, where the connection is lost: POST ${path}`, async () => {
        const { status } = await send([`POST ${path} HTTP/1.1`, `Host: ${domain}`, "Content-Length: 3"], "abc");
        assert.equal(status, 502);
        assert.equal((await asked())[`POST ${path}`], 1);
      });

    it("for a file, whatever its answer says that it varies by", async () => {
      for (const header of ["RSC: 1", "RSC: 2", "Cookie: a=1", "Accept-Encoding: br", "Accept-Encoding: gzip"])
        assert.equal((await get("/_next/static/varied.js", header)).status, 200);
      assert.equal((await asked())["GET /_next/static/varied.js"], 1);
    });

    it("for a file, by each method that only reads, and gives a part of what it keeps", async () => {
      const path = "/_next/static/chunks/read.js";
      const [{ body }, head] = [await get(path), await send([`HEAD ${path} HTTP/1.1`, `Host: ${domain}`])];
      assert.deepEqual([head.status, head.body], [200, ""]);
      const part = await get(path, "Range: bytes=0-3");
      assert.deepEqual([part.status, part.body], [206, body.slice(0, 4)]);
      const stale = await get(path, "Range: bytes=0-3", 'If-Range: "another"');
      assert.deepEqual([stale.status, stale.body], [200, body]);
      const many = await get(path, `Range: bytes=${Array.from({ length: 500 }, () => "0-").join(",")}`);
      assert.deepEqual([many.status, many.body], [200, body]);
      assert.equal((await get(path, "Range: bytes=99999-")).status, 416);
      assert.equal((await get(path)).body, body);
      assert.equal((await asked())[`GET ${path}`], 1);
    });
  });

  describe("while two releases run", () => {
    const other = `${name}-candidate`;
    let router: Router;

    before(async () => {
      const origin = ["--volume", `${__dirname}/origin.cjs:/origin.cjs:ro`, (await prepareImage("node"))!];
      const named = ["--name", other, "--network", name, "--init"];
      await run(docker, ["run", "--detach", ...named, ...origin, "node", "/origin.cjs", "3000", "candidate"]);
      const address = ["inspect", "--format", `{{(index .NetworkSettings.Networks "${name}").IPAddress}}`, other];
      router = new Router(new Engine(), [`${name}-router`], 3000);
      await router.admit([await run(docker, address)]);
      await router.share(10);
      await eventually(async () => assert.equal((await get("/", "x-slipway-release: candidate")).status, 200));
      await sleep(2000);
    });
    after(async () => {
      await router.withdraw();
      await removeContainers([other]);
    });

    for (const release of ["stable", "candidate"])
      it(`has each file, also one that is not of ${release}`, async () => {
        const paths = Array.from({ length: 20 }, (_, index) => `/_next/static/not-of-${release}-${index}.js`);
        for (const path of paths) assert.equal((await get(path)).status, 200, path);
      });

    it("changes nothing twice", async () => {
      const path = "/_next/static/%2e%2e/twice/cut.js";
      const { status } = await send([`POST ${path} HTTP/1.1`, `Host: ${domain}`, "Content-Length: 3"], "abc");
      assert.equal(status, 502);
      assert.ok(((await asked())[`POST ${path}`] ?? 0) <= 1);
    });
  });

  it("a changed configuration cuts none of 150 streams, closes no port and is there before they end", async () => {
    const streams = Array.from({ length: 75 }, () => get("/sse-long"));
    const over = Array.from({ length: 75 }, () => over2({ ":path": "/sse-long" }));
    await sleep(1000);
    const reloads = async () => (await log()).split("read again").length;
    const before = await reloads();
    configure({ ...args, errorPage: "<!doctype html><title>Changed</title>" });
    const failed: unknown[] = [];
    let [asked, changed] = [0, false];
    for (const until = Date.now() + 6000; Date.now() < until; asked += 1) {
      await get("/").then(
        ({ status }) => status === 200 || failed.push(status),
        (error: unknown) => failed.push(error),
      );
      changed ||= (await reloads()) > before;
    }
    assert.deepEqual([failed, changed], [[], true]);
    assert.ok(asked > 20);
    const bodies = [...(await Promise.all(streams)), ...(await Promise.all(over))].map(({ body }) => body);
    assert.equal(bodies.filter((body) => body.includes("data: last")).length, 150);
    configure(args);
    await sleep(3000);
  });

  it("a file that is not kept and is read slowly takes no memory", async () => {
    const readers = Array.from({ length: 12 }, (_, index) => {
      const socket = connectTls({ host: "127.0.0.1", port: bed.https, servername: domain, rejectUnauthorized: false });
      socket.on("error", () => undefined).pause();
      socket.write(request(`GET /_next/static/large-${index}.bin HTTP/1.1`, `Host: ${domain}`));
      return socket;
    });
    await sleep(3000);
    const used = await run(docker, ["exec", `${name}-nginx`, "du", "-sk", "/tmp/proxy"]);
    readers.forEach((socket) => socket.destroy());
    assert.ok(Number.parseInt(used) < 1024, used);
    assert.ok((await get("/_next/static/large-other.bin")).raw.length > 12 * 1024 ** 2);
  });

  describe("paths", () => {
    for (const path of ["/a#b", "/a?b#c", "/a%00b", "/%", "/%zz", "/..", "/../x", "*", "/a b", "/a\x01b", "/\xe4"])
      it(`are refused: ${JSON.stringify(path)}`, async () => {
        assert.equal(status(await exchange(request(`GET ${path} HTTP/1.1`, `Host: ${domain}`, close))), 400);
      });

    for (const path of [
      "/a%5cb",
      "/%252e%252e/x",
      "/a.",
      "/a%20",
      "/%c0%ae%c0%ae/",
      "/_NEXT/static/x.js",
      "//a//b",
      "/a?b?c",
    ])
      it(`get to the application as they were sent: ${path}`, async () => {
        assert.equal((await echoed(path)).url, path);
      });

    it("may be 16 KB long", async () => {
      assert.equal((await get(`/${"a".repeat(15_000)}`)).status, 200);
      assert.equal((await get(`/${"a".repeat(17_000)}`)).status, 414);
    });
  });

  describe("requests that two servers could read as two", () => {
    const chunked = "Transfer-Encoding: chunked";
    const post = (...headers: readonly string[]) => request("POST /one HTTP/1.1", `Host: ${domain}`, ...headers);
    const two = "0\r\n\r\nGET /two HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const [what, text] of Object.entries({
      "both lengths": post("Content-Length: 40", chunked) + two,
      "two lengths": post("Content-Length: 0", "Content-Length: 40") + two,
      "a length with a sign": post("Content-Length: +5") + two,
      "another encoding": post("Transfer-Encoding: xchunked") + two,
      "two encodings": post(chunked, "Transfer-Encoding: identity") + two,
      "an encoding and more": post("Transfer-Encoding: chunked, identity") + two,
      "a space before the colon": post("Transfer-Encoding : chunked") + two,
      "a folded header": post("X-A: b", " Transfer-Encoding: chunked") + two,
      "a carriage return in a header": post("X-A: b\rTransfer-Encoding: chunked") + two,
      "HTTP/1.0 with chunks": request("POST /one HTTP/1.0", `Host: ${domain}`, chunked) + two,
      "a control character": request("GET /one HTTP/1.1", `Host: ${domain}`, "X-A: b\x01c"),
      "two hosts": request("GET /one HTTP/1.1", `Host: ${domain}`, "Host: evil.example"),
    }))
      it(`are refused: ${what}`, async () => {
        assert.match(await exchange(text), /^HTTP\/1\.1 (400|501) /);
        assert.deepEqual(
          Object.keys(await asked()).filter((each) => /\/(one|two)$/.test(each)),
          [],
        );
      });

    for (const method of ["TRACE / HTTP/1.1", "CONNECT evil.example:443 HTTP/1.1"])
      it(`are refused: ${method}`, async () => {
        assert.match(await exchange(request(method, `Host: ${domain}`, close)), /^HTTP\/1\.1 4\d\d /);
      });
  });

  describe("headers", () => {
    it("by which Next.js talks to itself, or a proxy to a framework, are cleared", async () => {
      const claimed = [
        ...["x-now-route-matches", "x-matched-path", "x-invoke-status", "x-middleware-rewrite", "x-middleware-skip"],
        ...["Forwarded-For", "X-Forwarded", "Fly-Client-IP", "X-Vercel-Forwarded-For", "X-Remote-Addr", "Client-IP"],
        ...["X-Forwarded-Protocol", "X-Override-URL", "X-Method-Override"],
      ];
      const { headers } = await echoed("/", ...claimed.map((header) => `${header}: claimed`));
      assert.doesNotMatch(JSON.stringify(headers), /claimed/);
    });

    it("are not taken out by naming them as the connection's", async () => {
      const named = `Connection: close, X-Forwarded-For, X-Real-IP, X-Forwarded-Proto, Host`;
      const answer = await exchange(request("GET / HTTP/1.1", `Host: ${domain}`, named));
      for (const header of ["x-forwarded-for", "x-real-ip", "x-forwarded-proto"])
        assert.match(answer, new RegExp(header));
    });

    it("keep the password of a site that is not for everybody from the application", async () => {
      writeFileSync(join(folder, "state", "htpasswd"), "staging:{PLAIN}hunter2\n");
      configure({ ...args, basicAuth: "/var/lib/slipway/htpasswd" });
      await eventually(async () => assert.equal((await get("/")).status, 401));
      const basic = `Authorization: Basic ${Buffer.from("staging:hunter2").toString("base64")}`;
      assert.equal((await echoed("/", basic)).headers["authorization"], undefined);
      configure(args);
      await eventually(async () => assert.equal((await get("/")).status, 200));
    });

    for (const [bytes, expected] of [
      [4_000, 200],
      [8_300, 200],
      [15_900, 200],
      [16_500, 400],
      [40_000, 400],
    ] as const)
      it(`of ${bytes} bytes in a request: ${expected}`, async () => {
        assert.equal((await get("/", `Cookie: ${"x".repeat(bytes)}`)).status, expected);
      });

    for (const [bytes, expected] of [
      [4_200, 200],
      [8_300, 200],
      [16_500, 200],
      [31_500, 200],
      [33_000, 502],
    ] as const)
      it(`of ${bytes} bytes in a response: ${expected}`, async () => {
        assert.equal((await get(`/headers-of-${bytes}-bytes`)).status, expected);
      });
  });

  describe("hosts", () => {
    it("go by the request and not by the name that TLS began with", async () => {
      const own = request("GET / HTTP/1.1", `Host: ${domain}`, close);
      assert.equal(status(await exchange(own, "evil.example")), 200);
      for (const host of ["evil.example", "[::1]", `${domain}.evil.example`])
        assert.equal(status(await exchange(request("GET / HTTP/1.1", `Host: ${host}`, close))), 421);
      assert.equal(status(await exchange(request("GET / HTTP/1.1", `Host: ${domain}@evil.example`, close))), 421);
      assert.equal(status(await exchange(request("GET / HTTP/1.0"))), 421);
    });

    for (const host of [`${domain}.`, `${domain}:99`, domain.toUpperCase()])
      it(`reach the application as the site's own name: ${host}`, async () => {
        const { headers } = await echoed("/", `Host: ${host}`);
        assert.deepEqual([headers["host"], headers["x-forwarded-host"]], [domain, domain]);
      });

    it("are one over HTTP/2 too", async () => {
      const ask = (authority: string) => over2({ ":authority": authority, ":path": "/" });
      assert.equal((await ask("evil.example")).status, 421);
      const { body } = await ask(`${domain}:8443`);
      assert.equal((JSON.parse(body) as { headers: Record<string, string> }).headers["host"], domain);
    });
  });

  describe("bodies", () => {
    it("that are longer than allowed and do not say so are cut off, in chunks and over HTTP/2", async () => {
      const megabyte = "x".repeat(1024 ** 2);
      const chunks = `100000\r\n${megabyte}\r\n`.repeat(11);
      const text = request("POST /upload HTTP/1.1", `Host: ${domain}`, "Transfer-Encoding: chunked", close);
      assert.equal(status(await exchange(`${text}${chunks}0\r\n\r\n`, domain, 8000)), 413);
      const sent = over2({ ":method": "POST", ":path": "/upload" }, megabyte.repeat(11));
      assert.equal((await sent).status, 413);
    });

    it("are asked for where the client waits for it", async () => {
      const headers = [`Host: ${domain}`, "Expect: 100-continue", "Content-Length: 5", close];
      assert.match(
        await exchange(`${request("POST /upload HTTP/1.1", ...headers)}abcde`),
        /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[^]*"bytes":5/,
      );
    });
  });

  it("a WebSocket goes through, and no other protocol", async () => {
    const key = ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
    const upgrade = (protocol: string) =>
      exchange(request("GET /ws HTTP/1.1", `Host: ${domain}`, "Connection: Upgrade", `Upgrade: ${protocol}`, ...key));
    assert.match(await upgrade("websocket"), /^HTTP\/1\.1 101 [^]*s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/);
    for (const protocol of ["h2c", "websocket, h2c"]) assert.equal(status(await upgrade(protocol)), 200);
  });

  describe("limits behind a proxy that is trusted", () => {
    const from = (address: string) => get("/", `X-Forwarded-For: 9.9.9.9, ${address}`);
    const limited = async (addresses: readonly string[]) =>
      (await Promise.all(addresses.map(from))).filter(({ status }) => status === 429).length;

    before(async () => {
      configure({ ...args, requestsPerSecond: 1, trustedProxies: ["0.0.0.0/1", "128.0.0.0/2", "192.168.0.0/16"] });
      let asked = 0;
      await eventually(async () => {
        const address = `203.0.113.${(asked += 1)}`;
        assert.equal((await echoed("/", `X-Forwarded-For: ${address}`)).headers["x-real-ip"], address);
      });
    });
    after(async () => {
      configure(args);
      await sleep(4000);
    });

    for (const [network, addresses] of [
      ["2001:db8:1:2::/64", (n: number) => `2001:db8:1:2:${n}:2:3:4`],
      ["2001:db8:2:2::/64", (n: number) => `2001:db8:2:2::${n}`],
      ["2001:db8::/64", (n: number) => `2001:db8::${n}`],
      ["2001:db8::/64, from its middle", (n: number) => `2001:db8::${n}:2:3:4`],
      ["2001:0:0:4::/64", (n: number) => `2001::4:${n}:2:3:4`],
    ] as const)
      it(`count all addresses of ${network} as one visitor`, async () => {
        assert.ok((await limited(Array.from({ length: 15 }, (_, index) => addresses(index + 1)))) >= 8);
      });

    it("count other networks and other addresses of IPv4 by themselves", async () => {
      const others = (n: number) => [`2001:db8:9:${n}::1`, `2001:0:0:${n + 20}:1:2:3:4`, `198.51.100.${n}`];
      assert.equal(await limited(Array.from({ length: 10 }, (_, index) => others(index + 1)).flat()), 0);
    });
  });

  it("no query is logged, also where nginx itself refuses", async () => {
    const token = "?token=hunter3&x=1";
    await get(`/headers-of-33000-bytes${token}`, `Referer: https://${domain}/${token}`);
    await send([`POST /${token} HTTP/1.1`, `Host: ${domain}`, `Content-Length: ${11 * 1024 ** 2}`]);
    await get(`/cut${token}`);
    await eventually(async () =>
      assert.match(await log(), /upstream sent too big header[^]*"GET \/headers-of-33000-bytes\? HTTP/),
    );
    assert.doesNotMatch(await log(), /hunter3/);
    assert.doesNotMatch(await log(), /\[(warn|emerg)\]/, "nor does nginx warn of its configuration");
  });

  function over2(headers: Record<string, string>, body = ""): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const session = connectHttp2(`https://127.0.0.1:${bed.https}`, { servername: domain, rejectUnauthorized: false });
      session.on("error", reject);
      const stream = session.request({ ":authority": domain, ...headers }, { endStream: body === "" });
      let [status, text] = [0, ""];
      stream.on("response", (answer) => (status = Number(answer[":status"])));
      stream.on("data", (part: Buffer) => (text += part.toString()));
      stream
        .on("error", () => undefined)
        .on("close", () => {
          session.destroy();
          resolve({ status, body: text });
        });
      if (body !== "") stream.end(body);
    });
  }
});
