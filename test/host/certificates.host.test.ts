import { strict as assert } from "node:assert";
import { X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { stringify } from "yaml";
import { freePort } from "../engine/workspace";
import { linkProject, projectDir } from "../project";
import { prepareSupporting } from "./images";
import { docker, removeStack, run, works } from "./run";

/**
 * Certificates by ACME: the stack's own certbot and nginx, and Pebble as the authority, which asks for the domain as Let's
 * Encrypt does, with BIND as its DNS. Made by the stand-in for the Pulumi engine in test/host/engine.
 */
describe("certificates of an authority, on one host", function () {
  this.timeout(600_000);
  const stack = `acme-${process.pid}`;
  const name = `slipway-${stack}`;
  const domain = "shop.slipway.test";
  const folder = mkdtempSync(join(tmpdir(), "slipway-acme-"));
  const environment = { ...process.env, PATH: `${join(__dirname, "engine")}${delimiter}${process.env["PATH"]}` };
  const up = () => run("pulumi", ["up", "--stack", stack], { cwd: folder, env: environment });
  let images: Record<string, string> = {};
  let network: object;
  let port = 0;

  before(async function () {
    const prepared = await prepareSupporting("nginx", "haproxy", "prometheus", "alertmanager", "certbot", "node");
    if (prepared === undefined) {
      console.log("      skipped: no Docker engine");
      return this.skip();
    }
    images = prepared;
    if (!(await works("go", "version"))) {
      console.log("      skipped: no Go to build Pebble");
      return this.skip();
    }
    mkdirSync(join(folder, "authority"));
    const pebble = await run(join(projectDir, "test", "bed", "acme", "build.sh"), []);
    await run("cp", [pebble, join(folder, "authority", "pebble")]);
    await authorityFiles();
    port = await freePort();
    network = { httpPort: await freePort(), httpsPort: port, monitoringPort: await freePort() };
    linkProject(folder);
  });

  after(async () => {
    await removeStack(stack);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Pebble's own certificate, its settings, and a zone that one key may change. */
  async function authorityFiles(): Promise<void> {
    const at = (file: string) => join(folder, "authority", file);
    const subject = ["-subj", "/CN=authority", "-addext", "subjectAltName=DNS:authority"];
    const files = ["-keyout", at("key.pem"), "-out", at("root.pem")];
    await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...files, ...subject]);
    const listen = { listenAddress: "0.0.0.0:14000", managementListenAddress: "0.0.0.0:15000" };
    // nginx listens on 8080 in its container: port 80 is the host's.
    const pebble = {
      ...listen,
      certificate: "/authority/root.pem",
      privateKey: "/authority/key.pem",
      httpPort: 8080,
      tlsPort: 8443,
    };
    writeFileSync(at("pebble.json"), JSON.stringify({ pebble }));
    const secret = Buffer.from("a key for the tests of slipway..").toString("base64");
    writeFileSync(
      at("rfc2136.ini"),
      `dns_rfc2136_server = AUTHORITY\ndns_rfc2136_name = slipway\ndns_rfc2136_secret = ${secret}\ndns_rfc2136_algorithm = HMAC-SHA256\n`,
    );
    writeFileSync(
      at("named.conf"),
      `key slipway { algorithm hmac-sha256; secret "${secret}"; };
options { directory "/tmp"; listen-on { any; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; allow-query { any; }; pid-file none; session-keyfile none; };
controls {};
zone "slipway.test" { type primary; file "/tmp/zone"; allow-update { key slipway; }; };
`,
    );
    writeFileSync(
      at("zone"),
      `$TTL 1\n@ IN SOA ns.slipway.test. ops.slipway.test. 1 60 60 60 1\n@ IN NS ns\nns IN A 127.0.0.1\n${domain.split(".")[0]} IN A ADDRESS\n`,
    );
    await run("chmod", ["-R", "a+rX", folder]);
    chmodSync(at("pebble"), 0o755);
  }

  function configure(acme: object, secrets: object = {}): void {
    const settings = {
      ...{ target: "docker", preset: "development", domain, image: images["node"], network },
      images: Object.fromEntries(Object.entries(images).filter(([image]) => image !== "node")),
      ...{
        database: { implementation: "none" },
        cache: { implementation: "none" },
        storage: { implementation: "none" },
      },
      service: {
        ...{ memoryMb: 128, graceSeconds: 6, drainSeconds: 1 },
        command: ["node", "-e", site],
        health: { live: "/", ready: "/" },
      },
      tls: {
        acme: {
          ...{ email: "ops@example.com", directoryUrl: "https://authority:14000/dir" },
          ...{ rootCertificate: join(folder, "authority", "root.pem"), ...acme },
        },
      },
      secrets,
    };
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`slipway:${key}`, value]));
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  }
  const site = `require("http").createServer((q, s) => s.end("ok")).listen(3000)`;

  async function startAuthority(): Promise<void> {
    const format = `{{(index .NetworkSettings.Networks "${name}-edge").IPAddress}}`;
    const address = await run(docker, ["inspect", "--format", format, `${name}-nginx`]);
    const script = `sed 's/ADDRESS/${address}/' /authority/zone >/tmp/zone && cp /authority/named.conf /tmp && named -4 -c /tmp/named.conf -g & sleep 2; exec /authority/pebble -config /authority/pebble.json -dnsserver 127.0.0.1:53`;
    await run(docker, [
      ...[
        "run",
        "--detach",
        "--init",
        "--name",
        `${name}-authority`,
        "--network",
        `${name}-edge`,
        "--network-alias",
        "authority",
      ],
      ...["--env", "PEBBLE_VA_NOSLEEP=1", "--volume", `${folder}/authority:/authority:ro`],
      ...["--entrypoint", "sh", images["certbot"]!, "-c", script],
    ]);
    await eventually(async () =>
      assert.match(await run("sh", ["-c", `${docker} logs ${name}-authority 2>&1`]), /Listening on: 0\.0\.0\.0:14000/),
    );
  }

  /** The certificate that a browser is shown. */
  const shown = () =>
    new Promise<X509Certificate>((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, servername: domain, rejectUnauthorized: false }, () => {
        resolve(new X509Certificate(socket.getPeerCertificate().raw));
        socket.destroy();
      });
      socket.on("error", reject);
    });
  const status = () =>
    new Promise<number>((resolve, reject) => {
      const headers = { host: `${domain}:${port}` };
      const options = { host: "127.0.0.1", port, servername: domain, rejectUnauthorized: false, agent: false, headers };
      request(options, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode!));
      })
        .on("error", reject)
        .end();
    });
  async function eventually<T>(attempt: () => Promise<T>, seconds = 180): Promise<T> {
    for (const until = Date.now() + seconds * 1000; ; await sleep(300)) {
      try {
        return await attempt();
      } catch (error) {
        if (Date.now() > until) {
          const log = await run("sh", ["-c", `${docker} logs --tail 20 ${name}-nginx-certbot 2>&1`]).catch(String);
          throw new Error(`${(error as Error).message}\n${log}`, { cause: error });
        }
      }
    }
  }
  /** Asks all the time while `act` goes on: none may fail. */
  async function whileAsked<T>(act: () => Promise<T>): Promise<T> {
    let asked = 0;
    const failed: string[] = [];
    let going = true;
    const asking = (async () => {
      while (going) {
        asked += 1;
        await status().then(
          (code) => code === 200 || failed.push(String(code)),
          (error: Error) => failed.push(error.message),
        );
        await sleep(20);
      }
    })();
    const result = await act().finally(() => (going = false));
    await asking;
    assert.deepEqual(failed, [], `of ${asked} requests`);
    console.log(`      ${asked} requests, 0 failed`);
    return result;
  }

  it("serves with a certificate of its own until there is one, and says what is amiss", async () => {
    configure({});
    await up();
    await eventually(async () => assert.equal(await status(), 200));
    const own = await shown();
    assert.equal(own.issuer, own.subject);
    await eventually(async () => {
      const log = await run("sh", ["-c", `${docker} logs ${name}-nginx-certbot 2>&1`]);
      assert.match(
        log,
        /no certificate: does the domain lead to this host, on port 80\? Next attempt in 15 minutes, or at once: docker restart/,
      );
      assert.equal(
        await run(docker, ["inspect", "--format", "{{.State.Health.Status}}", `${name}-nginx-certbot`]),
        "unhealthy",
      );
    });
  });

  it("gets one by a file on port 80, and nginx takes it up without a lost request", async () => {
    await startAuthority();
    await whileAsked(async () => {
      await run(docker, ["restart", "--time", "2", `${name}-nginx-certbot`]);
      await eventually(async () => assert.match((await shown()).issuer, /Pebble/));
    });
    const issued = await shown();
    assert.equal(issued.checkHost(domain), domain);
    await eventually(async () =>
      assert.equal(
        await run(docker, ["inspect", "--format", "{{.State.Health.Status}}", `${name}-nginx-certbot`]),
        "healthy",
      ),
    );
  });

  it("renews it without a closed port", async () => {
    const { serialNumber } = await shown();
    const renew = [
      "renew",
      "--force-renewal",
      "--no-random-sleep-on-renew",
      "--config-dir",
      "/var/lib/slipway-certificates",
    ];
    await whileAsked(async () => {
      await run(docker, [
        ...["exec", `${name}-nginx-certbot`, "certbot", ...renew, "--work-dir", "/tmp/work", "--logs-dir", "/tmp/logs"],
      ]);
      await eventually(async () => assert.notEqual((await shown()).serialNumber, serialNumber));
    });
  });

  it("has it at once after a restart, and keeps its keys to itself", async () => {
    const { serialNumber } = await shown();
    await run(docker, ["restart", "--time", "2", `${name}-nginx`]);
    await eventually(async () => assert.equal((await shown()).serialNumber, serialNumber), 15);
    const modes = await run(docker, [
      ...[
        "exec",
        `${name}-nginx`,
        "sh",
        "-c",
        "stat -L -c '%a %u' /var/lib/slipway-certificates/live/site/privkey.pem",
      ],
    ]);
    assert.equal(modes, "600 101");
  });

  it("gets one by a DNS record, with credentials that the application does not see", async () => {
    const address = await run(docker, [
      ...["inspect", "--format", `{{(index .NetworkSettings.Networks "${name}-edge").IPAddress}}`, `${name}-authority`],
    ]);
    const credentials = readFileSync(join(folder, "authority", "rfc2136.ini"), "utf8").replace("AUTHORITY", address);
    writeFileSync(join(folder, "dns.ini"), credentials);
    await run(docker, ["volume", "rm", "--force", `${name}-unused`]);
    const { serialNumber } = await shown();
    configure(
      { dnsProvider: "rfc2136", dnsCredentials: "DNS_INI" },
      { DNS_INI: { reference: join(folder, "dns.ini") } },
    );
    await up();
    // Another name of the certificate would be a new one anyway: this one is told to renew.
    const force = `sed -i 's/^renew_before_expiry.*//' /var/lib/slipway-certificates/renewal/site.conf; certbot certonly --non-interactive --agree-tos --email ops@example.com --server https://authority:14000/dir --cert-name site --domain ${domain} --force-renewal --config-dir /var/lib/slipway-certificates --work-dir /tmp/work --logs-dir /tmp/logs --dns-rfc2136 --dns-rfc2136-credentials /run/secrets/dns/value --dns-rfc2136-propagation-seconds 2`;
    await run(docker, ["exec", `${name}-nginx-certbot`, "sh", "-c", force]);
    await eventually(async () => assert.notEqual((await shown()).serialNumber, serialNumber));
    const mounts = await run("sh", [
      "-c",
      `for id in $(${docker} ps -q --filter label=app.slipway.component=${name}-app); do ${docker} inspect --format '{{json .Mounts}} {{json .Config.Env}}' $id; done`,
    ]);
    assert.ok(mounts.length > 2);
    assert.doesNotMatch(mounts, /dns-ini|DNS_INI/i);
  });
});
