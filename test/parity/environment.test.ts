import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import { previewStack } from "../../tools/sources/in-process/in-process";
import { variablesOf } from "../variables";

const projectDir = join(__dirname, "..", "..");

/** Set by every shipped stack, by value or as a reference. The others are for the team to set. */
const always = [
  "DATABASE_URL",
  "AUTH_SECRET",
  "AUTH_URL",
  "ENCRYPTION_KEY",
  "REDIS_URL",
  "CACHE_NAMESPACE",
  "LOG_LEVEL",
  "CACHE_TTL",
  "MAX_CONCURRENT_REQUESTS",
];

describe("the application's variables", () => {
  for (const stack of ["local", "staging", "prod"]) {
    it(`have the same names in ${stack}`, async () => {
      const found = variablesOf(await previewStack({ projectDir, stack }));
      deepEqual(
        always.filter((name) => !found.has(name)),
        [],
      );
    });
  }
});
