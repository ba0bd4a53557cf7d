import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Review } from "../../../../tools/review/review";
import { htmlReport } from "../../../../tools/readers/page/html";
import { commentPage } from "../comment/page";
import { review, reviewsOf, situations } from "../comment/situations";
import { renderComment } from "../../../../tools/readers/comment/render";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

describe("in Chromium", function () {
  this.timeout(90_000);
  let browser: Browser;
  let folder: string;
  let page: Page;
  let trouble: string[];

  before(async function () {
    if (!existsSync(executablePath)) return this.skip();
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    folder = mkdtempSync(join(tmpdir(), "slipway-report-"));
  });
  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    trouble = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("pageerror", (error) => trouble.push(error.message));
    page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
    page.on("request", (request) => !/^(file|about|data):/.test(request.url()) && trouble.push(request.url()));
    page.on("dialog", (dialog) => trouble.push(dialog.message()));
  });
  afterEach(async () => {
    await page.close();
    assert.deepEqual(trouble, []);
  });

  async function open(reviews: readonly Review[]): Promise<void> {
    const file = join(folder, "report.html");
    writeFileSync(file, htmlReport(reviews));
    await page.goto(`file://${file}`);
  }

  it("the report opens for every situation, without an error or a request", async () => {
    for (const given of Object.values(situations)) {
      await open(reviewsOf(given));
      assert.notEqual(await page.textContent("h1"), "");
    }
  });

  it("the report opens on the worst of several stacks, and of its resources", async () => {
    await open(reviewsOf(situations["three-stacks"]!));
    assert.match((await page.textContent("h1")) ?? "", /has no preview/);
    await open([situations["namespace-renamed"] as Review]);
    assert.doesNotMatch((await page.textContent("#detail h2")) ?? "", /Namespace|NetworkPolicy/);
  });

  it("the report says what is relaxed, refused and edited, as the comment does", async () => {
    await open([situations["everything-relaxed"] as Review]);
    assert.match((await page.textContent("main")) ?? "", /Relaxed by this change/);
    await open([situations["target-refuses"] as Review]);
    assert.match((await page.textContent("main")) ?? "", /On deployment[^]*refused/);
    await open([situations["namespace-renamed"] as Review]);
    assert.match((await page.textContent("main")) ?? "", /Edited in Pulumi\.staging\.yaml/);
  });

  it("the report breaks no short word in its tables, and has one column on a telephone", async () => {
    for (const name of ["policy-fails", "policy-failed-before", "everything-relaxed", "target-refuses"]) {
      const given = situations[name] as Review;
      // A long sentence is what takes the room of the columns beside it.
      const verdicts = given.policies?.verdicts.map((one) => ({ ...one, fix: `${one.fix} ${"and more ".repeat(40)}` }));
      await open([{ ...given, ...(given.policies && { policies: { ...given.policies, verdicts: verdicts! } }) }]);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 });
        const broken = await page.evaluate<string[]>(`[...document.querySelectorAll(".rows code, .rows td.mono")]
          .filter((cell) => /^\\S{1,20}$/.test(cell.textContent))
          .filter((cell) => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
          })
          .map((cell) => cell.textContent)`);
        assert.deepEqual(broken, [], `${name} at ${width}`);
      }
      const shown = await page.evaluate<string[]>(
        `[...document.querySelectorAll(".rows td")].map((cell) => getComputedStyle(cell).display)`,
      );
      assert.deepEqual([...new Set(shown)], ["block"]);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
  });

  it("the report tells what failed on the base already from what this change makes fail", async () => {
    await open([situations["policy-failed-before"] as Review]);
    assert.match((await page.textContent("main")) ?? "", /on the base already/);
    await open([situations["policy-fails"] as Review]);
    assert.doesNotMatch((await page.textContent("main")) ?? "", /on the base already/);
  });

  it("the report shows no difference that is none", async () => {
    await open([situations["new-image"] as Review]);
    assert.match((await page.textContent(".figures")) ?? "", /a month, as before/);
    await open([situations["price-not-known"] as Review]);
    assert.match((await page.textContent(".figures")) ?? "", /the difference is not known/);
  });

  it("the report shows first what loses data", async () => {
    await open([situations["database-replaced"] as Review]);
    assert.match((await page.textContent("h1")) ?? "", /replaces 1 \(data\)/);
    assert.match(
      (await page.textContent("#detail")) ?? "",
      /Lost: all data since the final snapshot.*storageEncrypted.*forces the replacement/s,
    );
  });

  it("the report finds resources by name, type and value, and by nothing else", async () => {
    await open([situations["new-stack"] as Review]);
    await page.fill("input[type=search]", "valkey");
    assert.deepEqual(await page.locator(".row .name").allTextContents(), ["group"]);
    await page.fill("input[type=search]", "no such thing");
    assert.equal(await page.locator(".row").count(), 0);
  });

  it("the report switches stacks and works from the keyboard", async () => {
    await open(situations["three-stacks"] as Review[]);
    await page.locator("[role=tab]").nth(2).focus();
    await page.keyboard.press("Enter");
    assert.match((await page.textContent("h1")) ?? "", /^staging/);
    assert.equal(await page.locator("[role=tab][aria-selected=true]").textContent(), "staging");
  });

  it("the report fits a telephone", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open([situations["database-replaced"] as Review]);
    const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.ok(wide <= 360, `${wide} px wide`);
  });

  it("a hostile plan stays text in the report and in the comment", async () => {
    const hostile = situations["hostile"] as Review;
    await open([hostile]);
    assert.equal(await page.locator("main img, main script, main a").count(), 0);
    await page.setContent(commentPage(renderComment([hostile], { key: "k" })));
    assert.equal(await page.locator("img, script").count(), 0);
    assert.deepEqual(await page.locator("a").allTextContents(), ["run 1841"]);
  });

  it("the comment shows what is lost without opening anything", async () => {
    const text = renderComment([situations["component-removed"] as Review, review({ stack: "x" })], { key: "k" });
    await page.setContent(commentPage(text));
    assert.ok(await page.getByText("all data since the final snapshot").isVisible());
    assert.equal(await page.getByText("instanceClass").filter({ visible: true }).count(), 0);
  });
});
