import { strict as assert } from "node:assert";
import { DockerNginx, type DockerNginxArgs } from "../../../components/ingress/docker-nginx";
import { isSecret, type Plan } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";
import {
  type ContainerInputs,
  container,
  fileNamed,
  textNamed,
  labelNames,
  network,
  volumeType,
} from "../docker-mocks";

describe("DockerNginx", () => {
  const create = (more: Partial<DockerNginxArgs> = {}) =>
    record(
      () =>
        new DockerNginx("shop-nginx", {
          network,
          upstream: { host: "shop-app", port: 3000 },
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
    assert.deepEqual(server.networksAdvanced, [{ name: "shop-edge" }, { name: "shop-internal" }]);
  });

  it("gives ports and name back before a new one takes them, and finishes requests in flight", () => {
    assert.equal(container(plan, "shop-nginx-server").resource.options.deleteBeforeReplace, true);
    assert.deepEqual([server["stopSignal"], server["stopTimeout"], server["destroyGraceSeconds"]], ["SIGQUIT", 35, 35]);
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

  it("starts anew for a new configuration or certificate", () => {
    assert.deepEqual(labelNames(server), [
      "app.slipway.certificate",
      "app.slipway.component",
      "app.slipway.configuration",
      "app.slipway.stack",
    ]);
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
    for (const line of ["inactive=7d", "proxy_cache_key $uri;", "proxy_cache_valid 200 7d;"]) {
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
    assert.ok(plan.configuration.includes("return 308 https://$host:8443$request_uri;"));
    assert.ok(
      plan.configuration.includes('add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;'),
    );
  });

  it("leaves the port out of addresses where it is the usual one", async () => {
    const usual = await create({ httpsPort: 443 });
    assert.ok(usual.configuration.includes("return 308 https://$host$request_uri;"));
    assert.equal(container(usual, "shop-nginx-server").resource.parent?.split("::").at(-1), "shop-nginx");
  });

  it("asks Docker for the replicas again each second: they change with each release", () => {
    assert.ok(plan.configuration.includes("resolver 127.0.0.11 valid=1s ipv6=off;"));
    assert.ok(plan.configuration.includes("set $replicas shop-app:3000;"));
    assert.equal(plan.configuration.includes("upstream {"), false);
  });

  it("passes on nothing that a client claims about itself", () => {
    assert.ok(plan.configuration.includes("proxy_set_header X-Forwarded-For $remote_addr;"));
    assert.equal(plan.configuration.includes("$proxy_add_x_forwarded_for"), false);
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
});
