import { domainToASCII } from "node:url";
import * as ipaddr from "ipaddr.js";
import { z } from "zod";
import type { Target } from "./settings";
import { documentation } from "../../components/shared/documentation";

/** What is known of a setting beside its type: docs/settings.md shows it, and a setting that cannot act is refused by it. */
export interface SettingMeta {
  readonly description: string;
  readonly example?: unknown;
  readonly unit?: string;
  /** Targets on which it acts. Default: those of its section, and of a section: all. */
  readonly on?: readonly Target[];
  /** Why it does not act on another target, where the list of those on which it does is no answer. */
  readonly why?: Readonly<Partial<Record<Target, string>>>;
  /** Values of the section's own `implementation` or `strategy` with which it acts. Default: all. */
  readonly with?: readonly string[];
}

/** Where replicas run. A function on Vercel is none. */
export const servers = ["aws-ecs", "kubernetes", "docker"] as const satisfies readonly Target[];
/** Where an autoscaler adds replicas. */
export const scaled = ["aws-ecs", "kubernetes"] as const satisfies readonly Target[];

/** A whole number with its range and unit. */
export function whole(min: number, max: number, meta: SettingMeta) {
  const unit = meta.unit === undefined ? "" : ` ${meta.unit}`;
  const expected = `expected a whole number from ${min} to ${max}${unit}`;
  return z
    .int(expected)
    .min(min, expected)
    .max(max, expected)
    .meta({ ...meta });
}

/** A number in steps of a half, with its range and unit. */
export function half(min: number, max: number, meta: SettingMeta) {
  const unit = meta.unit === undefined ? "" : ` ${meta.unit}`;
  const expected = `expected ${min} to ${max}${unit} in steps of 0.5`;
  return z
    .number(expected)
    .multipleOf(0.5, expected)
    .min(min, expected)
    .max(max, expected)
    .meta({ ...meta });
}

export function flag(meta: SettingMeta) {
  return z.boolean("expected true or false").meta({ ...meta });
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values, meta: SettingMeta) {
  return z.enum(values, `expected ${listed(values)}`).meta({ ...meta });
}

/** Text that `check` accepts; `check` returns what is expected instead, or undefined. */
export function text(meta: SettingMeta, check: (value: string) => string | undefined = () => undefined) {
  const expected = typeof meta.example === "string" ? `expected text such as ${meta.example}` : "expected text";
  return z
    .string(expected)
    .superRefine((value, context) => {
      const wanted = value === "" ? expected : check(value);
      if (wanted !== undefined) context.addIssue({ code: "custom", message: wanted });
    })
    .meta({ ...meta });
}

