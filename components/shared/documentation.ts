import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

let known: string | undefined;

/** The folder of this package: the repository, or `node_modules/slipway`, where the code is one level deeper. */
export function packageFolder(): string {
  if (known !== undefined) return known;
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return (known = folder);
}

/**
 * A page of the documentation, as a path from where the command runs. Everything that is printed names pages by it.
 *
 * @example documentation("settings.md") // "docs/settings.md", or "node_modules/slipway/docs/settings.md"
 * @example documentation("aws.md#getting-in")
 */
export function documentation(page: string): string {
  return relative(process.cwd(), join(packageFolder(), "docs", page)).replaceAll("\\", "/");
}

/** The version in package.json. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { version: string }).version;
}
