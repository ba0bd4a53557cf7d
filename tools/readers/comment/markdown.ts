import { shorten } from "../../plan/values";

/**
 * Markdown from parts that nobody can be trusted with: names, values and messages come from the pull
 * request's own code and from clouds. What looks like a link, a mention or a reference is shown as code,
 * where forges leave it alone; every other sign that Markdown knows is escaped.
 */

/** Text in one line, with `code` in back-ticks kept as code. */
export function prose(text: string, limit = 400): string {
  const pieces = shorten(oneLine(text), limit)
    .split(/(`[^`]+`)/)
    .flatMap((part) => (/^`[^`]+`$/.test(part) ? [code(part.slice(1, -1))] : plain(part)));
  // Two code spans that touch would be read as one.
  return pieces.reduce((done, piece) => done + (done.endsWith("`") && piece.startsWith("`") ? " " : "") + piece, "");
}

/** Code that shows exactly `text`, whatever signs it brings, fit for a table cell. */
export function code(text: string, limit = 200): string {
  const content = shorten(oneLine(text), limit).trim();
  if (content === "") return "";
  // Renderers disagree on back-slashes before a pipe in a table: entities leave nothing to disagree on.
  if (content.includes("|")) return `<code>${entities(content)}</code>`;
  const fence = "`".repeat(longestRun(content, "`") + 1);
  const padding = content.startsWith("`") || content.endsWith("`") ? " " : "";
  return `${fence}${padding}${content}${padding}${fence}`;
}

/** A fenced block that its content cannot end. */
export function block(language: string, content: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(content, "`") + 1));
  return `${fence}${language}\n${content.replace(controls, "")}\n${fence}`;
}

/** Cells are Markdown already: made by `prose`, `code` or by hand. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[] = [],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (align[i] === "right" ? "---:" : "---"))), ...rows.map(line)].join("\n");
}

export type Align = "left" | "right";

/** A part that is shut until somebody opens it. `summary` is Markdown free of user text, or escaped by `html`. */
export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Text for the inside of an HTML tag. Forges look for mentions and references there too, so those become code. */
export function html(text: string): string {
  return oneLine(text)
    .split(linkLike)
    .map((part, i) => (i % 2 === 1 ? `<code>${entities(part)}</code>` : entities(part)))
    .join("");
}

/** A link to an address that is ours or the forge's; anything but http(s) is not linked. */
export function link(label: string, address: string): string {
  return /^https?:\/\/[^\s<>()]+$/.test(address) ? `[${label}](${address})` : label;
}

// Addresses, mentions, issue and commit references: all that a forge turns into a link or a message to somebody.
const linkLike = /((?:\w+:\/\/|www\.|mailto:)\S+|\S*@\S+|[\w./-]*[#!%]\d+|\bGH-\d+|\b[0-9a-f]{7,64}\b)/gi;

function plain(text: string): string[] {
  return text
    .split(linkLike)
    .map((part, i) =>
      i % 2 === 1 ? code(part) : part.replace(/[\\*_{}[\]()<>#+!|~^=&-]/g, "\\$&").replace(magic, entity),
    );
}

// Back-ticks, formulas and `:emoji:`: no backslash disarms them everywhere.
const magic = /[`$]|:(?=[\w+-]+:)/g;

function entities(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, entity);
}

function entity(sign: string): string {
  return `&#${sign.codePointAt(0)};`;
}

// Also what turns the direction of text round and what has no width: both can make one name look like another.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(controls, "");
}

function longestRun(text: string, sign: string): number {
  return text.split(new RegExp(`[^${sign}]+`)).reduce((longest, run) => Math.max(longest, run.length), 0);
}
