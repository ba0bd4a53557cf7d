import { spawnSync } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

export const projectDir = resolve(__dirname, "..");

const parts = ["index.ts", "stacks", "components", "policy", "tools", "app", "node_modules"];

/** Makes `folder` a project with this program, and stack files of its own. Linked, not copied: what is tested is what is here. */
export function linkProject(folder: string): void {
  cpSync(join(projectDir, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  for (const part of [...parts, "package.json", "tsconfig.json"])
    symlinkSync(join(projectDir, part), join(folder, part));
}

export function missing(...commands: readonly string[]): string[] {
  return commands.filter((command) => spawnSync("sh", ["-c", `command -v ${command}`]).status !== 0);
}

/** Skips what needs programs that are not there, and says which; `how` to get them. */
export function needs(context: Mocha.Context, absent: readonly string[], how = ""): void {
  if (absent.length === 0) return;
  console.log(`      not there: ${absent.join(", ")}${how}`);
  context.skip();
}

/** The command as a person in `cwd` runs it, without colours. */
export function slipway(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectDir, "tools/slipway.cjs"), ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  return { status, stdout, stderr };
}

/** How tests run the engine: a state in a folder, no look-up of versions, no download of providers. */
export function engineVariables(stateFolder: string): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}
