import { strict as assert } from "node:assert";
import { createHash, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { NginxConfiguration } from "../../components/ingress/docker/nginx-configuration";
import { freePort } from "../engine/workspace";
import { type Echo, IngressBed } from "./ingress-bed";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** What a browser makes of it: Chromium with QUIC, and one without. */
describe("HTTP/3 of the ingress, in a browser", function () {
  this.timeout(120_000);
  const domain = "localhost";
  let port = 0;
  let bed: IngressBed;

  before(async function () {
    if (!existsSync(executablePath)) {
      console.log("      skipped: no Chromium");
      return this.skip();
    }
    port = await freePort();
    const args: NginxConfiguration = {
      ...{ socket: "/run/slipway-router/current.sock", domain, httpsPort: port, http3: true, assetCacheDays: 7 },
      ...{ certificate: "/etc/tls/fullchain.pem", certificateKey: "/etc/tls/privkey.pem" },
      ...{
        requestsPerSecond: 1000,
        maxBodyMb: 10,
        trustedProxies: [],
        errorPage: "<!doctype html><title>Ours</title>",
      },
    };
    bed = new IngressBed(args);
    if (!(await bed.start(`127.0.0.1:${port}:8443/tcp`, `127.0.0.1:${port}:8443/udp`))) return this.skip();
  });
  after(() => bed?.stop());

  /** Pages one after the other, by the protocol that each came with. */
  async function visit(...flags: readonly string[]): Promise<{ protocol: string; echo: Echo }[]> {
    const certificate = new X509Certificate(readFileSync(join(bed.folder, "tls/fullchain.pem")));
    const key = certificate.publicKey.export({ type: "spki", format: "der" });
    const trusted = createHash("sha256").update(key).digest("base64");
    const args = [
      "--no-sandbox",
      `--ignore-certificate-errors-spki-list=${trusted}`,
      "--host-resolver-rules=MAP localhost 127.0.0.1",
      ...flags,
    ];
    const browser = await chromium.launch({ executablePath, args });
    try {
      const page = await browser.newPage();
      const seen = [];
      for (let time = 0; time < 4; time += 1) {
        const response = await page.goto(`https://${domain}:${port}/page-${time}`);
        // In the page, whose types are not these.
        const protocol = await page.evaluate<string>("performance.getEntriesByType('navigation')[0].nextHopProtocol");
        seen.push({ protocol, echo: JSON.parse(await response!.text()) as Echo });
        await page.waitForTimeout(300);
      }
      return seen;
    } finally {
      await browser.close();
    }
  }

  it("answers over QUIC, and the application gets what it gets over TCP", async () => {
    const pages = await visit("--enable-quic", `--origin-to-force-quic-on=${domain}:${port}`);
    assert.deepEqual(
      pages.map(({ protocol }) => protocol),
      ["h3", "h3", "h3", "h3"],
    );
    const { headers } = pages[0]!.echo;
    assert.deepEqual(
      [headers["host"], headers["x-forwarded-host"], headers["x-forwarded-proto"]],
      [`${domain}:${port}`, `${domain}:${port}`, "https"],
    );
    assert.match(headers["x-forwarded-for"] ?? "", /^\d+\.\d+\.\d+\.\d+$/);
  });

  it("is told of in every answer, and not used by a browser that has no QUIC", async () => {
    const told = `h3=":${port}"; ma=86400`;
    for (const path of ["/", "/_next/static/chunks/a.js", "/_next/static/chunks/missing.js"])
      assert.equal((await bed.get(path)).headers["alt-svc"], told, path);
    const pages = await visit("--disable-quic");
    assert.deepEqual(new Set(pages.map(({ protocol }) => protocol)), new Set(["h2"]));
  });

  it("does not serve another host", async () => {
    const refused = await bed.get("/", "Host: evil.example");
    assert.equal(refused.status, 421);
  });
});
