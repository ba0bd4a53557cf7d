import { deepEqual, doesNotMatch, match, ok } from "node:assert/strict";
import * as fc from "fast-check";
import { show } from "../../../../tools/cli/commands/cost";
import { estimate } from "../../../../tools/judge/cost/estimate";
import { mermaid } from "../../../../tools/readers/graph";
import { showReport } from "../../../../tools/readers/terminal/policy";
import { oneStack, overview } from "../../../../tools/readers/terminal/preview";
import { summarise } from "../../../../tools/review/concerns";
import type { Preview } from "../../../../tools/review/preview";
import { relaxation } from "../../../../tools/judge/relaxed/relaxed";
import type { Plan, PlanValue } from "../../../../tools/plan/plan";
import { readMarker } from "../../../../tools/readers/comment/marker";
import { renderComment } from "../../../../tools/readers/comment/render";
import { showReview } from "../../../../tools/readers/terminal/review";
import type { Review } from "../../../../tools/review/review";
import { difference } from "../../../../tools/sources/difference/difference";
import { readEvents } from "../../../../tools/sources/engine/events";
import { plan, resource } from "../../plans";
import { review, reviewsOf, situations } from "../comment/situations";

/** What moves a cursor, hides a line, turns text round or forges what only Slipway writes. */
const signs = [
  "\u001b[2J",
  "\u001b]8;;https://evil.example\u0007",
  "\u009b31m",
  "\r",
  "\b\b\b",
  "\u0000",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\n  policies  99 passed",
  "<!-- slipway:comment key=preview run=9999.1 -->",
  "<script>alert(1)</script>",
  "@everyone",
  "| a | b |",
  "```",
];
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const bucket = "aws:s3/bucket:Bucket";

/** The same text wherever a pull request can put one. */
function everywhere(text: string): Review {
  const named = resource(bucket, `b${text}`, { bucket: text, tags: { [text]: text } });
  const before = plan(
    resource(bucket, `a${text}`, { bucket: "x", tags: { [text]: "old" } }),
    resource(bucket, "c", { acl: text }),
  );
  const after = plan(named, resource(bucket, "c", { acl: `${text}2` }));
  const compared = difference(before, {
    ...after,
    diagnostics: [{ severity: "warning", message: text, urn: named.urn }],
  });
  const verdict = { outcome: "fail", level: "mandatory", severity: "high" } as const;
  return review({
    stack: text,
    plan: compared,
    failure: { kind: "provider", message: text },
    settings: [{ key: text, before: text, after: text, encrypted: false }],
    relaxed: [relaxation("rule", text, text), relaxation("source", text, text)],
    guards: [{ guard: "monthlyUsd", message: text, label: text }],
    findings: {
      findings: [
        {
          id: text,
          stack: text,
          urn: named.urn,
          setting: text,
          severity: "outage",
          message: text,
          remedy: text,
          link: text,
        },
      ],
      notEvaluated: [{ id: text, stack: text, reason: text, link: text }],
      passed: 0,
    },
    policies: {
      verdicts: [{ ...verdict, rule: text, resource: named.urn, message: text, fix: text }],
      counts: { pass: 0, fail: 1, notEvaluated: 0, exempt: 0, remediated: 0 },
      ...{ exemptions: [], remediations: [], rulesRun: 1 },
    },
    unknowns: [text],
    reproduce: text,
  });
}

/** The same in what a preview has, for `slipway preview`, `policy check` and `cost` to print. */
function previewOf(text: string): Preview {
  const { plan: compared, policies, findings } = everywhere(text);
  const unpriced = { urn: `urn:pulumi:prod::shop::${bucket}::${text}`, type: text, reason: text, component: text };
  return {
    judgedBy: { policies: {}, guards: {} },
    region: text,
    plan: { ...compared!, stack: text, project: text, outputs: { [text]: text, url: text } },
    summary: summarise(compared!),
    policies: {
      ...policies!,
      exemptions: [
        { rule: text, resource: text, state: "active", expires: text, daysLeft: 1, reason: text, covers: [text] },
      ],
      remediations: [{ rule: text, resource: text, property: text, value: text }],
    },
    findings: findings!,
    cost: { ...estimate(compared!, { region: text }), unpriced: [unpriced] },
  };
}

