import { equal } from "node:assert/strict";
import { readFileSync } from "node:fs";

import { policiesPage, renderPolicies } from "../../tools/generate/policies-page";

describe("docs/policies.md", () => {
  it("says what the rules say: else run `node -r ./tools/typescript.cjs tools/generate/policies-page.ts`", () => {
    equal(readFileSync(policiesPage, "utf8"), renderPolicies());
  });
});
