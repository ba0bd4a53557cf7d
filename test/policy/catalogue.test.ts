import { deepEqual, match, ok } from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";

import { catalogue, type Rule } from "../../policy/index";

const root = join(__dirname, "../../policy/rules");
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const ruleOf = (file: string) => (require(join(root, file)) as { default?: Rule }).default;
const ruleFiles = files.filter((file) => ruleOf(file) !== undefined);

describe("the catalogue", () => {
  it("lists every rule file, each once", () => {
    deepEqual(catalogue.map(({ id }) => id).sort(), ruleFiles.map((file) => basename(file, ".ts")).sort());
  });

  for (const file of ruleFiles) {
    const rule = ruleOf(file) as Rule;

    it(`${rule.id} says what a reader needs, in sentences`, () => {
      match(rule.id, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      match(rule.title, /^[A-Z].*[^.]$/);
      match(rule.why, /\.$/);
      match(rule.fix, /\.$/);
      ok(rule.appliesTo.length > 0);
    });

    it(`${rule.id} has its spec beside it`, () => {
      const spec = join(__dirname, "rules", file.replace(/\.ts$/, ".test.ts"));
      ok(existsSync(spec), `missing ${relative(join(__dirname, "../.."), spec)}`);
    });
  }
});