/** A host name without scheme, port or path: RFC 1123 labels, at most 253 characters. */
export function domain(value: string): string | undefined {
  if (ipaddr.IPv6.isValid(value.replace(/^\[(.*)\]$/, "$1"))) return "expected a host name such as shop.example.com";
  // What browsers ask DNS for, and what certificates hold: https://www.rfc-editor.org/rfc/rfc5891
  if (/[^\0-\x7f]/.test(value)) {
    const ascii = domainToASCII(value);
    return `expected a host name in the form that DNS has${ascii === "" ? "" : `: ${ascii}`}`;
  }
  if (/[^.]\.$/.test(value)) return `expected a host name without a dot at its end: ${value.slice(0, -1)}`;
  const bare = value
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
    .replace(/[/?#].*$/, "")
    .replace(/:\d*$/, "");
  if (bare !== value) return `expected a host name, without scheme, port or path: ${bare}`;
  if (value !== value.toLowerCase()) return `expected a host name in lower case: ${value.toLowerCase()}`;
  const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
  const labels = value.split(".");
  if (value.length > 253 || !labels.every((part) => label.test(part))) {
    return "expected a host name such as shop.example.com";
  }
  if (/^\d+$/.test(labels.at(-1)!) && !ipaddr.IPv4.isValidFourPartDecimal(value)) {
    return "expected a host name whose last part is no number, such as shop.example.com";
  }
  if (labels.length < 2 && value !== "localhost") return "expected a host name with a dot, such as shop.example.com";
  return undefined;
}

/** Names that no public authority signs: addresses, and https://www.rfc-editor.org/rfc/rfc6761 and RFC 6762, 8375, 9476. */
export const hasPublicName = (value: string): boolean =>
  /\.[a-z]/.test(value) &&
  !/(?:^|\.)(?:localhost|local|test|example|invalid|internal|alt|onion|lan|home\.arpa)$/.test(value);

/** Registry, repository, then a tag or a digest: https://github.com/distribution/reference */
const image =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/;

export function imageReference(value: string): string | undefined {
  if (!image.test(value)) {
    return "expected an image such as ghcr.io/acme/shop@sha256:… (64 hex digits) or ghcr.io/acme/shop:1.4.2";
  }
  const [repository = ""] = value.split("@");
  // https://github.com/distribution/reference: the name, without tag and digest.
  if (repository.replace(/:[\w.-]+$/, "").length > 255)
    return "expected an image whose name has 255 characters at most";
  if (Number(/^[^/]*:(\d+)\//.exec(value)?.[1] ?? 1) > 65_535)
    return "expected an image whose registry has a port up to 65535";
  const name = value.slice(value.lastIndexOf("/") + 1);
  if (!name.includes(":") && !name.includes("@")) return `expected a digest or a tag: ${value}:1.4.2`;
  if (name.endsWith(":latest")) {
    return "expected a digest or a tag that stays: `latest` means another image tomorrow, and nothing can roll back to it";
  }
  return undefined;
}

/**
 * A private IPv4 range, or one of 100.64.0.0/10, that leaves room for three kinds of subnets in three zones: /16 to /23, as a
 * load balancer takes no subnet below /27. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
export function vpcCidr(value: string): string | undefined {
  const expected = "expected a private IPv4 range from /16 to /23, such as 10.20.0.0/16";
  if (!ipaddr.IPv4.isValidCIDR(value)) return expected;
  const [address, bits] = ipaddr.IPv4.parseCIDR(value);
  if (!["private", "carrierGradeNat"].includes(address.range()) || bits < 16 || bits > 23) return expected;
  const network = ipaddr.IPv4.networkAddressFromCIDR(value).toString();
  return network === address.toString()
    ? undefined
    : `${value} is inside ${network}/${bits}: expected ${network}/${bits}`;
}

/** A network by its own address, and not everybody: a member of it may say whose request it passes on. */
export function proxyNetwork(value: string): string | undefined {
  const expected = "expected a network in CIDR notation, such as 173.245.48.0/20";
  if (!ipaddr.isValidCIDR(value)) return expected;
  const [address, bits] = ipaddr.parseCIDR(value);
  if (bits === 0) return `${value} is everybody: ${expected}`;
  const kind = address.kind() === "ipv6" ? ipaddr.IPv6 : ipaddr.IPv4;
  const network = kind.networkAddressFromCIDR(value).toString();
  return network === address.toString()
    ? undefined
    : `${value} is inside ${network}/${bits}: expected ${network}/${bits}`;
}

export function ipAddress(value: string): string | undefined {
  return ipaddr.isValid(value) ? undefined : "expected an IP address such as 127.0.0.1";
}

/** Five fields: minute, hour, day of month, month, day of week; in UTC. */
export function cron(value: string): string | undefined {
  const expected = "expected five cron fields in UTC: minute hour day month weekday, such as 15 3 * * *";
  if (value.trim().split(/\s+/).length !== 5) return expected;
  // Loaded when there is one to check: it brings a calendar library along.
  const { CronExpressionParser } = require("cron-parser") as typeof import("cron-parser");
  try {
    CronExpressionParser.parse(value, { tz: "UTC" });
    return undefined;
  } catch {
    return expected;
  }
}

/**
 * What every scheduler takes alike: numbers, names, lists, ranges and steps. No `L`, `W` or `#`, which Kubernetes does not
 * know, and not both a day of the month and a weekday, which EventBridge does not take together.
 */
export function jobCron(value: string): string | undefined {
  const wrong = cron(value);
  if (wrong !== undefined) return wrong;
  const [, , dayOfMonth, month, dayOfWeek] = value.trim().toUpperCase().split(/\s+/);
  const plain = value
    .toUpperCase()
    .replaceAll(/\b(SUN|MON|TUE|WED|THU|FRI|SAT|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)\b/g, "1");
  if (!/^[\d*,/\s-]+$/.test(plain)) return "expected numbers, names, *, lists, ranges and steps alone in cron fields";
  if (month !== undefined && dayOfMonth !== "*" && dayOfWeek !== "*")
    return "expected * for the day of the month or for the weekday: schedulers disagree on what both mean";
  return undefined;
}

export function email(value: string): string | undefined {
  return /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(value) ? undefined : "expected an e-mail address";
}

export function httpsUrl(value: string): string | undefined {
  const url = URL.parse(value);
  if (url === null || url.protocol !== "https:") return "expected an address that starts with https://";
  return url.username || url.password ? "expected an address without a user name and password in it" : undefined;
}

/** An address that is encrypted in the stack file: a preview without the engine sees only that there is one. */
export function webhookUrl(value: string): string | undefined {
  return value.startsWith("encrypted-in-the-stack-file") ? undefined : httpsUrl(value);
}

/** `protocol://…` without a password in it: passwords are secrets and have settings of their own. */
export function serverUrl(...protocols: readonly string[]) {
  return (value: string): string | undefined => {
    if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*,/i.test(value)) {
      return "names several hosts: expected one, such as a proxy's or a name that follows the primary";
    }
    const url = URL.parse(value);
    if (url === null || !protocols.includes(url.protocol.replace(":", "")) || url.hostname === "") {
      return `expected an address that starts with ${listed(protocols.map((protocol) => `${protocol}://`))}`;
    }
    return url.password ? "expected an address without a password in it: the password is a secret" : undefined;
  };
}

/** The absolute path of something on the host: `what` is `a folder` or `a file`. */
export const absolutePath = (what: string) =>
  matches(/^\/(?!.*(?:^|\/)\.\.(?:\/|$))[A-Za-z0-9._/-]+$/, `expected the absolute path of ${what}`);

/**
 * A folder that nginx can read from inside its container. What certbot keeps under `live` it cannot: links that lead out of
 * the mounted folder, to a key that is root's alone (https://eff-certbot.readthedocs.io/en/stable/using.html#where-are-my-certificates).
 */
export function certificateFolder(value: string): string | undefined {
  if (!value.startsWith("/")) return "expected an absolute path on the host, such as /etc/slipway-tls";
  return /\/live\/[^/]+\/?$/.test(value)
    ? `is certbot's own: its files are links out of the folder, to a key that only root reads. Expected a folder of copies, such as the hook in ${documentation("docker.md#certificates")} makes: /etc/slipway-tls`
    : undefined;
}

/** A server's name or address, IPv6 in brackets, and its port. */
export function hostAndPort(value: string): string | undefined {
  const [, name, address, port] = /^(?:([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)|\[([0-9a-f:.]+)\]):(\d+)$/i.exec(value) ?? [];
  if (port === undefined || (name === undefined && !ipaddr.IPv6.isValid(address!))) return "expected host:port";
  return Number(port) >= 1 && Number(port) <= 65535 ? undefined : "expected a port from 1 to 65535";
}

export function matches(pattern: RegExp, expected: string) {
  return (value: string): string | undefined => (pattern.test(value) ? undefined : expected);
}

export const kmsKeyArn = matches(
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
  "expected the ARN of a KMS key, not of an alias",
);

/** A Kubernetes name: RFC 1123 label. */
export const kubernetesName = matches(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "expected lower-case letters, digits and hyphens, at most 63",
);

/** The name of most objects, classes and ServiceAccounts among them: RFC 1123 subdomain. */
export const kubernetesSubdomain = matches(
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  "expected lower-case letters, digits, hyphens and dots, at most 253",
);

/**
 * An access string of ElastiCache, of a user who is on: rules for keys, channels and commands, and no password, which has a place
 * of its own: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html#Access-string
 */
export function accessString(value: string): string | undefined {
  const [first, ...rules] = value.trim().split(/\s+/);
  if (first !== "on") return "expected `on` first: the application connects as this user";
  if (rules.some((rule) => /^([<>#!]|reset$|resetpass$|nopass$)/.test(rule)))
    return "names a password or takes one away, which ElastiCache does not allow here: the password is generated";
  const other = rules.find(
    (rule) =>
      !/^(\(?(%(R|W|RW))?~\S+|\(?&\S+|\(?[+-]@?[a-z][a-z0-9|_.-]*\)?|all(keys|channels|commands)|reset(keys|channels))$/i.test(
        rule,
      ),
  );
  if (other !== undefined) return `${other} is no rule: expected ~keys, &channels, +command, -command or +@category`;
  return rules.some((rule) => rule.includes("+") || rule === "allcommands")
    ? undefined
    : "allows no command: expected one such as +@read";
}

export const environmentName = /^[A-Z][A-Z0-9_]*$/;

export function listed(values: readonly string[], word = "or"): string {
  return values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} ${word} ${values.at(-1)}`;
}

export const vpcId = matches(/^vpc-[0-9a-f]{8,17}$/, "expected a VPC id such as vpc-0a1b2c3d4e5f67890");
export const subnetId = matches(/^subnet-[0-9a-f]{8,17}$/, "expected a subnet id such as subnet-0a1b2c3d");
export const securityGroupId = matches(/^sg-[0-9a-f]{8,17}$/, "expected a security group id such as sg-0a1b2c3d");
