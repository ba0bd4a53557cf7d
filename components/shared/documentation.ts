import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The folder of this package: the repository, or `node_modules/slipway`, where the code is one level deeper. */
export function packageFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

/**
 * A page of the documentation, as a path from where the command runs.
 *
 * @example documentation("settings.md") // "docs/settings.md", or "node_modules/slipway/docs/settings.md"
 */
export function documentation(page: string): string {
  return relative(process.cwd(), join(packageFolder(), "docs", page)).replaceAll("\\", "/");
}

/** The version in package.json. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { version: string }).version;
}
