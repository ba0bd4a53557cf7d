// Pulumi's SDK loads at once what only serialized functions and the Automation API need: npm's tree of packages, the
// TypeScript compiler, an engine's client. A preview asks for none of it, so that it is loaded at its first use.
// Measurements: docs/architecture.md#how-typescript-is-loaded
"use strict";
const Module = require("node:module");
const { sep } = require("node:path");

/** Which file of the SDK asks for what. */
const late = new Map([
  ["index.js", ["./automation"]],
  ["runtime/closure/codePaths.js", ["@npmcli/arborist", "normalize-package-data"]],
  ["runtime/closure/parseFunction.js", ["../../typescript-shim"]],
]);
const sdk = `${sep}node_modules${sep}@pulumi${sep}pulumi${sep}`;
const load = Module._load;

Module._load = function (request, parent, ...more) {
  return isLate(request, parent?.filename)
    ? standingIn(() => load.call(this, request, parent, ...more))
    : load.call(this, request, parent, ...more);
};

function isLate(request, asking) {
  if (asking === undefined || asking === null) return false;
  const start = asking.lastIndexOf(sdk);
  return start >= 0 && (late.get(asking.slice(start + sdk.length).replaceAll(sep, "/"))?.includes(request) ?? false);
}

/** Looks like the module from outside: a namespace, or a function or class that is the module itself. */
function standingIn(loading) {
  let loaded;
  const real = () => (loaded ??= loading());
  return new Proxy(function () {}, {
    // Asked by TypeScript's helpers for imports, which would copy everything otherwise.
    get: (_, key) => (key === "__esModule" ? true : key === "default" ? (real().default ?? real()) : real()[key]),
    has: (_, key) => key in real(),
    apply: (_, that, args) => Reflect.apply(real(), that, args),
    construct: (_, args) => Reflect.construct(real(), args),
    ownKeys: (target) => [...new Set([...Reflect.ownKeys(real()), ...Reflect.ownKeys(target)])],
    getOwnPropertyDescriptor: (target, key) => {
      const own = Reflect.getOwnPropertyDescriptor(target, key);
      if (own?.configurable === false) return own;
      const its = Reflect.getOwnPropertyDescriptor(real(), key);
      return its && { ...its, configurable: true };
    },
  });
}
