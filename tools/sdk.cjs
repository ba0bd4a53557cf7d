// Pulumi's SDK, without what a preview has no use for. It loads at once what only serialized functions and the Automation API
// need (npm's tree of packages, the TypeScript compiler, an engine's client): each is loaded when it is first asked for. And it
// takes a stack trace for every promise, thousands of them, which only a message about promises that never settle would print.
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
  const loading = () => load.call(this, request, parent, ...more);
  const asking = within(parent?.filename);
  if (asking === undefined) return loading();
  if (late.get(asking)?.includes(request)) return standingIn(loading);
  return request === "./debuggable" ? untraced(loading()) : loading();
};

/** The path of a file of the SDK in it. */
function within(path) {
  const start = path?.lastIndexOf(sdk) ?? -1;
  return start < 0 ? undefined : path.slice(start + sdk.length).replaceAll(sep, "/");
}

const done = new WeakSet();

function untraced(debuggable) {
  if (done.has(debuggable)) return debuggable;
  done.add(debuggable);
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...args);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
  return debuggable;
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
