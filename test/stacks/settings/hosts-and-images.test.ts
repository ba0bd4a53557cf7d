import { equal } from "node:assert/strict";
import { domain, imageReference } from "../../../stacks/settings/formats";

const host = "expected a host name such as shop.example.com";
const image = "expected an image such as ghcr.io/acme/shop@sha256:… (64 hex digits) or ghcr.io/acme/shop:1.4.2";
const digest = `sha256:${"a".repeat(64)}`;

/** What people paste. Undefined: taken. */
const domains: Readonly<Record<string, string | undefined>> = {
  "shop.example.com": undefined,
  "xn--mnchen-3ya.de": undefined,
  localhost: undefined,
  "192.168.0.1": undefined,
  "münchen.de": "expected a host name in the form that DNS has: xn--mnchen-3ya.de",
  "пример.рф": "expected a host name in the form that DNS has: xn--e1afmkfd.xn--p1ai",
  "shop.example.com.": "expected a host name without a dot at its end: shop.example.com",
  "::1": host,
  "[2001:db8::1]": host,
  "*.example.com": host,
  "shop_a.example.com": host,
  "shop..example.com": host,
  " shop.example.com": host,
  ".": host,
  [`${"a".repeat(63)}.de`]: undefined,
  [`${"a".repeat(64)}.de`]: host,
  shop: "expected a host name with a dot, such as shop.example.com",
  "shop.123": "expected a host name whose last part is no number, such as shop.example.com",
  "0x7f.1": "expected a host name whose last part is no number, such as shop.example.com",
  "shop.example.com:8443": "expected a host name, without scheme, port or path: shop.example.com",
  "https://shop.example.com/": "expected a host name, without scheme, port or path: shop.example.com",
  "Shop.example.com": "expected a host name in lower case: shop.example.com",
};

const images: Readonly<Record<string, string | undefined>> = {
  "shop:1": undefined,
  "X.io/shop:1": undefined,
  "x.io:5000/a__b/c-d:1": undefined,
  [`shop@${digest}`]: undefined,
  [`shop:1@${digest}`]: undefined,
  "-x.io/a:1": image,
  "x.io/A:1": image,
  "x.io//a:1": image,
  "x.io/a:": image,
  "x.io/a___b:1": image,
  "[::1]:5000/a:1": image,
  "https://x.io/a:1": image,
  "x.io/ü:1": image,
  "x.io/a:1 ": image,
  [`x.io/a:${"1".repeat(128)}`]: undefined,
  [`x.io/a:${"1".repeat(129)}`]: image,
  "x.io:65535/a:1": undefined,
  "x.io:65536/a:1": "expected an image whose registry has a port up to 65535",
  [`${"a".repeat(255)}:1`]: undefined,
  [`${"a".repeat(256)}:1`]: "expected an image whose name has 255 characters at most",
  [`${"a".repeat(256)}@${digest}`]: "expected an image whose name has 255 characters at most",
  shop: "expected a digest or a tag: shop:1.4.2",
  "x.io:5000/shop": "expected a digest or a tag: x.io:5000/shop:1.4.2",
  "shop:latest":
    "expected a digest or a tag that stays: `latest` means another image tomorrow, and nothing can roll back to it",
};

describe("a host name", () => {
  for (const [value, wanted] of Object.entries(domains))
    it(`${JSON.stringify(value.slice(0, 40))}: ${wanted ?? "taken"}`, () => equal(domain(value), wanted));
});

describe("an image", () => {
  for (const [value, wanted] of Object.entries(images))
    it(`${JSON.stringify(value.slice(0, 40))}: ${wanted ?? "taken"}`, () => equal(imageReference(value), wanted));
});
