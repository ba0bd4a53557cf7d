import { existsSync, readFileSync, realpathSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { launcher } from "../../launchers";
import { UsageError } from "../../plan/usage-error";

/** Root of this very package: what lies in it finds its own dependencies. */
const root = join(__dirname, "..", "..", "..");

/**
 * Runs a project's program as the engine would: CommonJS or ES modules, JavaScript or TypeScript, whatever it exports.
 * Programs that are not this package's get this package's copy of Pulumi's SDK, since the recorder lives in that.
 */
export async function runProgram(projectDir: string, main: string, argument?: unknown): Promise<unknown> {
  const entry = entryOf(projectDir, main);
  if (!isOwn(entry)) {
    shareSdk();
    forget(projectDir);
    running = { folder: pathToFileURL(realpathSync(projectDir)).href, run: ++runs };
    // As the engine has it: programs read files that lie beside them.
    process.chdir(projectDir);
  }
  const exported: unknown = isEsm(entry)
    ? await importModule(`${pathToFileURL(entry).href}?run=${runs}`)
    : require(entry);
  return await value(exported, argument);
}

function isOwn(file: string): boolean {
  return file.startsWith(root + sep) && !file.slice(root.length).includes(`${sep}node_modules${sep}`);
}

/** Written out, it would be translated to `require`, which takes no addresses. */
// eslint-disable-next-line @typescript-eslint/no-implied-eval
const importModule = new Function("address", "return import(address)") as (address: string) => Promise<unknown>;
let runs = 0;
let running: { readonly folder: string; readonly run: number } | undefined;

/** A function is the program itself; a module's default export likewise, and else its exports are the outputs. */
async function value(exported: unknown, argument: unknown): Promise<unknown> {
  const { default: standard } = (exported ?? {}) as { default?: unknown };
  if (typeof standard === "function") return await (standard as (argument?: unknown) => unknown)(argument);
  return typeof exported === "function" ? await (exported as (argument?: unknown) => unknown)(argument) : exported;
}

function entryOf(projectDir: string, main: string): string {
  const folder = join(projectDir, main);
  if (/\.[cm]?[jt]s$/.test(folder) && existsSync(folder)) return folder;
  const named = packageOf(folder)?.main;
  const candidates = [
    ...(typeof named === "string" ? [named, named.replace(/\.js$/, ".ts")] : []),
    ...["index.ts", "index.js", "index.mts", "index.mjs", "index.cts", "index.cjs"],
  ].map((file) => join(folder, file));
  const found = candidates.find((file) => existsSync(file) && /\.[cm]?[jt]s$/.test(file));
  if (found !== undefined) return found;
  throw new UsageError(`There is no program in ${folder}: no index.ts, no index.js, no "main" of a package.json.`);
}

interface Package {
  readonly main?: unknown;
  readonly type?: unknown;
}

function packageOf(folder: string): Package | undefined {
  const file = join(folder, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Package) : undefined;
}

function isEsm(file: string): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const found = packageOf(folder);
    if (found) return found.type === "module";
    if (folder === dirname(folder)) return false;
  }
}

/**
 * Resources are made as the program loads, so a second stack needs it loaded anew, and so do the packages that it uses: one
 * may have read a file beside the program, or changed what the program has changed back. The SDKs, which take longest, stay.
 */
function forget(projectDir: string): void {
  const files = Object.keys(require.cache);
  ours ??= new Set(files);
  const ofOurs = files.filter((file) => ours!.has(file) || sdk.test(file));
  const kept = new Set(ofOurs.map((file) => require.cache[file]));
  // A set goes on to what is added on the way. This file's children are programs; what an ES module asks for has none.
  for (const module of kept)
    if (module?.filename !== __filename)
      for (const child of (module?.children as readonly NodeJS.Module[] | undefined) ?? []) kept.add(child);
  for (const file of files)
    if (isInProject(file, projectDir) || (!kept.has(require.cache[file]) && !file.endsWith(".node")))
      delete require.cache[file];
}

const sdk = /[\\/]node_modules[\\/]@pulumi(verse)?[\\/]/;
/** What was loaded before any program was. */
let ours: Set<string> | undefined;

function isInProject(file: string, projectDir: string): boolean {
  return file.startsWith(projectDir + sep) && !file.slice(projectDir.length).includes(`${sep}node_modules${sep}`);
}

let shared = false;

/** Two copies of the SDK would be two monitors, and the program would talk to the one that nobody listens to. */
function shareSdk(): void {
  if (shared) return;
  shared = true;
  const own = nodeModule.createRequire(join(root, "package.json"));
  const { registerHooks } = nodeModule as unknown as { registerHooks?: RegisterHooks };
  if (registerHooks === undefined) {
    throw new UsageError(
      `A program outside of Slipway's own folder needs Node 22.15 or newer, and this is ${process.version}.`,
    );
  }
  registerHooks({
    resolve(specifier, context, next) {
      const { parentURL } = context;
      const outside = parentURL?.startsWith("file:") && !isOwn(new URL(parentURL).pathname);
      if (outside && /^@pulumi\/pulumi($|\/)/.test(specifier))
        return { url: pathToFileURL(own.resolve(specifier)).href, format: "commonjs", shortCircuit: true };
      try {
        return anew(next(specifier, context), context);
      } catch (error) {
        // TypeScript names the file that it will become.
        const source = specifier.replace(/\.([cm]?)js$/, ".$1ts");
        if (/^\.{1,2}\//.test(specifier) && source !== specifier) return anew(next(source, context), context);
        throw error;
      }
    },
    load(url, context, next) {
      if (!/\.m?ts(\?|$)/.test(url) || context.format === "commonjs") return next(url, context);
      const { stripped } = require(launcher("typescript.cjs")) as { stripped: (path: string) => string };
      return { format: "module", shortCircuit: true, source: stripped(new URL(url).pathname) };
    },
  });
}

interface Resolving {
  readonly parentURL?: string;
  readonly conditions?: readonly string[];
}

interface Resolved {
  readonly url: string;
}

/** ES modules cannot be forgotten: those of the program have another address for each stack. */
function anew(resolved: Resolved, { conditions = [] }: Resolving): Resolved {
  const { url } = resolved;
  if (!running || !conditions.includes("import") || !url.startsWith(`${running.folder}/`)) return resolved;
  const below = url.slice(running.folder.length);
  return below.includes("/node_modules/") || below.includes("?")
    ? resolved
    : { ...resolved, url: `${url}?run=${running.run}` };
}

type RegisterHooks = (hooks: {
  resolve(
    specifier: string,
    context: Resolving,
    next: (specifier: string, context: object) => Resolved,
  ): Resolved & { readonly format?: string; readonly shortCircuit?: boolean };
  load(url: string, context: { readonly format?: string }, next: (url: string, context: object) => unknown): unknown;
}) => void;
