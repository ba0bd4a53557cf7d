import { deepEqual, equal } from "node:assert/strict";
import * as formats from "../../../stacks/settings/formats";

type Check = (value: string) => string | undefined;

const expectedHost = "expected a host name such as shop.example.com";
const expectedCron = "expected five cron fields in UTC: minute hour day month weekday, such as 15 3 * * *";
const expectedCidr = "expected a private IPv4 range from /16 to /23, such as 10.20.0.0/16";
const expectedNetwork = "expected a network in CIDR notation, such as 173.245.48.0/20";
const expectedImage = "expected an image such as ghcr.io/acme/shop@sha256:… (64 hex digits) or ghcr.io/acme/shop:1.4.2";
const server = formats.serverUrl("postgres", "postgresql");
const label63 = "a".repeat(63);
const host253 = [label63, label63, label63, "a".repeat(61)].join(".");

/** What is accepted, and what is said of each that is not. */
const checks: readonly (readonly [
  name: string,
  Check,
  taken: readonly string[],
  wrong: Readonly<Record<string, string>>,
])[] = [
  [
    "domain",
    formats.domain,
    ["shop.example.com", "localhost", "192.0.2.1", "xn--mnchen-3ya.de", `${label63}.de`, host253, "a-b.c1"],
    {
      shop: "expected a host name with a dot, such as shop.example.com",
      "::1": expectedHost,
      "[2001:db8::1]": expectedHost,
      "münchen.de": "expected a host name in the form that DNS has: xn--mnchen-3ya.de",
      "shop.example.com.": "expected a host name without a dot at its end: shop.example.com",
      "shop.example.com:443": "expected a host name, without scheme, port or path: shop.example.com",
      "https://shop.example.com/en?a#b": "expected a host name, without scheme, port or path: shop.example.com",
      "shop.example.com/": "expected a host name, without scheme, port or path: shop.example.com",
      "Shop.example.com": "expected a host name in lower case: shop.example.com",
      [`${label63}a.de`]: expectedHost,
      [`${host253}a`]: expectedHost,
      "-a.de": expectedHost,
      "a-.de": expectedHost,
      "a..de": expectedHost,
      "a_b.de": expectedHost,
      "192.0.2": "expected a host name whose last part is no number, such as shop.example.com",
      "192.0.2.256": "expected a host name whose last part is no number, such as shop.example.com",
    },
  ],
  [
    "imageReference",
    formats.imageReference,
    [
      "shop:1",
      "acme/shop:1.4.2",
      "ghcr.io:65535/acme/shop:1.4.2",
      `shop@sha256:${"a".repeat(64)}`,
      `shop:latest@sha256:${"a".repeat(64)}`,
      `${"a".repeat(255)}:1`,
    ],
    {
      "ghcr.io/acme/shop": "expected a digest or a tag: ghcr.io/acme/shop:1.4.2",
      "localhost:5000/shop": "expected a digest or a tag: localhost:5000/shop:1.4.2",
      "shop:latest":
        "expected a digest or a tag that stays: `latest` means another image tomorrow, and nothing can roll back to it",
      "ghcr.io:65536/shop:1": "expected an image whose registry has a port up to 65535",
      [`${"a".repeat(256)}:1`]: "expected an image whose name has 255 characters at most",
      "Shop:1": expectedImage,
      "shop:1 ": expectedImage,
      "-x.io/a:1": expectedImage,
      [`shop@sha256:${"a".repeat(63)}`]: expectedImage,
    },
  ],
  [
    "vpcCidr",
    formats.vpcCidr,
    ["10.20.0.0/16", "10.20.2.0/23", "172.16.0.0/16", "192.168.0.0/16", "100.64.0.0/16"],
    {
      "10.20.0.0": expectedCidr,
      "10.20.0.0/15": expectedCidr,
      "10.20.0.0/24": expectedCidr,
      "8.8.0.0/16": expectedCidr,
      "10.20.1.0/16": "10.20.1.0/16 is inside 10.20.0.0/16: expected 10.20.0.0/16",
    },
  ],
  [
    "proxyNetwork",
    formats.proxyNetwork,
    ["173.245.48.0/20", "192.0.2.1/32", "2001:db8::/32", "0.0.0.0/1"],
    {
      "173.245.48.0": expectedNetwork,
      "0.0.0.0/0": `0.0.0.0/0 is everybody: ${expectedNetwork}`,
      "::/0": `::/0 is everybody: ${expectedNetwork}`,
      "173.245.48.1/20": "173.245.48.1/20 is inside 173.245.48.0/20: expected 173.245.48.0/20",
      "2001:db8::1/32": "2001:db8::1/32 is inside 2001:db8::/32: expected 2001:db8::/32",
    },
  ],
  [
    "ipAddress",
    formats.ipAddress,
    ["127.0.0.1", "::1"],
    { localhost: "expected an IP address such as 127.0.0.1", "300.0.0.1": "expected an IP address such as 127.0.0.1" },
  ],
  [
    "cron",
    formats.cron,
    ["15 3 * * *", "  15  3 * * * ", "*/5 0-6 1 JAN MON"],
    { "15 3 * *": expectedCron, "0 15 3 * * *": expectedCron, "60 3 * * *": expectedCron, "": expectedCron },
  ],
  [
    "jobCron",
    formats.jobCron,
    ["15 3 * * *", "15 3 * * MON-FRI", "15 3 1,15 jan *", "*/5 * * * *", " 15 3 1 * * "],
    {
      "15 3 * *": expectedCron,
      "15 3 L * *": "expected numbers, names, *, lists, ranges and steps alone in cron fields",
      "15 3 * * 5#2": "expected numbers, names, *, lists, ranges and steps alone in cron fields",
      "15 3 * * ?": "expected numbers, names, *, lists, ranges and steps alone in cron fields",
      "15 3 1 * MON": "expected * for the day of the month or for the weekday: schedulers disagree on what both mean",
    },
  ],
  [
    "email",
    formats.email,
    ["ops@example.com"],
    Object.fromEntries(
      ["ops", "ops@example", "a b@example.com", "Ops <ops@example.com>", "ops@example.com, x", "@example.com"].map(
        (value) => [value, "expected an e-mail address"],
      ),
    ),
  ],
  [
    "httpsUrl",
    formats.httpsUrl,
    ["https://hooks.example.com/a?b"],
    {
      "http://a.example": "expected an address that starts with https://",
      "a.example": "expected an address that starts with https://",
      "https://me@a.example": "expected an address without a user name and password in it",
      "https://:pw@a.example": "expected an address without a user name and password in it",
    },
  ],
  [
    "webhookUrl",
    formats.webhookUrl,
    ["https://hooks.example.com/a", "encrypted-in-the-stack-file-1"],
    { "http://a.example": "expected an address that starts with https://" },
  ],
  [
    "serverUrl",
    server,
    ["postgres://app@db.example.com:5432/app", "postgresql://db.example.com/app?a=b,c"],
    {
      "mysql://db.example.com": "expected an address that starts with postgres:// or postgresql://",
      "db.example.com": "expected an address that starts with postgres:// or postgresql://",
      "postgres:///app": "expected an address that starts with postgres:// or postgresql://",
      "postgres://a:1,b:2/app":
        "names several hosts: expected one, such as a proxy's or a name that follows the primary",
      "postgres://app:pw@db.example.com": "expected an address without a password in it: the password is a secret",
    },
  ],
  [
    "absolutePath",
    formats.absolutePath("a folder"),
    ["/etc/slipway-tls", "/a..b/c"],
    Object.fromEntries(
      ["etc", "/etc/../root", "/etc/..", "/", "/a b"].map((value) => [value, "expected the absolute path of a folder"]),
    ),
  ],
  [
    "certificateFolder",
    formats.certificateFolder,
    ["/etc/slipway-tls", "/etc/live", "/etc/live/a/b"],
    { "etc/tls": "expected an absolute path on the host, such as /etc/slipway-tls" },
  ],
  [
    "hostAndPort",
    formats.hostAndPort,
    ["a:1", "smtp.example.com:65535", "[2001:db8::1]:25", "192.0.2.1:25"],
    {
      "smtp.example.com": "expected host:port",
      "[smtp]:25": "expected host:port",
      "[1::2::3]:25": "expected host:port",
      "-a:25": "expected host:port",
      "a-:25": "expected host:port",
      "a:0": "expected a port from 1 to 65535",
      "a:65536": "expected a port from 1 to 65535",
    },
  ],
  [
    "kubernetesName",
    formats.kubernetesName,
    ["a", "shop-1", label63],
    Object.fromEntries(
      [`${label63}a`, "-a", "a-", "A", "a.b", ""].map((value) => [
        value,
        "expected lower-case letters, digits and hyphens, at most 63",
      ]),
    ),
  ],
];

