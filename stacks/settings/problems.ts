import { RunError } from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { documentation } from "../../components/shared/documentation";
import { listed } from "./formats";

/** One thing that is wrong with a stack file. */
export interface Problem {
  /** As a person writes it: `slipway:service.memoryMb`. */
  readonly key: string;
  /** What stands there. Absent when nothing does, or when it may be a secret. */
  readonly found?: unknown;
  readonly message: string;
}

/**
 * Everything that is wrong with a stack's settings, in one error. Nothing has been registered when it is thrown. As a
 * `RunError` the engine prints it without a stack trace.
 */
export class SettingsError extends RunError {
  constructor(
    readonly stackName: string,
    readonly problems: readonly Problem[],
    remarks: readonly string[] = [],
  ) {
    super(describe(stackName, problems, remarks));
  }
}

function describe(stack: string, problems: readonly Problem[], remarks: readonly string[]): string {
  const width = Math.min(40, Math.max(...problems.map(({ key }) => key.length)));
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((each) => `  ${each.key.padEnd(width)}  ${sentence(each)}`);
  return [
    `Pulumi.${stack}.yaml has ${count}. Nothing was created.`,
    "",
    ...lines,
    "",
    ...remarks.map((remark) => `  ${remark}`),
    `  Every setting: ${documentation("settings.md")}`,
  ].join("\n");
}

function sentence({ found, message }: Problem): string {
  if (found === undefined) return message;
  return message.startsWith("expected") ? `${shown(found)}: ${message}` : `${shown(found)} ${message}`;
}

/** Cut to a line, and without a password that stands where none belongs: the message may end in a log of CI. */
function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replace(/(:\/\/[^\s"/:@]*:)[^\s"]*@/g, "$1***@");
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A problem with one setting, by its dotted key. As a list, for those who return several. */
export function problem(key: string, found: unknown, message: string): Problem[] {
  return [{ key: `slipway:${key}`, found, message }];
}

/** Zod's issues as problems. `known` lists every key there is, for typing errors. */
export function problemsOf(error: z.ZodError, input: unknown, known: readonly string[]): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        key: `slipway:${joined([...path, key])}`,
        message: unknownKey(key, path.join("."), known),
      }));
    }
    const value = at(input, path);
    const message = messageOf(issue, value);
    const found = holdsSecret(path) || issue.code === "invalid_key" || value === "" ? undefined : value;
    if (value === undefined && ["invalid_type", "invalid_value"].includes(issue.code) && path[0] !== "secrets") {
      return [{ key: `slipway:${joined(path)}`, message: `is missing: ${message}` }];
    }
    return [{ key: `slipway:${joined(path)}`, found, message }];
  });
}

/** Values that are secret wherever they are valid, and so where they are not. */
function holdsSecret(path: readonly string[]): boolean {
  return path[0] === "secrets" || path.join(".") === "monitoring.webhook";
}

function messageOf(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? issue.message;
  if (issue.code === "invalid_value" && issue.values.length > 20 && /^Invalid/.test(issue.message))
    return `expected one of the names in ${documentation("policies.md")}`;
  // And the other way round, which `pulumi config set --path` writes of what looks like a number or a boolean.
  if (["number", "boolean"].includes(typeof found) && wantsText(issue, found))
    return `${ownWords(issue)}, ${inQuotes(found)}`;
  if (issue.code === "invalid_type") {
    if (issue.expected === "object" || issue.expected === "record") return withoutKeys(found);
    // A number or a boolean in quotes is the error most often made in YAML.
    const quoted = typeof found === "string" && found.trim() !== "";
    const message = ownWords(issue);
    if (quoted && ["number", "int"].includes(issue.expected) && Number.isFinite(Number(found)))
      return `${message}, written without quotes: ${Number(found)}`;
    if (quoted && issue.expected === "boolean" && ["true", "false"].includes(found))
      return `${message}, written without quotes: ${found}`;
    return message;
  }
  return ownWords(issue);
}

function wantsText(issue: z.core.$ZodIssue, found: unknown): boolean {
  if (issue.code === "invalid_value") return issue.values.includes(String(found));
  return issue.code === "invalid_type" && issue.expected === "string";
}

function inQuotes(found: unknown): string {
  // Of more digits than a number has, the last are lost already.
  return typeof found === "number" && Math.abs(found) > Number.MAX_SAFE_INTEGER
    ? "in quotes"
    : `in quotes: ${JSON.stringify(String(found))}`;
}

/** What to write where a section is expected. */
export function withoutKeys(found: unknown): string {
  if (found === "" || found === null) return "is empty: expected keys below it; leave the line out for the defaults";
  if (found === undefined) return "expected keys below it";
  return `expected keys below it, not ${Array.isArray(found) ? "a list" : typeof found === "string" ? "text" : `a ${typeof found}`}`;
}

/** What a schema's own message says; where it has none, what zod's says in its words. */
function ownWords(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too |Unrecognized)/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_value":
      return `expected ${listed(issue.values.map(String))}`;
    case "invalid_type":
      return `expected ${typeNames[issue.expected] ?? issue.expected}`;
    case "too_small":
      return `expected ${String(issue.minimum)} or more${issue.origin === "string" ? " characters" : issue.origin === "array" ? " entries" : ""}`;
    case "too_big":
      return `expected at most ${String(issue.maximum)}${issue.origin === "string" ? " characters" : issue.origin === "array" ? " entries" : ""}`;
    default:
      return `is not what ${documentation("settings.md")} says`;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list: each entry on a line of its own after a hyphen",
};

function unknownKey(key: string, section: string, known: readonly string[]): string {
  const siblings = known.flatMap((other) => {
    if (section === "") return other.includes(".") ? [] : [other];
    return other.startsWith(`${section}.`) ? [other.slice(section.length + 1)] : [];
  });
  const guess = siblings.length === 0 ? undefined : closest(key, siblings);
  const near = guess !== undefined && distance(key, guess) <= Math.max(2, Math.floor(key.length / 3));
  return near
    ? `is not a setting; did you mean slipway:${section === "" ? guess : `${section}.${guess}`}?`
    : "is not a setting";
}

/** A path as a person writes it: `monitoring.emails[0]`. */
export function joined(path: readonly string[]): string {
  return `${path.map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`)).join("")}`;
}

function at(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], input);
}
