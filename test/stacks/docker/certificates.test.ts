import { strict as assert } from "node:assert";
import { resolveSettings } from "../../../stacks/settings/load";
import type { StackFile } from "../../../stacks/settings/settings";
import { runStack } from "../../../stacks/targets";
import { containerType } from "../../components/docker-mocks";
import { all, record } from "../../record";

const base: StackFile = {
  target: "docker",
  domain: "shop.acme.com",
  image: "ghcr.io/acme/shop:1.4.2",
  docker: { backupsOnThisHostOnly: true },
};
const email = "ops@acme.com";
const own = "https://ca.acme.internal/acme/acme/directory";

/** What `slipway:tls.acme` needs, said before anything is made. */
describe("a certificate authority on one host", () => {
  const refused: readonly [title: string, more: Partial<StackFile>, says: RegExp][] = [
    [
      "this machine alone",
      {},
      /network\.bindAddress.*127\.0\.0\.1.*expected 0\.0\.0\.0, or slipway:tls\.acme\.dnsProvider/,
    ],
    ...["localhost", "203.0.113.7", "shop.local", "shop.internal", "shop.test", "nas.home.arpa", "shop.lan"].map(
      (domain): [string, Partial<StackFile>, RegExp] => [
        domain,
        { domain, network: { bindAddress: "0.0.0.0" } },
        /domain.*gets no certificate of Let's Encrypt: expected a name that the public DNS has/,
      ],
    ),
    [
      "a folder beside it",
      { tls: { acme: { email }, certificateFolder: "/etc/slipway-tls" } },
      /tls\.certificateFolder.*remove one/,
    ],
    [
      "another client beside it",
      { tls: { acme: { email }, acmeFolder: "/var/lib/acme" } },
      /tls\.acmeFolder.*remove one/,
    ],
    [
      "a provider without credentials",
      { tls: { acme: { email, dnsProvider: "cloudflare" } } },
      /tls\.acme\.dnsCredentials.*is missing/,
    ],
    [
      "credentials without a provider",
      { tls: { acme: { email, dnsCredentials: "DNS_INI" } } },
      /tls\.acme\.dnsProvider.*is missing/,
    ],
    [
      "credentials that are no secret of the stack",
      { tls: { acme: { email, dnsProvider: "ovh", dnsCredentials: "DNS_INI" } } },
      /secrets\.DNS_INI.*is missing: pulumi config set --secret --path slipway:secrets\.DNS_INI/,
    ],
    [
      "a provider without a plugin",
      { tls: { acme: { email, dnsProvider: "godaddy" as never } } },
      /dnsProvider.*expected cloudflare, digitalocean/,
    ],
    [
      "plain HTTP",
      { tls: { acme: { email, directoryUrl: "http://ca.acme.com/dir" } } },
      /directoryUrl.*expected an https:\/\/ address/,
    ],
    ["no address", { tls: { acme: {} as never } }, /tls\.acme\.email.*is missing|tls\.acme\.email.*expected/],
  ];
  for (const [title, more, says] of refused) {
    it(`refuses ${title}`, () => {
      assert.throws(() => resolveSettings("prod", { ...base, tls: { acme: { email } }, ...more }, {}), says);
    });
  }

  for (const [title, more] of [
    ["a public address", { network: { bindAddress: "0.0.0.0" } }],
    [
      "an authority of your own, on this machine",
      { domain: "shop.internal", tls: { acme: { email, directoryUrl: own } } },
    ],
    [
      "DNS, for a host that nobody reaches on port 80",
      {
        secrets: { DNS_INI: "hunter2" },
        tls: { acme: { email, dnsProvider: "cloudflare", dnsCredentials: "DNS_INI" } },
      },
    ],
  ] satisfies [string, Partial<StackFile>][]) {
    it(`accepts ${title}`, () => {
      resolveSettings("prod", { ...base, tls: { acme: { email } }, ...more }, {});
    });
  }

  it("gives the credentials to certbot, in the plugin's image, and not to the application", async () => {
    const settings = resolveSettings(
      "prod",
      {
        ...base,
        secrets: { DNS_INI: "hunter2", API_KEY: "hunter3" },
        tls: { acme: { email, dnsProvider: "cloudflare", dnsCredentials: "DNS_INI" } },
      },
      {},
    );
    const plan = await record(() => runStack(settings), { stack: "prod" });
    const who = (volume: string) =>
      all(plan, containerType)
        .filter(({ inputs }) => JSON.stringify(inputs["mounts"] ?? []).includes(volume) && inputs["start"] !== false)
        .map(({ name }) => name);
    assert.deepEqual(who("dns-ini"), ["slipway-prod-nginx-certbot"]);
    assert.equal(who("api-key").includes("slipway-prod-nginx-certbot"), false);
    const images = all(plan, "docker:index/remoteImage:RemoteImage").map(({ inputs }) => inputs["name"]);
    assert.ok(images.includes("certbot/dns-cloudflare:v5.8.0"));
  });
});
