import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** A stack's configuration, as the engine would hand it to the program. */
export interface StackConfiguration {
  readonly project: string;
  /** The program, relative to the project. */
  readonly main: string;
  readonly config: Readonly<Record<string, string>>;
  /** Keys whose value is, or contains, a secret; also of mappings below: `slipway:secrets`, `slipway:secrets.KEY`. */
  readonly secretKeys: readonly string[];
}

/** Stands for a value that is encrypted in the stack file: the preview has no key for it, and needs none. */
const encrypted = "encrypted-in-the-stack-file";

export class StackFileError extends Error {
  override name = "StackFileError";
}

export function stackNames(projectDir: string): string[] {
  return readdirSync(projectDir)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

export function readStack(projectDir: string, stack: string): StackConfiguration {
  const file = join(projectDir, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    const names = stackNames(projectDir);
    throw new StackFileError(
      `There is no Pulumi.${stack}.yaml in ${projectDir}.\n\n  ${names.length > 0 ? `Stacks here: ${names.join(", ")}` : "No stack file is here. Is this the project's folder?"}`,
    );
  }
  const project = yaml(join(projectDir, "Pulumi.yaml"));
  const name = String(project["name"]);
  const config: Record<string, string> = {};
  const secretKeys = new Set<string>();
  const put = (key: string, value: unknown) => {
    const full = key.includes(":") ? key : `${name}:${key}`;
    for (const path of secretPaths(full, value)) secretKeys.add(path);
    config[full] = asText(value);
  };
  for (const [key, declared] of Object.entries(mapping(project["config"]))) {
    const value = declaredValue(declared);
    if (value !== undefined) put(key, value);
  }
  for (const [key, value] of Object.entries(mapping(yaml(file)["config"]))) put(key, value);
  return {
    project: name,
    main: typeof project["main"] === "string" ? project["main"] : ".",
    config,
    secretKeys: [...secretKeys],
  };
}

function yaml(file: string): Record<string, unknown> {
  try {
    return mapping(parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new StackFileError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** In Pulumi.yaml a key holds its value, or a declaration with `value` or `default`. */
function declaredValue(declared: unknown): unknown {
  if (typeof declared !== "object" || declared === null) return declared;
  const { value, default: fallback } = declared as { value?: unknown; default?: unknown };
  return value ?? fallback;
}

function isEncrypted(value: unknown): boolean {
  const keys = Object.keys(mapping(value));
  return keys.length === 1 && keys[0] === "secure";
}

function secretPaths(path: string, value: unknown): string[] {
  if (isEncrypted(value)) return [path];
  if (typeof value !== "object" || value === null) return [];
  const below = Object.entries(value).flatMap(([key, item]) => secretPaths(`${path}.${key}`, item));
  return below.length === 0 ? [] : [path, ...below];
}

function asText(value: unknown): string {
  const plain = withoutSecrets(value);
  if (typeof plain === "object" && plain !== null) return JSON.stringify(plain);
  return String((plain as string | number | boolean | null | undefined) ?? "");
}

function withoutSecrets(value: unknown): unknown {
  if (isEncrypted(value)) return encrypted;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
