import { equal, match, doesNotMatch, ok } from "node:assert/strict";
import { clear, told } from "./branch";
import { branches } from "./table";

describe("branches, each with the verdict of a careful reviewer", () => {
  after(clear);

  it("are fifty and more", () => ok(Object.keys(branches).length > 50));

  for (const [name, { gravity, says, silent = [], ...branch }] of Object.entries(branches)) {
    it(name, async () => {
      const { comment, terminal, ...seen } = await told(branch);
      if (process.env["SHOW"]) console.log(`${terminal}\n`);
      equal(seen.gravity, gravity, terminal);
      // Markdown escapes what it must; a reader sees it as it was.
      const read = comment
        .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
        .replace(/\\(?=[^\n])/g, "");
      for (const sentence of says) {
        match(read, sentence);
        match(terminal, sentence);
      }
      for (const sentence of silent) {
        doesNotMatch(read, sentence);
        doesNotMatch(terminal, sentence);
      }
    });
  }
});
