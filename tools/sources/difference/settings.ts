import { encryptedPattern, type StackConfiguration } from "../in-process/stack-file";

/** One setting of a stack file that is not what it was. */
export interface SettingChange {
  /** With its namespace, dotted below: `slipway:database.storageGb`. */
  readonly key: string;
  /** As JSON would spell it; absent when it was not set. A secret is never shown. */
  readonly before?: string;
  readonly after?: string;
  /** Encrypted, and encrypted anew: whether the value is another one, nobody can tell without the key. */
  readonly encrypted: boolean;
}

type Configuration = Pick<StackConfiguration, "config" | "secretKeys">;

/** In the order of the files: what a person edited, before all that follows from it. */
export function settingChanges(before: Configuration, after: Configuration): SettingChange[] {
  const [old, now] = [leaves(before), leaves(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .filter((key) => old.get(key) !== now.get(key))
    .map((key) => {
      const values = [old.get(key), now.get(key)];
      const encrypted = values.some((value) => value !== undefined && encryptedPattern.test(value));
      const [was, is] = values.map((value) => (value === undefined ? undefined : encrypted ? "(encrypted)" : value));
      return { key, encrypted, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) };
    });
}

function leaves({ config }: Configuration): Map<string, string> {
  const found = new Map<string, string>();
  const put = (key: string, value: unknown): void => {
    if (Array.isArray(value)) {
      if (value.every((item) => typeof item !== "object" || item === null)) found.set(key, JSON.stringify(value));
      else value.forEach((item, index) => put(`${key}[${nameOf(item) ?? index}]`, item));
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) put(`${key}.${name}`, inner);
    } else found.set(key, typeof value === "string" ? value : JSON.stringify(value));
  };
  for (const [key, text] of Object.entries(config)) if (text !== "" && text !== "{}") put(key, parsed(text));
  return found;
}

/** Items of a list are distinguished by what names them, so that one more at the front is one more, not all of them. */
function nameOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const { name, id, rule, resource } = item as Record<string, unknown>;
  const named = [name ?? id ?? rule, resource].filter((part) => typeof part === "string");
  return named.length > 0 ? named.join(" ") : undefined;
}

function parsed(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
