import { isSecret, isUnknown, type PlanValue } from "./plan";

/** One value on one line, at most `limit` characters, secrets masked. For people, not for parsing. */
export function formatValue(value: PlanValue | undefined, limit = 80): string {
  if (value === undefined) return "(not set)";
  return shorten(typeof value === "string" ? JSON.stringify(value) : spell(value), limit);
}

export function shorten(text: string, limit: number): string {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
}

function spell(value: PlanValue): string {
  if (isSecret(value)) return "(secret)";
  if (isUnknown(value)) return unknown(value.$unknown, value.template);
  if (Array.isArray(value)) return `[${value.map(spell).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value as Record<string, PlanValue>);
  return `{${entries.map(([key, inner]) => `${/^[\w$-]+$/.test(key) ? key : JSON.stringify(key)}: ${spell(inner)}`).join(", ")}}`;
}

function unknown(names: readonly string[], template: string | undefined): string {
  const parts = names.map((name) => name.split("::").pop()!.replace("#", "."));
  if (template !== undefined)
    return JSON.stringify(template.replace(/\{(\d+)\}/g, (_, n: number) => `{${parts[n] ?? "…"}}`));
  return parts.length === 0 ? "(known after deployment)" : `(known after deployment: ${parts.join(", ")})`;
}
