import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { UsageError } from "../plan/usage-error";
import type { Preview } from "../review/preview";

/** How a preview is asked for where the program is not run in-process. */
export interface EngineOptions {
  readonly engine?: boolean;
  readonly refresh?: boolean;
  readonly events?: string;
}

/** `--engine`, `--refresh` and `--events`, the same for every command that looks at a stack. */
export function withEngineOptions(command: Command): Command {
  return command
    .option("--engine", "ask `pulumi preview` instead, for programs in any language; needs its credentials")
    .option("--refresh", "with --engine: read the live state first, so that drift shows")
    .option("--events <file>", "read such a preview from a file of engine events; `-` for standard input");
}

export function asksEngine({ engine, events }: EngineOptions): boolean {
  return engine === true || events !== undefined;
}

/** The engine's events of one stack. */
export async function eventsOf(options: EngineOptions & { readonly cwd: string }, stack: string): Promise<string> {
  if (options.events === undefined) {
    const { runEngine } = require("../sources/engine/engine") as typeof import("../sources/engine/engine");
    return await runEngine({ ...options, stack });
  }
  try {
    return textOf(readFileSync(options.events === "-" ? 0 : options.events));
  } catch {
    throw new UsageError(`--events ${options.events}: there is no such file, or it cannot be read.`);
  }
}

/** PowerShell's `>` writes UTF-16; both begin with a mark that says so. */
function textOf(bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** What the engine would make of a stack. */
export async function previewByEngine(
  options: EngineOptions & { readonly cwd: string },
  stack: string,
): Promise<Preview> {
  const { previewOfEvents } = require("../review/of-events") as typeof import("../review/of-events");
  return previewOfEvents({ projectDir: options.cwd, stack, events: await eventsOf(options, stack) });
}

/** Events are those of one stack. */
export function requireOneStack({ events }: EngineOptions, stacks: readonly string[]): void {
  if (events !== undefined && stacks.length !== 1) throw new UsageError("--events belongs to one stack: name it.");
}
