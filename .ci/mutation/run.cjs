// npm run mutate -- ROOM...: mutation tests by room, with the tests of the room alone. Hours for all; not in CI's path.
"use strict";
const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..", "..");
const kept = join(root, "node_modules", ".cache", "slipway-mutation");

/** What is mutated, and which tests must notice. */
const rooms = {
  settings: [
    ["stacks/settings/*.ts", "stacks/*/constraints.ts"],
    [
      "test/stacks/settings/*.test.ts",
      "test/stacks/*/constraints.test.ts",
      "test/stacks/aws-ecs/{egress,settings}.test.ts",
    ],
  ],
  stacks: [
    ["stacks/*.ts", "stacks/*/stack.ts", "stacks/*/egress.ts", "stacks/*/outbound.ts"],
    ["test/stacks/*/*.test.ts", "test/parity/*.test.ts"],
  ],
  components: [
    ["components/**/*.ts", "!components/*.ts"],
    ["test/components/**/*.test.ts", "test/parity/*.test.ts"],
  ],
  policy: [
    ["policy/*.ts", "policy/rules/**/*.ts"],
    ["test/policy/*.test.ts", "test/policy/rules/**/*.test.ts"],
  ],
  deployability: [["policy/deployability/**/*.ts"], ["test/policy/deployability/*.test.ts"]],
  difference: [["tools/sources/difference/*.ts"], ["test/tools/sources/difference/*.test.ts"]],
  cost: [["tools/judge/cost/*.ts", "tools/judge/cost/estimators/*.ts"], ["test/tools/judge/cost/*.test.ts"]],
  judge: [["tools/judge/{losses,refusals,relaxed}/**/*.ts"], ["test/tools/judge/{losses,refusals,relaxed}/*.test.ts"]],
};

const stryker = join(__dirname, "node_modules", ".bin", "stryker");
if (!existsSync(stryker)) spawnSync("npm", ["ci", "--prefix", __dirname], { stdio: "inherit" });
mkdirSync(kept, { recursive: true });
const asked = process.argv.slice(2).filter((name) => name in rooms);
const options = process.argv.slice(2).filter((name) => name.startsWith("--"));
for (const room of asked.length > 0 ? asked : Object.keys(rooms)) {
  const [mutate, spec] = rooms[room];
  const config = JSON.parse(readFileSync(join(__dirname, "stryker.config.json"), "utf8"));
  const files = process.env.MUTATE === undefined ? mutate : process.env.MUTATE.split(",");
  const own = join(kept, `${room}.config.json`);
  writeFileSync(
    own,
    JSON.stringify({
      ...config,
      mutate: files,
      mochaOptions: { ...config.mochaOptions, spec },
      incrementalFile: join(kept, `${room}.incremental.json`),
      jsonReporter: { fileName: join(kept, `${room}.json`) },
    }),
  );
  console.log(`\n${room}: ${files.join(", ")}`);
  const { status } = spawnSync(stryker, ["run", own, ...options], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
