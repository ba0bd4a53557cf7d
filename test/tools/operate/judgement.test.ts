import { strict as assert } from "node:assert";
import { metricsOf, judge, type Sample } from "../../../tools/operate/judgement";

const samples = (release: Sample["release"], count: number, errors = 0, seconds = 0.1): Sample[] =>
  requests(release, count, { seconds }).map((sample, at) => ({ ...sample, status: at < errors ? 500 : 200 }));
const requests = (release: Sample["release"], count: number, more: Partial<Sample> = {}): Sample[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ at, release, status: 200, method: "GET", path: "/", empty: false, seconds: 0.1 },
    ...more,
  }));
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

  const site = (release: Sample["release"], count: number) => [
    ...requests(release, count / 2),
    ...requests(release, count / 2, { path: "/topics" }),
  ];
  const post = { method: "POST", path: "/write" };
  const isolated: [string, Sample[], Sample[], "passed" | "failed", RegExp][] = [
    [
      "500 for each POST, which are 1 % of all requests",
      [...site("candidate", 396), ...requests("candidate", 4, { ...post, status: 500 })],
      [...site("stable", 3564), ...requests("stable", 36, post)],
      "failed",
      /^errors of POST 100\.0 % against 0\.0 %$/,
    ],
    [
      "500 for server actions of many pages",
      [
        ...site("candidate", 596),
        ...[1, 2, 3, 4].flatMap((id) => requests("candidate", 1, { ...post, path: `/a/${id}/b`, status: 500 })),
      ],
      [...site("stable", 600), ...requests("stable", 9, { ...post, path: "/a/9/b" })],
      "failed",
      /^errors of POST 100\.0 %/,
    ],
    [
      "500 for one page of many",
      [...site("candidate", 597), ...requests("candidate", 3, { path: "/pricing", status: 500 })],
      [...site("stable", 600), ...requests("stable", 20, { path: "/pricing" })],
      "failed",
      /^errors of GET \/pricing 100\.0 % against 0\.0 %$/,
    ],
    [
      "500 for each entry, once",
      [
        ...site("candidate", 600),
        ...["a", "b", "c"].flatMap((id) => requests("candidate", 1, { path: `/entries/${id}`, status: 500 })),
      ],
      [...site("stable", 600), ...requests("stable", 20, { path: "/entries/z" })],
      "failed",
      /^errors of GET \/entries\/\* 100\.0 %/,
    ],
    [
      "500 for a page that nobody asked of the old release",
      [...site("candidate", 597), ...requests("candidate", 3, { path: "/new", status: 500 })],
      site("stable", 600),
      "failed",
      /GET \/new/,
    ],
    [
      "a page that fails in the old release too",
      [...site("candidate", 597), ...requests("candidate", 3, { path: "/old", status: 500 })],
      [...site("stable", 594), ...requests("stable", 6, { path: "/old", status: 500 })],
      "passed",
      /./,
    ],
    [
      "two failures of one page, of a thousand",
      [...site("candidate", 998), ...requests("candidate", 2, { path: "/pricing", status: 500 })],
      site("stable", 600),
      "passed",
      /./,
    ],
    [
      "200 without a body, where there was one",
      requests("candidate", 60, { empty: true }),
      requests("stable", 60),
      "failed",
      /^errors 100\.0 % against 0\.0 %$/,
    ],
    [
      "one page is empty",
      [...site("candidate", 596), ...requests("candidate", 4, { path: "/pricing", empty: true })],
      [...site("stable", 600), ...requests("stable", 9, { path: "/pricing" })],
      "failed",
      /^errors of GET \/pricing/,
    ],
    [
      "an answer that has always been empty",
      [...site("candidate", 50), ...requests("candidate", 50, { path: "/ping", empty: true })],
      [...site("stable", 50), ...requests("stable", 50, { path: "/ping", empty: true })],
      "passed",
      /^errors 0\.0 %/,
    ],
    [
      "404 for everything",
      requests("candidate", 60, { status: 404 }),
      [...requests("stable", 54), ...requests("stable", 6, { status: 404 })],
      "failed",
      /^answers of 4xx 100\.0 % against 10\.0 %$/,
    ],
    [
      "a page that was taken out",
      [...site("candidate", 60), ...requests("candidate", 20, { path: "/pricing", status: 404 })],
      [...site("stable", 60), ...requests("stable", 20, { path: "/pricing" })],
      "passed",
      /./,
    ],
    [
      "500 after ten seconds",
      [...site("candidate", 40), ...requests("candidate", 3, { ...post, status: 504, seconds: 75 })],
      site("stable", 400),
      "failed",
      /^errors 7\.0 %/,
    ],
  ];
  for (const [what, candidate, stable, result, reason] of isolated) {
    it(`${what}: ${result}`, () => {
      const verdict = judge(candidate, stable, limits, true);
      assert.deepEqual([verdict.result, reason.test(verdict.reason)], [result, true], verdict.reason);
      // Evidence ends a step early; nothing else does.
      assert.equal(judge(candidate, stable, limits, false).result, result === "failed" ? "failed" : "undecided");
    });
  }

  it("shows of a path what cannot steer a terminal or a comment, and not all of a long one", () => {
    const path = `/\u001b[2J](http://evil)\n${"x".repeat(200)}`;
    const { reason } = judge(
      [...site("candidate", 600), ...requests("candidate", 3, { path, status: 500 })],
      site("stable", 600),
      limits,
      false,
    );
    assert.match(reason, /^errors of GET \/\?\?2J\?\?http\?\/\/evil\?\?x+ 100\.0 % against 0\.0 %$/);
    assert.ok(reason.length < 130, reason);
  });

  it("takes p95 by the nearest rank", () => {
    const ordered = Array.from({ length: 20 }, (_, index) => ({ ...samples("stable", 1)[0]!, seconds: 20 - index }));
    assert.equal(metricsOf(ordered).p95Seconds, 19);
    assert.deepEqual(metricsOf([]), { requests: 0, errors: 0, errorRatio: 0, p95Seconds: 0 });
  });
});
