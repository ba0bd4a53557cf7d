import { readFileSync } from "node:fs";
import { parseAllDocuments, type ScalarTag, type Tags } from "yaml";

/**
 * YAML as the Pulumi engine reads it: the dialect of Go's yaml.v3, which is YAML 1.2 with what 1.1 knew of numbers and
 * dates. `0100` is 64, `1_000` is 1000, a date is a moment, `yes` is text, `<<` merges, and of several documents the first
 * counts. https://pkg.go.dev/gopkg.in/yaml.v3#hdr-Compatibility
 *
 * @throws Error with the parser's own message.
 */
export function readEngineYaml(file: string): unknown {
  const [document] = parseAllDocuments(readFileSync(file, "utf8"), {
    schema: "failsafe",
    merge: true,
    customTags: addScalars,
    logLevel: "error",
  });
  if (document === undefined || !("toJS" in document)) return null;
  const [error] = document.errors;
  if (error !== undefined) throw error;
  const { explicit, version } = document.directives.yaml;
  // It is Go's yaml.v3 that takes no other, though it reads much of 1.2.
  if (explicit === true && version !== "1.1") {
    throw new Error(
      `%YAML ${version} is a version that the Pulumi engine refuses: remove the line, or write %YAML 1.1`,
    );
  }
  return plain(document.toJS({ maxAliasCount: 1000 }));
}

const addScalars = (tags: Tags): Tags => [...tags, ...scalars];

const scalar = (name: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag => ({
  tag: `tag:yaml.org,2002:${name}`,
  default: true,
  test,
  resolve,
});

/** The order is that of Go: what one does not match, the next may. */
const scalars: readonly ScalarTag[] = [
  scalar("null", /^(?:~|null|Null|NULL)?$/, () => null),
  scalar("bool", /^(?:true|True|TRUE|false|False|FALSE)$/, (text) => text.toLowerCase() === "true"),
  scalar(
    "timestamp",
    /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]| )\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?$/,
    moment,
  ),
  scalar("int", /^[+-]?(?:0[bB][01_]+|0[oO]?[0-7_]+|0[xX][\da-fA-F_]+|[1-9][\d_]*|0)$/, integer),
  scalar("float", /^[+-]?(?:\.\d+|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][+-]?\d+)?$/, fraction),
  scalar("float", /^(?:[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/, (text) => {
    throw new Error(`${text} is no value that a configuration can have`);
  }),
  { tag: "tag:yaml.org,2002:binary", resolve: (text) => Buffer.from(text, "base64").toString("utf8") },
];

/** A number, or a BigInt where a number is not exact; what is more than 64 bits is a fraction in Go. */
function integer(text: string): number | bigint {
  const digits = text.replaceAll("_", "").replace(/^[+-]/, "");
  const value =
    BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase()) * (text.startsWith("-") ? -1n : 1n);
  if (value > 18_446_744_073_709_551_615n || value < -9_223_372_036_854_775_808n) return Number(value);
  const short = Number(value);
  return Number.isSafeInteger(short) ? short : value;
}

/** What is out of the range of a fraction is text to Go. */
function fraction(text: string): number | string {
  const value = Number(text.replaceAll("_", ""));
  return Number.isFinite(value) ? value : text;
}

/** A moment as Go writes one: `2027-03-31 00:00:00 +0000 UTC`. */
function moment(text: string): string {
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]| )(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text)!;
  const two = (part: string) => part.padStart(2, "0");
  const exact = new Date(`${year}-${two(month!)}-${two(day!)}T${two(hour)}:${two(minute)}:${two(second)}Z`);
  // The 31st of June is no moment, and stays text. A space and a zone together are none to Go.
  const sameDay = !Number.isNaN(exact.getTime()) && exact.getUTCDate() === Number(day);
  if (!sameDay || (text.includes(" ") && /[Z:]\d*$|Z$/.test(text) && /(?:Z|[+-]\d\d:\d\d)$/.test(text))) return text;
  const clock = `${two(hour)}:${two(minute)}:${two(second)}${fraction.replace(/0+$/, "").replace(/\.$/, "")}`;
  const offset = zone.replace(":", "");
  return `${year}-${two(month!)}-${two(day!)} ${clock} ${zone === "Z" ? "+0000 UTC" : `${offset} ${offset}`}`;
}

/** Sorted keys, as the engine hands mappings over: the order in the file means nothing. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  // `!!set { a }` is a mapping without values to Go.
  if (value instanceof Set) return plain(new Map([...value].map((key) => [key, null])));
  if (typeof value !== "object" || value === null) return value;
  const entries =
    value instanceof Map
      ? [...value.entries()].map(([key, item]) => [String(key), item] as const)
      : Object.entries(value);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, plain(item)]));
}

export function mapping(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** What a key holds, as the text that the engine hands to the program. */
export function asConfigText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") {
    // In a mapping the engine has a 64-bit fraction for every number.
    return JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? Number(item) : item));
  }
  return `${value as string | number | boolean | bigint}`;
}
