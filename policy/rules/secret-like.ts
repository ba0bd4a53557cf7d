import { Secret, Unknown, type Value } from "../value";

const telling =
  /(^|[_.-])(pass(word|wd|phrase)?|pwd|secret|token|credentials?|(api|private|access|encryption|signing|master|account|auth)[_-]?key)s?($|[_.-])/i;
const camel =
  /(password|passphrase|secret|token|credential|(api|private|access|encryption|signing|master|account)Key)s?$/i;

/** Names that speak of a secret and hold something else: where it lies, how long it may be. */
const harmless =
  /[_.-]?(arn|name|path|file|dir|id|ttl|seconds|minutes|hours|days|length|header|cookie|enabled|required|url|uri|issuer|audience|algorithm|version|ref|public_?key)$/i;

const shapes = [
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/,
  /\b(ghp|gho|ghs|ghu)_[A-Za-z0-9]{36}/,
  /\bgithub_pat_[A-Za-z0-9_]{22}/,
  /\b[sr]k_live_[A-Za-z0-9]{16}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10}/,
  /\bAIza[0-9A-Za-z_-]{35}/,
  /\bSG\.[A-Za-z0-9_-]{16}/,
  /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10}/,
  // A password within a connection string.
  /^[a-z][a-z0-9+.-]{0,20}:\/\/[^/\s:@]{0,200}:[^/\s:@]{1,500}@/i,
];

/** What is wrong with a named value that everybody who reads the resource can read; nothing if it is no secret. */
export function secretFault(name: string, value: Value, what: "argument" | "entry" | "variable"): string | undefined {
  if (!value.present || value.raw === "") return undefined;
  if (isSecretName(name)) return `The name of this ${what} says that it holds a secret.`;
  if (holdsSecret(value)) return `This ${what} holds a secret.`;
  return secretInside(value) ? `This ${what} holds a document with a secret in it.` : undefined;
}

/** JSON, YAML, properties and `.env` in a string: a name that says secret, with a text of its own beside it. */
function secretInside(value: Value): boolean {
  if (value.isUnknown || value.isSecret || typeof value.raw !== "string") return false;
  return secretInText(value.raw);
}

/** The same, of a text that is not a value: what a ConfigMap holds in Base64. */
export function secretInText(text: string): boolean {
  if (text.length > 200_000 || !/[:=]/.test(text)) return false;
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && hasSecretEntry(document, 0);
  } catch {
    return /\n/.test(text) && text.split("\n").some(isSecretLine);
  }
}

function hasSecretEntry(document: object, depth: number): boolean {
  return Object.entries(document).some(([name, inner]: [string, unknown]) => {
    if (typeof inner === "object" && inner !== null) return depth < 20 && hasSecretEntry(inner, depth + 1);
    return typeof inner === "string" && isOwnText(inner) && (isSecretName(name) || hasSecretShape(inner));
  });
}

function isSecretLine(line: string): boolean {
  const found = /^\s*(?:export\s+|-\s+)?["']?([A-Za-z][\w.-]{0,80})["']?\s*[:=]\s*(["']?)([^"'#\s][^"']*)\2\s*$/.exec(
    line,
  );
  return found !== null && isSecretName(found[1]!) && isOwnText(found[3]!.trim());
}

/** Arguments of a command among which one holds a secret: `--password=x`, `--password x`, `sh -c "PGPASSWORD=x psql"`. */
export function secretArgument(argument: Value, next: Value | undefined): string | undefined {
  const fault = "This argument holds a secret.";
  if (argument.isUnknown || argument.isSecret) return argument.isSecret ? fault : undefined;
  if (typeof argument.raw !== "string" || argument.raw.length > 20_000) return undefined;
  if (hasSecretShape(argument.raw)) return fault;
  const [, flag = "", given] = /^--?([A-Za-z][\w.-]{0,80})(?:=(.*))?$/s.exec(argument.raw) ?? [];
  if (flag !== "" && isSecretName(flag)) {
    const value = given ?? next?.raw;
    if (typeof value === "string" && !value.startsWith("-") && isOwnText(value)) return fault;
  }
  const assigned = [...argument.raw.matchAll(/(?:^|[\s;])([A-Z][A-Z\d_]{2,80})=(?:"([^"]*)"|'([^']*)'|([^\s;&|]*))/g)];
  return assigned.some(([, name = "", ...texts]) => isSecretName(name) && texts.some((text) => text && isOwnText(text)))
    ? fault
    : undefined;
}

/** Not empty, not a reference to where the secret lies, not a switch. */
function isOwnText(text: string): boolean {
  return (
    text !== "" &&
    !/^([$%{<[]|(true|false|null|none|yes|no|on|off|\d{1,4})$|\/|file:|env:|vault:|arn:|https?:\/\/[^@]*$)/i.test(text)
  );
}

function isSecretName(name: string): boolean {
  if (name.length > 200 || harmless.test(name) || name.startsWith("NEXT_PUBLIC_")) return false;
  return telling.test(name) || camel.test(name);
}

/** Whether the value itself is a secret: by its mark, by the output it comes from, or by its shape. */
function holdsSecret(value: Value): boolean {
  if (value.raw instanceof Secret) return true;
  if (value.raw instanceof Unknown && value.raw.sources.length > 0) {
    if (value.raw.template?.split(/\{\d+\}/).some(hasSecretShape)) return true;
    return value.raw.sources.some((source) => isSecretName(source.slice(source.lastIndexOf("#") + 1)));
  }
  const text = value.text();
  return text !== undefined && text.whole().length < 100_000 && hasSecretShape(text.whole());
}

function hasSecretShape(text: string): boolean {
  return shapes.some((shape) => shape.test(text));
}