describe("formats", () => {
  for (const [name, check, taken, wrong] of checks)
    it(name, () => {
      deepEqual(
        taken.map((value) => [value, check(value)]),
        taken.map((value) => [value, undefined]),
      );
      deepEqual(Object.fromEntries(Object.keys(wrong).map((value) => [value, check(value)])), wrong);
    });

  it("certbot's own folder is refused with the way to make another", () => {
    for (const folder of ["/etc/letsencrypt/live/shop.example.com", "/etc/letsencrypt/live/shop.example.com/"])
      equal(formats.certificateFolder(folder)?.startsWith("is certbot's own: "), true);
  });

  it("names that a public authority signs", () => {
    const names = [
      "shop.example.com",
      "a.de",
      "localhost",
      "a.localhost",
      "192.0.2.1",
      "a.local",
      "a.home.arpa",
      "a.arpa",
    ];
    deepEqual(names.filter(formats.hasPublicName), ["shop.example.com", "a.de", "a.arpa"]);
    deepEqual(
      ["test", "example", "invalid", "internal", "alt", "onion", "lan"].filter((top) =>
        formats.hasPublicName(`a.${top}`),
      ),
      [],
    );
    equal(formats.hasPublicName("atlocal.de"), true);
    equal(formats.hasPublicName("a.mylocal"), true);
  });

  it("lists as people do", () => {
    deepEqual(
      [[], ["a"], ["a", "b"], ["a", "b", "c"]].map((values) => formats.listed(values)),
      ["", "a", "a or b", "a, b or c"],
    );
    equal(formats.listed(["a", "b"], "and"), "a and b");
  });

  it("a text is not empty, and says what it is like", () => {
    const said = (schema: ReturnType<typeof formats.text>, value: unknown) =>
      schema.safeParse(value).error?.issues[0]?.message;
    const like = formats.text({ description: "", example: "eu" }, (value) =>
      value === "us" ? "not there" : undefined,
    );
    deepEqual(
      ["", 1, "us", "eu"].map((value) => said(like, value)),
      ["expected text such as eu", "expected text such as eu", "not there", undefined],
    );
    deepEqual(
      ["", "x"].map((value) => said(formats.text({ description: "" }), value)),
      ["expected text", undefined],
    );
    const number = formats.whole(1, 5, { description: "", unit: "days" });
    deepEqual(
      [0, 6, 1.5, 5].map((value) => number.safeParse(value).error?.issues[0]?.message),
      [...Array<string>(3).fill("expected a whole number from 1 to 5 days"), undefined],
    );
    equal(
      formats.whole(1, 5, { description: "" }).safeParse(0).error?.issues[0]?.message,
      "expected a whole number from 1 to 5",
    );
  });
});
