import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export interface MissingModule {
  /** What the program asks for: `@acme/tags`, `./zones`. */
  readonly specifier: string;
  /** The file that asks, as a path of this machine; undefined where Node.js does not say. */
  readonly asking: string | undefined;
}

/** What Node.js looked for and did not find; undefined for any other error. */
export function missingModule(error: Error): MissingModule | undefined {
  const { code, requireStack } = error as { readonly code?: unknown; readonly requireStack?: unknown };
  if (code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") return undefined;
  const [, specifier, importer] =
    /Cannot find (?:module|package) '([^']+)'(?: imported from (\S+))?/.exec(error.message) ?? [];
  if (specifier === undefined) return undefined;
  const asking: unknown = Array.isArray(requireStack) ? requireStack[0] : importer;
  return { specifier, asking: typeof asking === "string" ? asking : undefined };
}

/** The line of a file that asks for a module: 0 where it cannot be told. */
export function askingLine(file: string, specifier: string): number {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    return 1 + lines.findIndex((line) => line.includes(`"${specifier}"`) || line.includes(`'${specifier}'`));
  } catch {
    return 0;
  }
}

const installs: readonly (readonly [lock: string, command: string])[] = [
  ["pnpm-lock.yaml", "pnpm install --frozen-lockfile"],
  ["yarn.lock", "yarn install --immutable"],
  ["bun.lock", "bun install --frozen-lockfile"],
  ["bun.lockb", "bun install --frozen-lockfile"],
  ["package-lock.json", "npm ci"],
  ["npm-shrinkwrap.json", "npm ci"],
];

/** What to do about it; undefined where nobody can tell. */
export function adviceFor({ specifier, asking }: MissingModule, projectDir: string): string | undefined {
  if (/^[./]/.test(specifier)) return undefined;
  const folders = above(dirname(asking ?? projectDir), projectDir);
  const alias = folders.map((folder) => join(folder, "tsconfig.json")).find((file) => hasPath(file, specifier));
  if (alias !== undefined)
    return `${relative(projectDir, alias)} has a path for it, which the type checker alone reads: neither Node.js nor the engine does. Import "tsconfig-paths/register" first, or name the file.`;
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const manifest = folders.map((folder) => join(folder, "package.json")).find((file) => existsSync(file));
  if (manifest === undefined) return `There is no package.json that names ${name}.`;
  const where = relative(projectDir, manifest) || "package.json";
  if (!names(manifest, name)) return `${where} does not name ${name} among its dependencies.`;
  const all = above(dirname(manifest), "/");
  const [, command = "npm install"] =
    installs.find(([lock]) => all.some((folder) => existsSync(join(folder, lock)))) ?? [];
  return `${where} names ${name}, which is not installed: ${command}`;
}

/** From a folder up to another one that it is in. */
function above(from: string, to: string): string[] {
  const folders = [from];
  for (let at = from; at !== to && at !== dirname(at); at = dirname(at)) folders.push(dirname(at));
  return folders;
}

function names(manifest: string, name: string): boolean {
  try {
    const content = JSON.parse(readFileSync(manifest, "utf8")) as Record<string, Record<string, unknown> | undefined>;
    return ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].some(
      (kind) => content[kind]?.[name] !== undefined,
    );
  } catch {
    return false;
  }
}

/** By its text: a configuration has comments, and may end in a comma. */
function hasPath(file: string, specifier: string): boolean {
  try {
    const [, paths = ""] = /"paths"\s*:\s*\{([^}]*)\}/.exec(readFileSync(file, "utf8")) ?? [];
    return [...paths.matchAll(/"([^"]+)"\s*:\s*\[/g)].some(([, pattern = ""]) => {
      const [start = "", end] = pattern.split("*");
      return end === undefined ? pattern === specifier : specifier.startsWith(start) && specifier.endsWith(end);
    });
  } catch {
    return false;
  }
}
