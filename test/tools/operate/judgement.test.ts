import { strict as assert } from "node:assert";
import { metricsOf, judge, type Sample } from "../../../tools/operate/judgement";

const samples = (release: Sample["release"], count: number, errors = 0, seconds = 0.1): Sample[] =>
  Array.from({ length: count }, (_, at) => ({ at, release, status: at < errors ? 500 : 200, seconds }));
const limits = { minimumRequests: 50 };

describe("the judgement of a release", () => {
  const cases: [string, Sample[], Sample[], boolean, string, RegExp][] = [
    [
      "as good as the old one",
      samples("candidate", 50),
      samples("stable", 450),
      true,
      "passed",
      /0\.0 % against 0\.0 %/,
    ],
    [
      "as bad as the old one",
      samples("candidate", 100, 5),
      samples("stable", 900, 45),
      true,
      "passed",
      /5\.0 % against 5\.0 %/,
    ],
    [
      "half of its answers are errors",
      samples("candidate", 20, 10),
      samples("stable", 180),
      false,
      "failed",
      /errors 50\.0 %/,
    ],
    ["two errors in a hundred", samples("candidate", 100, 3), samples("stable", 900), false, "failed", /errors 3\.0 %/],
    ["one error alone", samples("candidate", 50, 1), samples("stable", 450), true, "passed", /errors 2\.0 %/],
    ["slow", samples("candidate", 50, 0, 1.5), samples("stable", 450), false, "failed", /p95 1\.50 s against 0\.10 s/],
    ["twice as slow, and still quick", samples("candidate", 50, 0, 0.2), samples("stable", 450), true, "passed", /p95/],
    ["nobody asked it", [], samples("stable", 450), true, "failed", /no verdict: 0 requests, at least 50/],
    [
      "one request too few",
      samples("candidate", 49),
      samples("stable", 450),
      true,
      "failed",
      /no verdict: 49 requests/,
    ],
    ["still being watched", samples("candidate", 500), samples("stable", 500), false, "undecided", /errors/],
    ["bad, but too few to say", samples("candidate", 19, 10), samples("stable", 100), false, "undecided", /errors/],
    ["nobody asked the old one", samples("candidate", 50, 0, 9), [], true, "passed", /p95 9\.00 s/],
    ["errors, and nobody asked the old one", samples("candidate", 50, 5), [], true, "failed", /10\.0 % against 0\.0 %/],
  ];
  for (const [what, candidate, stable, over, result, reason] of cases) {
    it(`${what}: ${result}`, () => {
      const verdict = judge(candidate, stable, limits, over);
      assert.equal(verdict.result, result);
      assert.match(verdict.reason, reason);
    });
  }

  it("takes p95 by the nearest rank", () => {
    const ordered = Array.from({ length: 20 }, (_, index) => ({ ...samples("stable", 1)[0]!, seconds: 20 - index }));
    assert.equal(metricsOf(ordered).p95Seconds, 19);
    assert.deepEqual(metricsOf([]), { requests: 0, errors: 0, errorRatio: 0, p95Seconds: 0 });
  });
});
