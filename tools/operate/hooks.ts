import { spawn } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { OperateError } from "./contract";
import type { Receipt } from "../plan/receipt";

/** Where a project keeps them, each an executable file. */
export const hooksFolder = join(".slipway", "hooks");

interface Told {
  readonly stack: string;
  readonly image: string | undefined;
}

/** Before anything is changed. One that fails refuses the release. */
export async function beforeRelease(folder: string, told: Told): Promise<void> {
  const code = await hook(folder, "pre-release", told, "");
  if (code !== 0) {
    throw new OperateError(`${hooksFolder}/pre-release ended with exit code ${code}: nothing was released or changed`);
  }
}

/** After it has ended, well or not: what it says of the release stands. False: the hook failed. */
export async function afterRelease(folder: string, told: Told, receipt: Receipt): Promise<boolean> {
  const more = { SLIPWAY_OUTCOME: receipt.outcome };
  return (await hook(folder, "post-release", told, JSON.stringify(receipt), more)) === 0;
}

/** Exit code, 0 where there is no such hook. What it prints goes to standard error, as standard output is the receipt's. */
function hook(
  folder: string,
  name: string,
  { stack, image }: Told,
  input: string,
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  const file = join(folder, hooksFolder, name);
  if (!existsSync(file)) return Promise.resolve(0);
  try {
    accessSync(file, constants.X_OK);
  } catch {
    throw new OperateError(`${hooksFolder}/${name} is not executable: chmod +x ${hooksFolder}/${name}`);
  }
  const environment = { ...process.env, SLIPWAY_STACK: stack, SLIPWAY_IMAGE: image ?? "", ...more };
  return new Promise((resolve, reject) => {
    const child = spawn(file, [], { cwd: folder, env: environment, stdio: ["pipe", process.stderr, process.stderr] });
    child.on("error", reject);
    // A hook need not read it.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
