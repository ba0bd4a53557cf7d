import { readFileSync, realpathSync } from "node:fs";
import { relative } from "node:path";
import { inspect, types } from "node:util";
import { SettingsError } from "../../../stacks/settings/problems";
import type { Failure } from "../../plan/failure";
import { adviceFor, askingLine, missingModule } from "./missing-module";

/** Why a program did not come to its end, as its author reads it: the error, and its place in their own code. */
export class ProgramError extends Error {
  override name = "ProgramError";
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.message, options);
  }
}

const mostErrors = 3;
const mostFrames = 6;

/** Errors that say themselves what is wrong, and where. */
export function isSettingsError(error: unknown): boolean {
  return error instanceof SettingsError;
}

/** All that was thrown, each once. Paths are the project's own: nobody learns how the machine is laid out. */
export function programError(errors: readonly unknown[], projectDir: string): ProgramError {
  const told = new Map(errors.map((error) => [describe(error, projectDir), error]));
  const [first = ["The program failed without an error.", undefined]] = told;
  const places = [...told.values()].map((error) => placeOf(error, projectDir));
  const place = places.find((one) => one !== undefined);
  const rest = told.size - mostErrors;
  const message = [...[...told.keys()].slice(0, mostErrors), ...(rest > 0 ? [`… and ${rest} more errors`] : [])].join(
    "\n\n",
  );
  return new ProgramError({ kind: "program", message, ...(place && { place }) }, { cause: first[1] });
}

/** Also one of another realm, as `node:vm` and workers make them. */
function isNativeError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

function describe(error: unknown, projectDir: string): string {
  if (!isNativeError(error)) return `The program threw ${shown(error)}, which is no error.`;
  const name = read(error, "name") || "Error";
  const expected = name === "RunError" || "__pulumiRunError" in error;
  const said = messageOf(error, projectDir);
  const missing = missingModule(error);
  const advice = missing && adviceFor(missing, projectDir);
  const text = [
    `${expected || missing || name === "Error" ? "" : `${name}: `}${said}`,
    ...(advice === undefined ? [] : [`  ${advice}`]),
    ...reasonsOf(error),
  ].join("\n");
  const frames = framesOf(error, projectDir);
  const [at] = frames;
  if (!at) return text;
  const lines = frames.map(
    (frame) => `    at ${frame.what ? `${frame.what} ` : ""}(${frame.file}:${frame.line}:${frame.column})`,
  );
  return [text, ...excerpt(at, projectDir), ...lines.slice(0, mostFrames)].join("\n");
}

/** A text of the error; empty where it has another value, or none that can be read. */
function read(error: object, key: "name" | "message" | "stack"): string {
  try {
    const value: unknown = (error as Record<string, unknown>)[key];
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}

/** What somebody throws that is no error: whatever it is, and not more of it than one reads. */
function shown(value: unknown): string {
  try {
    const text = inspect(value, { depth: 2, maxArrayLength: 10, maxStringLength: 500, breakLength: Infinity });
    return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
  } catch {
    return `a value of type ${typeof value}`;
  }
}

/** What the error names as its cause, and the errors that it stands for. */
function reasonsOf(error: Error, depth = 0): string[] {
  const { cause } = error;
  const errors = error instanceof AggregateError && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  return [...errors.slice(0, mostErrors), ...(cause === undefined || cause === null ? [] : [cause])].flatMap((one) => {
    const reason = isNativeError(one) ? read(one, "message").trim() : shown(one);
    const further = isNativeError(one) && depth < 3 ? reasonsOf(one, depth + 1) : [];
    return [...(reason === "" ? [] : [`  because of: ${reason}`]), ...further];
  });
}

function messageOf(error: Error, projectDir: string): string {
  const { asking = "" } = missingModule(error) ?? {};
  const file = asking === "" ? undefined : within(asking, projectDir);
  const message = read(error, "message")
    .trim()
    // Node.js lists every module up to ours.
    .replace(/\nRequire stack:(\n- .*)+| imported from \S+$/, file === undefined ? "" : `, which ${file} asks for`);
  return (
    [projectDir, real(projectDir)].reduce((text, root) => text.replaceAll(`${root}/`, ""), message) || "no message"
  );
}

interface Frame {
  readonly what: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Of the program itself: not of Pulumi, Node.js or other dependencies. */
function framesOf(error: Error, projectDir: string): Frame[] {
  const stack = read(error, "stack");
  const found = [...headOf(stack, projectDir), ...stack.split("\n").flatMap(frame)];
  const missing = missingModule(error);
  return missing?.asking === undefined ? found : (askingFrame(missing.asking, missing.specifier) ?? found);

  /** The line that asks for a module: as a file is loaded, it has no frame, or one that nobody can map. */
  function askingFrame(asking: string, specifier: string): Frame[] | undefined {
    const file = within(asking, projectDir);
    const line = file === undefined ? 0 : askingLine(asking, specifier);
    return file === undefined || line === 0 ? undefined : [{ what: "", file, line, column: 1 }];
  }

  function frame(line: string): Frame[] {
    const found = /^\s*at (?:(.*?) \()?(?:file:\/\/)?(\/[^():]+|[A-Za-z]:\\[^():]+):(\d+):(\d+)\)?$/.exec(line);
    if (!found) return [];
    const [, what = "", path = "", row, column] = found;
    const file = within(path.replace(/\?run=\d+$/, ""), projectDir);
    if (file === undefined) return [];
    return [{ what: what.replace(/^async /, ""), file, line: Number(row), column: Number(column) }];
  }
}

/** A file that cannot be parsed has run nothing: V8 puts its place before the error. */
function headOf(stack: string, projectDir: string): Frame[] {
  const [, path = "", row, before = ""] = /^(?:file:\/\/)?(\/.+?):(\d+)\n.*\n( *)\^+\n/.exec(stack) ?? [];
  const file = path === "" ? undefined : within(path.replace(/\?run=\d+$/, ""), projectDir);
  if (file === undefined) return [];
  const { mapSourcePosition } =
    require("@cspotcode/source-map-support") as typeof import("@cspotcode/source-map-support");
  const { line, column } = mapSourcePosition({ source: path, line: Number(row), column: before.length });
  return [{ what: "", file, line, column: column + 1 }];
}

function within(path: string, projectDir: string): string | undefined {
  for (const root of new Set([projectDir, real(projectDir)])) {
    const file = relative(root, path);
    if (!file.startsWith("..") && !/(^|\/)node_modules\//.test(file) && !file.startsWith("tools/")) return file;
  }
  return undefined;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function placeOf(error: unknown, projectDir: string): Failure["place"] {
  const [frame] = isNativeError(error) ? framesOf(error, projectDir) : [];
  return frame && { file: frame.file, line: frame.line };
}

/** The line itself, as an author looks for it by eye. */
function excerpt({ file, line }: Frame, projectDir: string): string[] {
  try {
    const text = readFileSync(`${projectDir}/${file}`, "utf8").split("\n")[line - 1]?.trim();
    return text ? [`  ${file}:${line}   ${text.slice(0, 160)}`] : [];
  } catch {
    return [];
  }
}
