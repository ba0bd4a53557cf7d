import { equal } from "node:assert/strict";
import { readFileSync } from "node:fs";

import { policiesPage, renderPolicies } from "../../tools/policy/docs";

describe("docs/policies.md", () => {
  it("says what the rules say: else run `node -r ./tools/typescript.cjs tools/policy/docs.ts`", () => {
    equal(readFileSync(policiesPage, "utf8"), renderPolicies());
  });
});
