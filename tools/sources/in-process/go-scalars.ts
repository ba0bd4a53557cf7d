/**
 * Scalars as Go's yaml.v3 resolves them: YAML 1.2 with what 1.1 knew of numbers and dates. `0100` is 64, `1_000` is 1000, a
 * date is a moment, `yes` is text. https://pkg.go.dev/gopkg.in/yaml.v3#hdr-Compatibility
 */

/** What a scalar is, by the end of its tag: `tag:yaml.org,2002:int`. */
const tags = ["null", "bool", "int", "float", "timestamp", "str", "binary"] as const;
type Tag = (typeof tags)[number];
type Value = null | boolean | number | bigint | string;

const words: ReadonlyMap<string, readonly [Tag, Value]> = new Map<string, readonly [Tag, Value]>([
  ...["", "~", "null", "Null", "NULL"].map((text) => [text, ["null", null]] as const),
  ...["true", "True", "TRUE"].map((text) => [text, ["bool", true]] as const),
  ...["false", "False", "FALSE"].map((text) => [text, ["bool", false]] as const),
  ...[".nan", ".NaN", ".NAN"].map((text) => [text, ["float", Number.NaN]] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((text) => [text, ["float", Infinity]] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((text) => [text, ["float", -Infinity]] as const),
]);

const core = "tag:yaml.org,2002:";

/**
 * The value of a scalar. `tag` is what stands before it; `quoted` also of what is literal or folded.
 *
 * @throws Error when it is not what its tag says, or is nothing that a configuration can have.
 */
export function resolveScalar(text: string, tag: string | undefined, quoted: boolean): Value {
  const explicit = tags.find((each) => tag === `${core}${each}`);
  // A tag of another's means nothing, and its value is text.
  const plain = tag === undefined || tag === "!";
  if (explicit === "str" || (quoted && plain) || (explicit === undefined && !plain)) return text;
  if (explicit === "binary") return binary(text);
  const [kind, value] = resolve(text, explicit);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new Error(`${text} is no value that a configuration can have`);
  if (explicit === undefined) return value;
  if (kind === explicit) return value;
  if (kind === "int" && explicit === "float") return Number(value);
  throw new Error(`${JSON.stringify(text)} is no !!${explicit}`);
}

function resolve(text: string, explicit: Tag | undefined): readonly [Tag, Value] {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (/^[+\-\d]/.test(text)) {
    const date = explicit === undefined || explicit === "timestamp" ? moment(text) : undefined;
    if (date !== undefined) return ["timestamp", date];
    const plain = text.replaceAll("_", "");
    const whole = integer(plain);
    if (whole !== undefined) return ["int", whole];
    return fraction(text, plain);
  }
  return text.startsWith(".") ? fraction(text, text) : ["str", text];
}

/** A number, or a BigInt where a number is not exact; what is more than 64 bits is a fraction in Go. */
function integer(plain: string): number | bigint | undefined {
  if (!/^[+-]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][\da-fA-F]+|[1-9]\d*|0)$/.test(plain)) return undefined;
  const digits = plain.replace(/^[+-]/, "");
  const size = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
  const value = plain.startsWith("-") ? -size : size;
  if (value > 18_446_744_073_709_551_615n || value < -9_223_372_036_854_775_808n) return undefined;
  const short = Number(value);
  return Number.isSafeInteger(short) ? short : value;
}

/** What is out of the range of a fraction is text. */
function fraction(text: string, plain: string): readonly [Tag, Value] {
  const value = /^[+-]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][+-]?\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? ["float", value] : ["str", text];
}

/** A moment as Go writes one, `2027-03-31 00:00:00 +0000 UTC`: with `T` and a zone, with a space and none, or a day. */
function moment(text: string): string | undefined {
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[+-]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?)?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, year, month, day, ...rest] = match;
  const [hour = "0", minute = "0", second = "0", after = "", zone = "Z"] =
    rest[0] === undefined ? rest.slice(5) : rest.slice(0, 5);
  const two = (part: string) => part.padStart(2, "0");
  const exact = new Date(`${year}-${two(month!)}-${two(day!)}T${two(hour)}:${two(minute)}:${two(second)}Z`);
  // The 31st of June is no moment, and stays text.
  if (Number.isNaN(exact.getTime()) || exact.getUTCDate() !== Number(day)) return undefined;
  const clock = `${two(hour)}:${two(minute)}:${two(second)}${after.replace(/0+$/, "").replace(/\.$/, "")}`;
  const offset = zone.replace(":", "");
  return `${year}-${two(month!)}-${two(day!)} ${clock} ${/^(?:Z|[+-]0000)$/.test(offset) ? "+0000 UTC" : `${offset} ${offset}`}`;
}

function binary(text: string): string {
  const plain = text.replaceAll(/[\r\n]/g, "");
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(plain))
    throw new Error("!!binary is no base64");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(plain, "base64"));
  } catch {
    throw new Error("!!binary holds bytes that are no text, which the engine cannot hand over");
  }
}
