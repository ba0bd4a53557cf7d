import { type Problem, withoutKeys } from "../../../stacks/settings/problems";
import { mapping } from "./engine-yaml";

/**
 * What Pulumi.yaml declares of its configuration, and what the engine refuses because of it, before the program runs.
 * https://www.pulumi.com/docs/iac/concepts/config/#strongly-typed-configuration
 */

type Type = "string" | "integer" | "boolean" | "array" | "object";

interface Declaration {
  readonly type?: Type;
  readonly items?: Declaration;
  readonly secret?: boolean;
}

const known: readonly unknown[] = ["string", "integer", "boolean", "array", "object"] satisfies Type[];

/** What is wrong with the section `config` of Pulumi.yaml itself, a sentence for each. */
export function wrongDeclarations(project: string, config: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(config).flatMap(([key, declared]) => {
    const wrong = wrongDeclaration(key.includes(":") && !key.startsWith(`${project}:`), declared);
    return wrong === undefined ? [] : [`config.${key}: ${wrong}`];
  });
}

function wrongDeclaration(foreign: boolean, declared: unknown): string | undefined {
  if (declared === null) return "is empty: expected a value, or a declaration with its type";
  if (typeof declared === "number" && !Number.isInteger(declared))
    return `expected text, a whole number, a boolean or a list: "${declared}"`;
  if (typeof declared === "string" && /^\d{4}-\d\d-\d\d \S+ [+-]\d{4} \S+$/.test(declared))
    return `is a date without quotes, which YAML makes a moment of: "${declared.slice(0, 10)}"`;
  if (mapping(declared) !== declared) return undefined;
  const { type, items, value, default: fallback } = declared as Record<string, unknown>;
  if (foreign)
    return type !== undefined || fallback !== undefined
      ? "is of another namespace than the project's, so that it has no type and no default: expected value"
      : undefined;
  if (value !== undefined && fallback !== undefined) return "has a value and a default: keep one";
  if (type !== undefined && !known.includes(type))
    return `type ${JSON.stringify(type)}: expected string, integer, boolean, array or object`;
  if (type === "array" && items === undefined) return "is an array: expected items with their type";
  const given = value ?? fallback;
  return given === undefined ? undefined : unfit(declared, given, `${value === undefined ? "default" : "value"}: `);
}

/** Values of a stack file of another type than is declared, in plain text though secret, or missing. */
export function unfitValues(
  project: string,
  declarations: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
  isEncrypted: (value: unknown) => boolean,
): Problem[] {
  const known = new Map(Object.entries(settings).map(([key, value]) => [fullKey(project, key), value]));
  return Object.entries(declarations).flatMap(([name, declared]): Problem[] => {
    const key = fullKey(project, name);
    if (mapping(declared) !== declared || !key.startsWith(`${project}:`)) return [];
    const { value: own, default: fallback } = declared as Record<string, unknown>;
    if (!known.has(key)) return own === undefined && fallback === undefined ? [{ key, message: missing }] : [];
    const value = known.get(key);
    const declaration = declared as Declaration;
    if (isEncrypted(value))
      return declaration.type === "object" || declaration.type === "array"
        ? [{ key, message: "is encrypted whole: expected keys below it, each value encrypted by itself" }]
        : [];
    const wrong = declaration.secret === true ? notEncrypted(key) : unfit(declaration, value);
    return wrong === undefined ? [] : [{ key, message: wrong }];
  });
}

export const missing = "is missing: Pulumi.yaml declares it without a default";

const notEncrypted = (key: string) => `is declared a secret and in plain text: pulumi config set --secret ${key}`;

function unfit({ type, items }: Declaration, value: unknown, where = ""): string | undefined {
  switch (type) {
    case "string":
      return typeof value === "object" && value !== null
        ? `${where}expected text, not ${Array.isArray(value) ? "a list" : "keys below it"}`
        : undefined;
    case "integer":
      return /^[+-]?\d+$/.test(String(value)) && typeof value !== "object"
        ? undefined
        : `${where}expected a whole number`;
    case "boolean":
      return /^(?:true|false|True|False|TRUE|FALSE|[tTfF01])$/.test(String(value)) && typeof value !== "object"
        ? undefined
        : `${where}expected true or false`;
    case "array": {
      if (!Array.isArray(value)) return `${where}expected a list: each entry on a line of its own after a hyphen`;
      return value
        .map((item, index) => unfit(items ?? {}, item, `${where}[${index}] `))
        .find((each) => each !== undefined);
    }
    case "object":
      return mapping(value) === value ? undefined : `${where}${withoutKeys(value)}`;
    default:
      return undefined;
  }
}

/** `preset` and `slipway:config:preset` are `slipway:preset` to the engine. */
export function fullKey(project: string, key: string): string {
  const parts = key.split(":");
  if (parts.length === 3 && parts[1] === "config") return `${parts[0]}:${parts[2]}`;
  return parts.length === 1 ? `${project}:${key}` : key;
}

/** One setting under two keys: the engine takes whichever it comes to. */
export function doubled(project: string, settings: Readonly<Record<string, unknown>>): Problem[] {
  const seen = new Map<string, string>();
  return Object.keys(settings).flatMap((written): Problem[] => {
    const key = fullKey(project, written);
    const other = seen.get(key);
    seen.set(key, written);
    return other === undefined
      ? []
      : [{ key, message: `is there as ${other} and as ${written}, of which the engine takes either: keep one` }];
  });
}
