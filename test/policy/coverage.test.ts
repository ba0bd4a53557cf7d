import { deepEqual, equal, match } from "node:assert/strict";
import { mostUsed, notJudged, rulesFor } from "../../tools/generate/policy-coverage";

describe("the AWS types that programs use most", () => {
  it("are a hundred, each once", () => {
    equal(mostUsed.length, 100);
    equal(new Set(mostUsed.map(([type]) => type)).size, 100);
  });

  it("have rules each, or a written reason, and not both", () => {
    const judged = (type: string) => rulesFor(type).length > 0;
    deepEqual(
      mostUsed.map(([type]) => type).filter((type) => judged(type) === type in notJudged),
      [],
    );
    deepEqual(
      Object.keys(notJudged).filter((type) => !mostUsed.some(([used]) => used === type)),
      [],
    );
    for (const reason of Object.values(notJudged)) match(reason, /^[A-Z].+\.$/);
  });
});
