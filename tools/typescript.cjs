// How every command and test here loads TypeScript: swc translates a file once and no type is checked (`npm run lint`
// checks types). The translation is kept, and so is V8's compiled code: without them loading the compiler costs more than
// the whole preview. The engine loads the same files with ts-node, by tsconfig.json.
// Measurements: docs/architecture.md#how-typescript-is-loaded
"use strict";
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { basename, join } = require("node:path");

enableCompileCache?.();
require("./sdk.cjs");

const root = join(__dirname, "..");
const kept = join(root, "node_modules", ".cache", "slipway");
const translation = {
  module: { type: "commonjs" },
  jsc: { parser: { syntax: "typescript" }, target: "es2022", keepClassNames: true },
  sourceMaps: "inline",
};
const compiler = require("@swc/core/package.json");
const version = compiler.version + JSON.stringify(translation);

require.extensions[".ts"] = (module, filename) => module._compile(javascript(filename), filename);

/** The same text is the same wherever it lies: in the working tree, and in the base that `diff` checks out aside. */
function javascript(path) {
  const source = readFileSync(path, "utf8");
  const filename = basename(path);
  const key = createHash("sha256").update(version).update(filename).update(source).digest("hex");
  const file = join(kept, `${key}.js`);
  try {
    return readFileSync(file, "utf8");
  } catch {
    const code = translated(path, source, translation);
    keep(file, code);
    return code;
  }
}

/** A file that is no TypeScript is an error as JavaScript has it, with its place, and not one of the compiler. */
function translated(path, source, options) {
  const { transformSync } = require("@swc/core");
  try {
    return transformSync(source, { ...options, filename: basename(path), swcrc: false }).code;
  } catch (error) {
    const [, what = "cannot be read as TypeScript"] = /^\s*(?:x|×) *(.+)/mu.exec(error.message) ?? [];
    const [, line = "1"] = /^ *,-\[[^\]]*?:(\d+):\d+\]/m.exec(error.message) ?? [];
    const marked = new RegExp(`^ *${line} \\| (.*)\n *: ( *)[\\^|]`, "m").exec(error.message);
    const column = (marked?.[2].length ?? 0) + 1;
    const syntax = new SyntaxError(what);
    syntax.stack = `SyntaxError: ${what}\n    at ${path}:${line}:${column}`;
    throw syntax;
  }
}

/** ES modules stay ES modules: types are taken away, and nothing else. */
function stripped(path) {
  modules.add(path);
  return translated(path, readFileSync(path, "utf8"), { ...translation, module: { type: "es6" } });
}
const modules = new Set();
module.exports = { stripped };

/** Whole or not at all, as others may read at the same time; a folder that is read-only costs time and nothing else. */
function keep(file, code) {
  try {
    mkdirSync(kept, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  } catch {}
}

// Stack traces lead to TypeScript, but for the one that Pulumi's SDK takes of each resource for its position.
require("@cspotcode/source-map-support").install({
  environment: "node",
  retrieveFile(path) {
    // ES modules may be named by address, of which it makes `file:/folder/x.ts`.
    const file = /^file:\/+(?=\/|[A-Za-z]:)|^file:(?=\/)/.test(path)
      ? decodeURI(path.replace(/^file:\/*/, "/").replace(/\?.*/, ""))
      : path;
    if (!/\.[cm]?ts$/.test(file)) return null;
    try {
      return modules.has(file) ? stripped(file) : javascript(file);
    } catch {
      // A place that cannot be mapped is no reason for a stack trace to fail.
      return null;
    }
  },
});
const mapped = Error.prepareStackTrace;
Error.prepareStackTrace = (error, frames) => {
  const isPosition = frames[0]?.getFunctionName() === "callsites";
  return isPosition ? [String(error), ...frames].join("\n    at ") : mapped(error, frames);
};
