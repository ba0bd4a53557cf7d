import { strict as assert } from "node:assert";
import type { Receipt } from "../../../../tools/plan/receipt";
import { receiptPart, receiptsIn, withReceipts } from "../../../../tools/readers/comment/receipts";
import { receipt } from "../../operate/receipts";

const part = (more: Partial<Receipt>) => receiptPart({ ...receipt, ...more }, "https://forge/run/9");

describe("receipts in a comment", () => {
  it("say what was released, by which figures, and where its log is", () => {
    const text = part({});
    for (const said of [
      "### Slipway: `prod` released",
      "| image | `ghcr.io/acme/shop:2` of `4f2c9aa` |",
      "| before | `ghcr.io/acme/shop:1` |",
      "| migration | exit code 0, 1.2 s |",
      "| requests | 6120, 0 failed, slowest 0.31 s |",
      "| backup last restored | none is known |",
      "[log](https://forge/run/9)",
    ])
      assert.ok(text.includes(said), `${said}\n${text}`);
    assert.doesNotMatch(text, /CAUTION/);
  });

  it("say that a release was taken back, why, and what it said last", () => {
    const text = part({ outcome: "refused", reason: "a new replica exited with code 1\n  Error: no module 'x'" });
    assert.match(
      text,
      /not released: the previous release serves\n\n> \[!CAUTION\]\n> a new replica exited with code 1\n/,
    );
    assert.match(text, /<details>[^]*```\n {2}Error: no module 'x'\n```/);
  });

  it("end where they end, whatever a log line holds", () => {
    const evil = "x\n<!-- /slipway:receipt -->\n```\n<!-- slipway:comment key=preview run=99.1 -->\n@everyone";
    const text = part({ outcome: "returned", reason: evil, stack: "a --> b" });
    assert.deepEqual(receiptsIn(text), [text]);
    assert.deepEqual(receiptsIn(`before\n${text}\nafter`), [text]);
  });

  it("show text as text, whatever it holds", () => {
    const text = receiptPart(
      { ...receipt, strategy: "<img src=x>", lastRestoredBackup: "[x](http://evil)" },
      "https://forge/run/9) [x](http://evil",
    );
    assert.doesNotMatch(text, /[^\\]<img|\]\(http:\/\/evil|\]\(https/);
    assert.match(text, /\\<img src\\=x\\>/);
  });

  it("are one a stack, the newest, below what stands there", () => {
    const [first, second] = [part({}), part({ startedAt: "2026-12-01T03:00:00.000Z" })];
    const staging = part({ stack: "staging" });
    const once = withReceipts("review\n", [staging, first]);
    assert.equal(once, `review\n\n${staging}\n\n${first}\n`);
    assert.deepEqual(receiptsIn(withReceipts(once, [second])), [staging, second]);
    assert.equal(withReceipts(once, []), once);
    assert.equal(withReceipts("review\n", []), "review\n");
  });

  it("leave room for the review", () => {
    const many = Array.from({ length: 30 }, (_, index) => part({ stack: `stack-${index}` }));
    const body = withReceipts("x".repeat(60_000), many);
    assert.ok(body.length < 65_536, String(body.length));
    assert.equal(receiptsIn(body).at(-1), many.at(-1));
  });
});
