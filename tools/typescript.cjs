// How every command and test here loads TypeScript: ts-node with swc, no type check (`npm run lint` checks types),
// and V8's compile cache, without which loading the compiler itself costs more than the whole preview.
// Figures: docs/architecture.md#how-typescript-is-loaded
"use strict";
require("node:module").enableCompileCache?.();
require("ts-node").register({ swc: true, project: require("node:path").join(__dirname, "..", "tsconfig.json") });
