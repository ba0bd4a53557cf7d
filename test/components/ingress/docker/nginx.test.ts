import { strict as assert } from "node:assert";
import { isDeepStrictEqual } from "node:util";
import { DockerNginx, type DockerNginxArgs } from "../../../../components/ingress/docker/nginx";
import { isSecret, type Plan } from "../../../../tools/plan/plan";
import { all, only, record } from "../../../record";
import {
  type ContainerInputs,
  container,
  containerType,
  fileNamed,
  textNamed,
  labelNames,
  network,
  volumeType,
} from "../../docker-mocks";

describe("DockerNginx", () => {
  const create = (more: Partial<DockerNginxArgs> = {}) =>
    record(
      () =>
        new DockerNginx("shop-nginx", {
          network,
          socket: "shop-router-socket",
          state: "shop-router-receipts",
          image: "nginx:1",
          domain: "shop.example.com",
          bindAddress: "127.0.0.1",
          httpPort: 8080,
          httpsPort: 8443,
          ...more,
        }).url,
    ).then((recorded) => ({ ...recorded, configuration: textNamed(recorded, "nginx.conf") }));
  let plan: Plan & { configuration: string };
  let server: ContainerInputs;
  before(async () => {
    plan = await create({ assetCacheDays: 7 });
    server = container(plan, "shop-nginx-server").inputs;
  });

  it("publishes its two ports on the address that was asked for", () => {
    assert.deepEqual(server.ports, [
      { ip: "127.0.0.1", external: 8080, internal: 8080 },
      { ip: "127.0.0.1", external: 8443, internal: 8443 },
    ]);
    assert.deepEqual(server.networksAdvanced, [{ name: "shop-edge" }]);
  });

  it("gives ports and name back before a new one takes them, and finishes requests in flight", () => {
    assert.equal(container(plan, "shop-nginx-server").resource.options.deleteBeforeReplace, true);
    assert.deepEqual([server["stopSignal"], server["stopTimeout"], server["destroyGraceSeconds"]], ["SIGQUIT", 5, 5]);
  });

  it("runs without privileges on a read-only root", () => {
    assert.equal(server.user, "101:101");
    assert.equal(server["readOnly"], true);
    assert.deepEqual(server["capabilities"], { drops: ["ALL"] });
  });

  it("makes itself a certificate for a year, renewed by `pulumi up` in its last month, and its key a secret", () => {
    const { inputs } = only(plan, "tls:index/selfSignedCert:SelfSignedCert");
    assert.deepEqual(
      { ...inputs, privateKeyPem: isSecret(inputs["privateKeyPem"]) },
      {
        privateKeyPem: true,
        subject: { commonName: "shop.example.com" },
        dnsNames: ["shop.example.com"],
        allowedUses: ["digital_signature", "server_auth"],
        validityPeriodHours: 8760,
        earlyRenewalHours: 720,
      },
    );
    assert.ok(isSecret(fileNamed(plan, "key/value")));
    assert.deepEqual(server.mounts.slice(0, 2), [
      { type: "volume", target: "/run/secrets/certificate", source: "shop-nginx-tls-certificate", readOnly: true },
      { type: "volume", target: "/run/secrets/key", source: "shop-nginx-tls-key", readOnly: true },
    ]);
  });

  it("is the same container for another configuration or certificate: it reads them again itself", async () => {
    const other = await create({ assetCacheDays: 7, requestsPerSecond: 5, trustedProxies: ["10.0.0.0/8"] });
    assert.notEqual(other.configuration, plan.configuration);
    assert.deepEqual(container(other, "shop-nginx-server").inputs, server);
    assert.deepEqual(labelNames(server), ["app.slipway.component", "app.slipway.stack"]);
    const [shell, , script] = server.command ?? [];
    assert.equal(shell, "sh");
    for (const file of ["/run/secrets/certificate/value", "/run/secrets/key/value"]) assert.ok(script?.includes(file));
  });

  it("takes a certificate from a folder of the host, and then makes none", async () => {
    const mounted = await create({ certificateFolder: "/etc/tls/shop" });
    assert.equal(all(mounted, "tls:index/privateKey:PrivateKey").length, 0);
    const { mounts } = container(mounted, "shop-nginx-server").inputs;
    assert.deepEqual(mounts[0], { type: "bind", target: "/etc/slipway-tls", source: "/etc/tls/shop", readOnly: true });
    assert.ok(mounted.configuration.includes("ssl_certificate /etc/slipway-tls/fullchain.pem;"));
    assert.ok(mounted.configuration.includes("ssl_certificate_key /etc/slipway-tls/privkey.pem;"));
  });

  it("caches the static files of releases on a volume, by path alone", () => {
    assert.ok(only(plan, volumeType, "shop-nginx-assets"));
    assert.deepEqual(server.mounts.at(-1), {
      type: "volume",
      target: "/var/cache/nginx",
      source: "shop-nginx-assets",
    });
    for (const line of ["inactive=7d", "proxy_cache_key $asset;", "proxy_cache_valid 200 7d;"]) {
      assert.ok(plan.configuration.includes(line), line);
    }
  });

  it("caches nothing where nobody asked for it", async () => {
    const without = await create();
    assert.equal(without.configuration.includes("proxy_cache"), false);
    assert.equal(
      all(without, volumeType).some(({ name }) => name.endsWith("-assets")),
      false,
    );
  });

  it("speaks TLS 1.2 and 1.3 alone, and sends everybody there", () => {
    assert.ok(plan.configuration.includes("ssl_protocols TLSv1.2 TLSv1.3;"));
    assert.ok(plan.configuration.includes("return 308 https://shop.example.com:8443$request_uri;"));
    assert.ok(
      textNamed(plan, "response-headers.conf").includes(
        'add_header Strict-Transport-Security "max-age=63072000" always;',
      ),
    );
  });

  it("leaves the port out of addresses where it is the usual one", async () => {
    const usual = await create({ httpsPort: 443 });
    assert.ok(usual.configuration.includes("return 308 https://shop.example.com$request_uri;"));
    assert.equal(container(usual, "shop-nginx-server").resource.parent?.split("::").at(-1), "shop-nginx");
  });

  it("reaches the router by a socket, and asks nobody for a name", () => {
    assert.ok(plan.configuration.includes("server unix:/run/slipway-router/current.sock;"));
    assert.equal(plan.configuration.includes("resolver"), false);
    const mount = { type: "volume", target: "/run/slipway-router", source: "shop-router-socket", readOnly: true };
    assert.ok(server.mounts.some((each) => isDeepStrictEqual(each, mount)));
  });

  it("gives everybody the error page while the flag of maintenance is there, and when nobody answers", async () => {
    assert.ok(plan.configuration.includes("if (-f /var/lib/slipway/maintenance)"));
    assert.ok(plan.configuration.includes("error_page 502 503 504 /-/error;"));
    const mount = { type: "volume", target: "/var/lib/slipway", source: "shop-router-receipts", readOnly: true };
    assert.ok(server.mounts.some((each) => isDeepStrictEqual(each, mount)));
    assert.match(textNamed(plan, "error.html"), /Back soon/);
    assert.equal(textNamed(await create({ errorPage: "<p>ours</p>" }), "error.html"), "<p>ours</p>");
  });

  it("asks for a name and a generated password where it is told to, which no configuration holds", async () => {
    assert.equal(plan.configuration.includes("auth_basic_user_file"), false);
    const closed = await create({ basicAuthUser: "staging" });
    assert.ok(closed.configuration.includes("auth_basic_user_file /run/secrets/basic-auth/value;"));
    assert.ok(isSecret(fileNamed(closed, "basic-auth/value")));
  });

  it("serves an ACME client's answers where there is one", async () => {
    assert.equal(plan.configuration.includes("acme-challenge"), false);
    const acme = await create({ acmeFolder: "/srv/acme" });
    assert.ok(acme.configuration.includes("root /var/lib/slipway-acme;"));
    const mount = { type: "bind", target: "/var/lib/slipway-acme", source: "/srv/acme", readOnly: true };
    assert.ok(container(acme, "shop-nginx-server").inputs.mounts.some((each) => isDeepStrictEqual(each, mount)));
  });

  it("sets headers in every location that passes a request on, and by the same file", () => {
    const locations = plan.configuration.split(/^\s*location /m).filter((text) => text.includes("proxy_pass http"));
    assert.equal(locations.length, 2);
    for (const location of locations)
      assert.ok(location.includes("include /etc/slipway/proxy-headers.conf;"), location);
    assert.equal(plan.configuration.includes("proxy_set_header"), false);
    assert.equal(textNamed(plan, "proxy-headers.conf").includes("$proxy_add_x_forwarded_for"), false);
  });

  it("believes X-Forwarded-For of trusted proxies alone", async () => {
    assert.equal(plan.configuration.includes("set_real_ip_from"), false);
    const { configuration } = await create({ trustedProxies: ["10.0.0.0/8", "2400:cb00::/32"] });
    for (const line of ["set_real_ip_from 10.0.0.0/8;", "set_real_ip_from 2400:cb00::/32;", "real_ip_recursive on;"]) {
      assert.ok(configuration.includes(line), line);
    }
  });

  it("limits requests and uploads, as far as asked for", async () => {
    for (const line of ["rate=50r/s;", "burst=200 nodelay;", "client_max_body_size 10m;"]) {
      assert.ok(plan.configuration.includes(line), line);
    }
    const { configuration } = await create({ requestsPerSecond: 5, maxBodyMb: 50 });
    for (const line of ["rate=5r/s;", "burst=20 nodelay;", "client_max_body_size 50m;"]) {
      assert.ok(configuration.includes(line), line);
    }
  });

  describe("with a certificate authority", () => {
    const acme = { image: "certbot/certbot:v5", email: "ops@example.com" };
    const client = (recorded: Plan) => container(recorded, "shop-nginx-certbot").inputs;
    const script = (recorded: Plan) => client(recorded).entrypoints!.join("\n");

    it("asks Let's Encrypt for the domain, by files that nginx serves on port 80, as nginx' own user", async () => {
      const recorded = await create({ acme });
      assert.match(script(recorded), /'--server' 'https:\/\/acme-v02\.api\.letsencrypt\.org\/directory'/);
      assert.match(script(recorded), /'--domain' 'shop\.example\.com' '--keep-until-expiring'/);
      assert.match(script(recorded), /'--webroot' '--webroot-path' '\/var\/lib\/slipway-acme'/);
      assert.equal(client(recorded).user, "101:101");
      assert.deepEqual(client(recorded).networksAdvanced, [{ name: "shop-edge" }]);
      assert.deepEqual(client(recorded).mounts, [
        { type: "volume", target: "/var/lib/slipway-certificates", source: "shop-nginx-certificates" },
        { type: "volume", target: "/var/lib/slipway-acme", source: "shop-nginx-challenges" },
      ]);
      assert.match(recorded.configuration, /acme-challenge/);
      assert.match(recorded.configuration, /ssl_certificate \/tmp\/certificate\.pem;/);
      const { mounts } = container(recorded, "shop-nginx-server").inputs;
      assert.deepEqual(mounts.slice(-2), [
        ...[
          {
            type: "volume",
            target: "/var/lib/slipway-certificates",
            source: "shop-nginx-certificates",
            readOnly: true,
          },
        ],
        { type: "volume", target: "/var/lib/slipway-acme", source: "shop-nginx-challenges", readOnly: true },
      ]);
    });

    it("asks by a DNS record, with the credentials as a file and nothing on port 80", async () => {
      const credentials = { store: "docker-volume", volume: "shop-dns", file: "value", version: "1" } as const;
      const recorded = await create({ acme: { ...acme, dns: { provider: "cloudflare", credentials } } });
      assert.match(script(recorded), /'--dns-cloudflare' '--dns-cloudflare-credentials' '\/run\/secrets\/dns\/value'/);
      assert.doesNotMatch(script(recorded), /webroot/);
      assert.doesNotMatch(recorded.configuration, /acme-challenge/);
      const mount = { type: "volume", target: "/run/secrets/dns", source: "shop-dns", readOnly: true };
      assert.deepEqual(client(recorded).mounts.at(-1), mount);
      const route53 = await create({ acme: { ...acme, dns: { provider: "route53", credentials } } });
      assert.deepEqual(client(route53).envs, ["AWS_SHARED_CREDENTIALS_FILE=/run/secrets/dns/value", "HOME=/tmp"]);
      assert.doesNotMatch(script(route53), /route53-credentials/);
    });

    it("asks an authority of your own, whose root it trusts, and no shell reads what a setting says", async () => {
      const directoryUrl = "https://ca.example.com/acme/it's";
      const recorded = await create({ acme: { ...acme, directoryUrl, rootCertificate: "/etc/ssl/root.pem" } });
      assert.match(script(recorded), /'--server' 'https:\/\/ca\.example\.com\/acme\/it'\\''s'/);
      assert.deepEqual(client(recorded).envs, ["HOME=/tmp", "REQUESTS_CA_BUNDLE=/etc/slipway-acme-root.pem"]);
    });

    it("is the same container of nginx as before where there is none", () => {
      assert.deepEqual(
        all(plan, containerType).filter(({ name }) => name.includes("cert")),
        [],
      );
    });
  });

  it("HTTP/3: the same port over UDP, told of in every answer; without it, nothing of it", async () => {
    const ports = (recorded: Awaited<ReturnType<typeof create>>) =>
      (container(recorded, "shop-nginx-server").inputs.ports as readonly { external: number; protocol?: string }[]).map(
        ({ external, protocol = "tcp" }) => `${external}/${protocol}`,
      );
    const with3 = await create({ http3: true, httpsPort: 8443 });
    assert.deepEqual(ports(with3).slice(-2), ["8443/tcp", "8443/udp"]);
    assert.equal(with3.configuration.match(/listen 8443 quic reuseport default_server;/g)?.length, 1);
    assert.equal(with3.configuration.match(/listen 8443 quic;/g)?.length, 1);
    assert.match(textNamed(with3, "response-headers.conf"), /add_header Alt-Svc 'h3=":8443"; ma=86400' always;/);
    const without = await create({});
    assert.equal(ports(without).length, 2);
    assert.doesNotMatch(without.configuration + textNamed(without, "response-headers.conf"), /quic|Alt-Svc/);
  });
});
