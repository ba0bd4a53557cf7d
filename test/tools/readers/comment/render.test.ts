import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { marked, type Token, type Tokens } from "marked";
import { readMarker } from "../../../../tools/readers/comment/marker";
import { code, html, prose } from "../../../../tools/readers/comment/markdown";
import { renderComment } from "../../../../tools/readers/comment/render";
import type { Review } from "../../../../tools/review/review";
import { difference } from "../../../../tools/sources/difference/difference";
import { component, plan, resource } from "../../plans";
import { review, reviewsOf, situations } from "./situations";

const golden = join(__dirname, "golden");

/** `UPDATE_GOLDEN=1` writes them anew: read the difference before you commit it. */
describe("the comment", () => {
  for (const [name, given] of Object.entries(situations)) {
    it(`is as agreed: ${name}`, () => {
      const text = renderComment(reviewsOf(given), { key: "preview" });
      const file = join(golden, `${name}.md`);
      if (process.env["UPDATE_GOLDEN"] || !existsSync(file)) {
        assert.ok(process.env["UPDATE_GOLDEN"], `${file} is missing; UPDATE_GOLDEN=1 writes it`);
        mkdirSync(golden, { recursive: true });
        writeFileSync(file, text);
      }
      assert.equal(text, readFileSync(file, "utf8"));
    });
  }

  it("shows what is destroyed before anything else, and never folded", () => {
    const text = renderComment([situations["component-removed"] as Review], { key: "preview" });
    const firstFold = text.indexOf("<details>");
    assert.ok(text.indexOf("all data since the final snapshot") < firstFold);
    assert.ok(text.indexOf("everything cached") < firstFold);
    assert.ok(text.indexOf("Destroyed or replaced") < text.indexOf("**Policies**"));
  });

  it("never shows a secret, whichever way it changes", () => {
    const user = (password: unknown) =>
      plan(resource("aws:rds/instance:Instance", "db", { password: password as string, engine: "postgres" }));
    const text = renderComment([review({ plan: difference(user({ $secret: "f1n6" }), user({ $secret: "0thr" })) })], {
      key: "k",
    });
    assert.match(text, /password: \(secret\)/);
    assert.doesNotMatch(text, /f1n6|0thr/);
  });

  it("leaves out the least important first and says so", () => {
    const sizes = [60_000, 8_000, 4_000, 2_600].map((limit) => renderComment([large(120)], { key: "k", limit }));
    for (const [index, limit] of [60_000, 8_000, 4_000, 2_600].entries()) {
      assert.ok(sizes[index]!.length <= limit, `${sizes[index]!.length} characters, ${limit} allowed`);
    }
    assert.match(sizes[1]!, /Left out for length: .*the graph/);
    for (const text of sizes) assert.match(text, /all data since the final snapshot/);
  });

  it("stays under the limit however many stacks and resources there are", () => {
    const many = Array.from({ length: 400 }, (_, i) => ({ ...large(20), stack: `stack-${i}` }));
    assert.ok(renderComment([large(3000)], { key: "k" }).length <= 60_000);
    assert.ok(renderComment(many, { key: "k" }).length <= 60_000);
  });

  it("keeps hostile text from becoming Markdown, HTML, a link or a mention", () => {
    const hostile = fc
      .array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: "grapheme" })), (text) => {
        assertHarmless(`| a | b |\n| --- | --- |\n| ${prose(text)} | ${code(text)} |`);
        assertHarmless(`- ${prose(text)}`);
        assert.doesNotMatch(html(text), /<(?!\/?code>)|@/);
      }),
      { numRuns: 500 },
    );
  });

  it("survives hostile names, values and messages as a whole", () => {
    const text = fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, text, (name, value, message) => {
        const parent = component("database", "X", { name });
        const thing = (inner: string) => plan(parent, resource("a:b:C", name, { [value]: inner }, { parent }));
        const compared = {
          ...difference(thing("x"), thing(value)),
          diagnostics: [{ severity: "error" as const, message }],
        };
        const body = renderComment([review({ plan: compared, failure: { kind: "program", message } })], { key: "k" });
        assertHarmless(body);
        assert.deepEqual(readMarker(body)?.run, { number: 1841, attempt: 1 });
      }),
      { numRuns: 100 },
    );
  });
});

const fragments = [
  ..."`|<>@#*_~[]()!\\$:&\n\r\t ".split(""),
  ...[
    "```",
    "``",
    "~~~",
    "<!--",
    "-->",
    "</details>",
    "</summary>",
    "<script>",
    "<img src=x onerror=y>",
    "![x](https://evil.example/p.png)",
  ],
  ...[
    "[a](https://evil.example)",
    "https://evil.example",
    "www.evil.example",
    "mailto:a@evil.example",
    "a@evil.example",
    "@acme/owners",
  ],
  ...[
    "#12",
    "acme/shop#12",
    "GH-12",
    "deadbeef",
    "\u202e",
    "\u200b",
    "$`x`$",
    "$$x$$",
    ":tada:",
    "| --- |",
    "# Title",
    "a",
    "word",
  ],
  ...[
    "&#64;acme",
    "&lt;b&gt;",
    "<https://evil.example>",
    "[ref]: https://evil.example",
    "<!-- slipway:comment key=k run=9.9 -->",
  ],
];

const ownLinks = /^https:\/\/github\.com\/acme\/shop\/actions\/runs\/\d+$/;
const ownTags = /^(<\/?(details|summary|sub|b|code|br)>)+$/;

/** Reads the text as a forge would and looks at every element that could act. */
function assertHarmless(markdown: string): void {
  const look = (token: Token) => {
    if (token.type === "image") assert.fail(`an image in ${markdown}`);
    if (token.type === "link") assert.match((token as Tokens.Link).href, ownLinks);
    if (token.type === "heading") assert.match(token.raw, /^### Slipway: /);
    if (token.type === "html") assertOwnHtml(token.raw);
    if (token.type === "text" && !("tokens" in token && token.tokens))
      assert.doesNotMatch(token.raw, /@\w|https?:\/\//);
  };
  void marked.walkTokens(marked.lexer(markdown), look);
}

function assertOwnHtml(raw: string): void {
  for (const tag of raw.match(/<[^>]*>?/g) ?? []) {
    if (!/^<!-- slipway:comment key=k run=1841\.1 -->$/.test(tag)) assert.match(tag, ownTags, raw);
  }
}

function large(resources: number): Review {
  const parent = component("container-service", "AwsFargateService", { name: "web" });
  const thing = (i: number, value: string) =>
    resource(
      "aws:rds/instance:Instance",
      `web-${i}`,
      { storageEncrypted: i % 40 === 0 ? value === "b" : true, tags: { value, text: value.repeat(90) } },
      { parent },
    );
  const all = (value: string) => plan(parent, ...Array.from({ length: resources }, (_, i) => thing(i, value)));
  return review({ plan: difference(all("a"), all("b")) });
}
