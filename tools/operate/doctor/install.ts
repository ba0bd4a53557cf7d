import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { shellQuoted } from "../../../components/shared/shell-quoted";
import { OperateError } from "../contract";
import type { Diagnosis, Install } from "./contract";

/** What can be installed of what is missing, in order, each once. */
export function installable({ findings }: Diagnosis): Install[] {
  const installs = findings.flatMap(({ answer }) =>
    answer.state === "missing" && answer.install !== undefined ? [answer.install] : [],
  );
  const byCommand = new Map(installs.map((install) => [commandLine(install.program, install.args), install]));
  return [...byCommand.values()].sort((one, other) => one.order - other.order);
}

/**
 * Runs each, one after the other, and stops at the first that fails.
 *
 * @throws OperateError before anything is run when one of the programs is not there.
 */
export async function install(
  installs: readonly Install[],
  terminal: (program: string, args: readonly string[]) => Promise<number>,
  say: (line: string) => void,
  path = process.env["PATH"] ?? "",
): Promise<void> {
  const absent = [...new Set(installs.map(({ program }) => program))].filter((program) => !isOnPath(program, path));
  if (absent.length > 0) {
    throw new OperateError(
      `${absent.join(" and ")} not found on PATH: nothing was installed. The commands, in order:\n` +
        installs.map(({ program, args }) => `  ${commandLine(program, args)}`).join("\n"),
    );
  }
  for (const { program, args } of installs) {
    say(commandLine(program, args));
    const code = await terminal(program, args);
    if (code !== 0)
      throw new OperateError(`${program} failed with exit code ${code}: what comes after it was not tried`);
  }
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, program)));
}

/** As a person types it. */
export function commandLine(program: string, args: readonly string[]): string {
  return [program, ...args].map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : shellQuoted(part))).join(" ");
}
