/**
 * Text that nobody can be trusted with, for a terminal: control characters, escape sequences and what turns the direction
 * of text round are spelled out, so that a name can neither move the cursor nor hide a line. Line breaks become spaces.
 */
export function safe(text: string): string {
  return text.replace(/\s+/g, " ").replace(unsafe, spelled);
}

/** The same for text of several lines, such as an error message. */
export function safeLines(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(unsafe, (sign) => (sign === "\n" ? sign : spelled(sign)));
}

/** The same for every text in a value, its keys too: what is printed of it may come from anywhere in it. */
export function safeDeep<Value>(value: Value): Value {
  if (typeof value === "string") return safe(value) as Value;
  if (Array.isArray(value)) return value.map(safeDeep) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [safe(key), safeDeep(item)])) as Value;
}

const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function spelled(sign: string): string {
  return sign === "\t" ? "  " : `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
