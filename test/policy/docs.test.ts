import { equal } from "node:assert/strict";
import { readFileSync } from "node:fs";

import { policiesPage, renderPolicies } from "../../tools/generate/policies-page";

describe("docs/policies.md", () => {
  it("says what the rules say: else run `npm run generate`", () => {
    equal(readFileSync(policiesPage, "utf8"), renderPolicies());
  });
});
