import { encryptedPattern, type StackConfiguration } from "../in-process/stack-file";

/** One setting of a stack file that is not what it was. */
export interface SettingChange {
  /** With its namespace, dotted below: `slipway:database.storageGb`. */
  readonly key: string;
  /** As JSON would spell it; absent when it was not set. A secret is never shown, nor what takes its place. */
  readonly before?: string;
  readonly after?: string;
  /** Encrypted, and encrypted anew: whether the value is another one, nobody can tell without the key. */
  readonly encrypted: boolean;
  /** Was encrypted and is in plain text. */
  readonly exposed?: true;
}

type Configuration = Pick<StackConfiguration, "config" | "secretKeys" | "encryption">;

/** In the order of the files: what a person edited, before all that follows from it. */
export function settingChanges(before: Configuration, after: Configuration): SettingChange[] {
  const [old, now] = [leaves(before), leaves(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .filter((key) => old.get(key) !== now.get(key))
    .map((key) => {
      const [was, is] = [old.get(key), now.get(key)].map((value) =>
        value !== undefined && encryptedPattern.test(value) ? "(encrypted)" : value,
      );
      if (was === "(encrypted)" && is !== undefined && is !== was)
        return { key, encrypted: false, exposed: true, before: was, after: "in plain text" };
      const encrypted = was === "(encrypted)" || is === "(encrypted)";
      // What is encrypted now stood in the file before, which keeps it in its history: it is not repeated.
      const before = is === "(encrypted)" && was !== undefined && was !== is ? "in plain text" : was;
      return { key, encrypted, ...(before !== undefined && { before }), ...(is !== undefined && { after: is }) };
    });
}

function leaves({ config, encryption = {} }: Configuration): Map<string, string> {
  const found = new Map<string, string>();
  const put = (key: string, value: unknown): void => {
    if (Array.isArray(value)) {
      if (value.every(isPlain)) found.set(key, JSON.stringify(value));
      else value.forEach((item, index) => put(`${key}[${nameOf(item) ?? index}]`, item));
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) put(`${key}.${name}`, inner);
    } else found.set(key, typeof value === "string" ? value : JSON.stringify(value));
  };
  for (const [key, text] of Object.entries({ ...config, ...encryption }))
    if (text !== "" && text !== "{}") put(key, parsed(text));
  return found;
}

/** One secret of a list says nothing of the others. */
function isPlain(item: unknown): boolean {
  return (typeof item !== "object" || item === null) && !(typeof item === "string" && encryptedPattern.test(item));
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
