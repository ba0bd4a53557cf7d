// Where the engine enters the pack. The SDK has just registered a TypeScript loader that checks the types of every
// file at each start, which takes longer than judging a stack; `npm run lint` checks them, so here they are stripped.
"use strict";
const { join } = require("node:path");
const { register, REGISTER_INSTANCE } = require("ts-node");

require("node:module").enableCompileCache?.();
process[REGISTER_INSTANCE]?.enabled(false);
register({
  swc: true,
  skipProject: true,
  cwd: join(__dirname, ".."),
  compilerOptions: { target: "ES2022", module: "nodenext" },
});
require("./pack.ts");
