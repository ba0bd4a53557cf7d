// npm run mutate -- ROOM...: mutation tests by room, with the tests of the room alone. Hours for all; not in CI's path.
// MUTATE=FILE,FILE a slice of a room, TESTS=FILE,FILE fewer of its tests, which take less time and find less. SAMPLE=0.1 a
// tenth of the mutants, by SEED (1), with the interval that holds 95 % of such samples. Stryker's own: --dryRunOnly, --force.
"use strict";
const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..", "..");
const kept = join(root, "node_modules", ".cache", "slipway-mutation");

/** Every input of twelve stacks: it comes first, as it notices most of what there is to notice in the least time. */
const golden = "test/golden/golden.test.ts";

/** What is mutated, and which tests must notice. */
const rooms = {
  settings: [
    ["stacks/settings/*.ts", "stacks/*/constraints.ts"],
    [
      // Not those that make a plan of each: minutes a mutant, to find what crashes.
      "test/stacks/settings/!(*.property|implementations|policy-levels|wrong-kinds).test.ts",
      "test/stacks/*/constraint*.test.ts",
      "test/stacks/aws-ecs/{egress,existing}.test.ts",
      "test/stacks/docker/{backups,certificates}.test.ts",
      "test/stacks/plain-image.test.ts",
    ],
  ],
  stacks: [
    ["stacks/*.ts", "stacks/*/stack.ts", "stacks/*/egress.ts", "stacks/*/outbound.ts"],
    [golden, "test/stacks/*.test.ts", "test/stacks/!(settings)/*.test.ts"],
  ],
  components: [
    ["components/**/*.ts", "!components/*.ts"],
    [golden, "test/components/**/*.test.ts"],
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

const { MUTATE, SAMPLE, SEED = "1", TESTS } = process.env;
const stryker = join(__dirname, "node_modules", ".bin", "stryker");
if (!existsSync(stryker)) spawnSync("npm", ["ci", "--prefix", __dirname], { stdio: "inherit" });
mkdirSync(kept, { recursive: true });
const asked = process.argv.slice(2).filter((name) => name in rooms);
const options = process.argv.slice(2).filter((name) => name.startsWith("--"));
for (const room of asked.length > 0 ? asked : Object.keys(rooms)) {
  const [mutate, spec] = rooms[room];
  const config = JSON.parse(readFileSync(join(__dirname, "stryker.config.json"), "utf8"));
  const files = listed(MUTATE) ?? mutate;
  const own = join(kept, `${room}.config.json`);
  const report = join(kept, `${room}.json`);
  writeFileSync(
    own,
    JSON.stringify({
      ...config,
      mutate: files,
      mochaOptions: { ...config.mochaOptions, spec: listed(TESTS) ?? spec },
      incrementalFile: join(kept, `${room}.incremental.json`),
      jsonReporter: { fileName: report },
      ...(SAMPLE !== undefined && sampled()),
    }),
  );
  console.log(`\n${room}: ${files.join(", ")}`);
  const { status } = spawnSync(stryker, ["run", own, ...options], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
  else if (!options.includes("--dryRunOnly")) console.log(`${room}: ${score(report)}`);
}

/** By commas, but for those in braces. */
function listed(files) {
  return files?.split(/,(?![^{]*\})/);
}

/** Results of a sample are none of another's, so nothing is kept. */
function sampled() {
  return {
    plugins: ["@stryker-mutator/mocha-runner", join(__dirname, "sample.cjs")],
    checkers: ["sample"],
    sample: { share: Number(SAMPLE), seed: SEED },
    warnings: { unknownOptions: false },
    incremental: false,
  };
}

/** Killed of those that count, and how far off a sample may be: Wilson's interval. */
function score(report) {
  const { files } = JSON.parse(readFileSync(report, "utf8"));
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (...wanted) => statuses.filter((status) => wanted.includes(status)).length;
  const killed = count("Killed", "Timeout");
  const all = killed + count("Survived", "NoCoverage");
  const percent = (share) => (100 * share).toFixed(1);
  if (SAMPLE === undefined) return `${killed} of ${all} killed, ${percent(killed / all)} %`;
  const [share, z] = [killed / all, 1.96];
  const middle = share + (z * z) / (2 * all);
  const reach = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all));
  const [low, high] = [-1, 1].map((sign) => percent((middle + sign * reach) / (1 + (z * z) / all)));
  const mutants = all + count("CompileError");
  return `${killed} of ${all} killed, ${percent(share)} % (95 %: ${low} to ${high}), a sample of ${mutants}`;
}
