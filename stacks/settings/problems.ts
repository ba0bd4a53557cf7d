import { RunError } from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
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
  ) {
    super(describe(stackName, problems));
  }
}

function describe(stack: string, problems: readonly Problem[]): string {
  const width = Math.min(40, Math.max(...problems.map(({ key }) => key.length)));
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((each) => `  ${each.key.padEnd(width)}  ${sentence(each)}`);
  return [
    `Pulumi.${stack}.yaml has ${count}. Nothing was created.`,
    "",
    ...lines,
    "",
    "  Every setting: docs/settings.md",
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
        key: joined([...path, key]),
        message: unknownKey(key, path.join("."), known),
      }));
    }
    const message = messageOf(issue);
    const found = path[0] === "secrets" || issue.code === "invalid_key" ? undefined : at(input, path);
    if (found === undefined && ["invalid_type", "invalid_value"].includes(issue.code) && path[0] !== "secrets") {
      return [{ key: joined(path), message: `is missing: ${message}` }];
    }
    return [{ key: joined(path), found, message: hint(issue, found) ?? message }];
  });
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? issue.message;
  // Schemas of others, such as the policies', say it in zod's own words.
  if (issue.code === "invalid_value" && issue.values.length > 20)
    return "expected one of the names in docs/policies.md";
  if (issue.code === "invalid_value" && issue.message.startsWith("Invalid"))
    return `expected ${listed(issue.values.map(String))}`;
  return issue.message;
}

/** A number or a truth value in quotes is the error most often made in YAML. */
function hint(issue: z.core.$ZodIssue, found: unknown): string | undefined {
  if (issue.code !== "invalid_type" || typeof found !== "string") return undefined;
  const wantsNumber = issue.expected === "number" || issue.expected === "int";
  if (wantsNumber && found.trim() !== "" && Number.isFinite(Number(found)))
    return `${issue.message}, written without quotes: ${found}`;
  if (issue.expected === "object" || issue.expected === "record") return "expected keys below it, not text";
  return undefined;
}

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

function joined(path: readonly string[]): string {
  return `slipway:${path.map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`)).join("")}`;
}

function at(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], input);
}