function printed(text: string): string {
  const preview = previewOf(text);
  const { cost, plan: planned, policies } = preview;
  return [oneStack(preview), showReport(policies, text), show(cost, true), mermaid(planned)].join("\n");
}

describe("hostile text in the terminal", () => {
  for (const sign of signs) {
    it(`${JSON.stringify(sign)} neither acts nor hides a line`, () => {
      const shown = showReview(everywhere(sign));
      doesNotMatch(shown, control);
      doesNotMatch(printed(sign), control);
      // A line of one's own would have to begin one.
      doesNotMatch(shown, /^ {2}policies {2}99 passed/m);
    });
  }

  it("is spelled out where all stacks are listed", () => {
    // Once: it looks for programs on PATH.
    doesNotMatch(overview([previewOf(signs.join(""))], 1), control);
  });

  it("whatever the text: none of it acts, and no comment has a second marker", () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...signs), fc.string({ unit: "binary", maxLength: 12 })), { maxLength: 6 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (given) => {
        doesNotMatch(showReview(everywhere(given)), control);
        doesNotMatch(printed(given), control);
        const comment = renderComment([everywhere(given)], { key: "preview" });
        match(comment, /^<!-- slipway:comment key=preview run=1841\.1 -->\n/);
        deepEqual(readMarker(comment)?.run, { number: 1841, attempt: 1 });
      }),
      { numRuns: 40 },
    );
  });

  it("shows every situation of the comment, in no more than a screen or two of lines", () => {
    for (const given of Object.values(situations))
      for (const one of reviewsOf(given)) doesNotMatch(showReview(one), control);
  });
});

describe("large input in the terminal", () => {
  const many = (count: number, value: PlanValue): Plan =>
    plan(...Array.from({ length: count }, (_, index) => resource(bucket, `b-${index}`, { value })));

  it("3,000 resources are a few hundred lines, at once", () => {
    const started = performance.now();
    const shown = showReview(review({ plan: difference(many(3000, "a"), many(3000, "b")) }));
    ok(shown.split("\n").length < 2000, `${shown.split("\n").length} lines`);
    match(shown, /and \d+ more/);
    ok(performance.now() - started < 5000);
  });

  it("60 stacks are 60 verdicts, in terminal and comment", () => {
    const reviews = Array.from({ length: 60 }, (_, index) =>
      review({ stack: `stack-${index}`, plan: difference(many(50, "a"), many(50, "b")) }),
    );
    const comment = renderComment(reviews, { key: "preview" });
    ok(comment.length <= 60_000);
    for (const one of reviews) {
      match(showReview(one), new RegExp(`^${one.stack} `));
      ok(comment.includes(`\`${one.stack}\``));
    }
  });

  it("JSON that is nested deep, and 500 kB on one line, end neither reader", () => {
    const deep = `${"[".repeat(5000)}1${"]".repeat(5000)}`;
    for (const [old, now] of [
      [deep, deep.replace("1", "2")],
      ["a".repeat(500_000), "b".repeat(500_000)],
    ] as const) {
      const given = review({ plan: difference(many(1, old), many(1, now)) });
      ok(
        showReview(given)
          .split("\n")
          .every((line) => line.length < 2000),
      );
      ok(renderComment([given], { key: "k" }).length <= 60_000);
    }
  });

  it("lists within lists, each with a sibling, are compared in time that grows with their depth", () => {
    const nested = (leaf: number) => Array.from({ length: 60 }).reduce<PlanValue>((inner) => ["same", inner], leaf);
    const started = performance.now();
    const changed = difference(many(1, nested(1)), many(1, nested(2))).resources.at(-1)!;
    ok(performance.now() - started < 2000);
    match(changed.changes![0]!.path, /^value(\[1\]){60}$/);
  });

  it("forged events change no count: lines that are no events, are null, or speak of no resource", () => {
    const lines = [
      "null",
      "[]",
      "{}",
      '{"resourcePreEvent":null}',
      '{"resourcePreEvent":{"metadata":{}}}',
      "not json",
      '{"summaryEvent":{"resourceChanges":{"delete":"x"}}}',
    ];
    let said: string;
    try {
      said = JSON.stringify(readEvents(`${lines.join("\n")}\n`).plan.resources);
    } catch (error) {
      said = (error as Error).name;
      ok(!(error instanceof TypeError), (error as Error).stack);
    }
    doesNotMatch(said, /delete/);
  });
});
