import { equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { goldenFile, goldenText } from "./golden";
import { goldenStacks } from "./stacks";

describe("the plan of a stack", function () {
  this.timeout(60_000);

  for (const [stack, plan] of Object.entries(goldenStacks)) {
    it(`of ${stack} is what a reviewer saw last: npm run golden writes it anew`, async () => {
      equal(goldenText(await plan()), readFileSync(goldenFile(stack), "utf8"));
    });
  }
});
