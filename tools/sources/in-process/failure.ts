import { readFileSync, realpathSync } from "node:fs";
import { relative } from "node:path";
import { SettingsError } from "../../../stacks/settings/problems";
import type { Failure } from "../../plan/failure";

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

function describe(error: unknown, projectDir: string): string {
  if (!(error instanceof Error))
    return `The program threw ${JSON.stringify(error) ?? String(error)}, which is no error.`;
  const expected = error.name === "RunError" || "__pulumiRunError" in error;
  const text = `${expected || error.name === "Error" ? "" : `${error.name}: `}${error.message.trim()}`;
  const [at] = framesOf(error, projectDir);
  if (!at) return text;
  const lines = framesOf(error, projectDir).map(
    (frame) => `    at ${frame.what ? `${frame.what} ` : ""}(${frame.file}:${frame.line}:${frame.column})`,
  );
  return [text, ...excerpt(at, projectDir), ...lines.slice(0, mostFrames)].join("\n");
}

interface Frame {
  readonly what: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Of the program itself: not of Pulumi, Node.js or other dependencies. */
function framesOf(error: Error, projectDir: string): Frame[] {
  return (error.stack ?? "").split("\n").flatMap((line) => {
    const found = /^\s*at (?:(.*?) \()?(?:file:\/\/)?(\/[^():]+|[A-Za-z]:\\[^():]+):(\d+):(\d+)\)?$/.exec(line);
    if (!found) return [];
    const [, what = "", path = "", row, column] = found;
    const file = within(path, projectDir);
    if (file === undefined) return [];
    return [{ what: what.replace(/^async /, ""), file, line: Number(row), column: Number(column) }];
  });
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
  const [frame] = error instanceof Error ? framesOf(error, projectDir) : [];
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
