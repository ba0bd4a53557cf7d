import { deepEqual, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentNames } from "../../components/container-service/environment";
import { isUnknown, type Plan } from "../../tools/plan/plan";
import { previewStack } from "../../tools/preview/in-process";

const projectDir = join(__dirname, "..", "..");

/** Set by every shipped stack, by value or as a reference. The others are for the team to set. */
const always = [
  "DATABASE_URL",
  "AUTH_SECRET",
  "AUTH_URL",
  "ENCRYPTION_KEY",
  "REDIS_URL",
  "LOG_LEVEL",
  "CACHE_TTL",
  "MAX_CONCURRENT_REQUESTS",
];

describe("the application's variables", () => {
  it("are all described", () => {
    const reference = readFileSync(join(projectDir, "docs", "environment.md"), "utf8");
    deepEqual(
      environmentNames.filter((name) => !reference.includes(`\`${name}\``)),
      [],
    );
    ok(always.every((name) => (environmentNames as readonly string[]).includes(name)));
  });

  for (const stack of ["local", "staging", "prod"]) {
    it(`have the same names in ${stack}`, async () => {
      const found = namesIn(await previewStack({ projectDir, stack }));
      deepEqual(
        always.filter((name) => !found.has(name) && !found.has(`${name}_FILE`)),
        [],
      );
    });
  }
});

/** Names of variables and of secrets, wherever a target keeps them. */
function namesIn(plan: Plan): Set<string> {
  const text = plan.resources
    .filter(({ type }) => /Container$|TaskDefinition$|:Deployment$/.test(type))
    .map(({ inputs }) =>
      JSON.stringify(inputs, (_, value: unknown) => (isUnknown(value) ? (value.template ?? "") : value)),
    )
    .join("\n");
  return new Set(text.match(/\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b/g));
}
