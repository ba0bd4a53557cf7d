import { deepEqual, equal, ok } from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { wrapped } from "../../../../tools/readers/terminal/wrap";

describe("lines in a terminal", () => {
  const words = "policies  one two three four five six seven eight nine ten eleven twelve";

  it("break between words, and go on further in", () => {
    deepEqual(wrapped(`  ${words}`, 40).split("\n"), [
      "  policies  one two three four five six",
      "      seven eight nine ten eleven twelve",
    ]);
  });

  it("are as wide as they look: colours have no width", () => {
    const red = `  \u001b[31mpolicies\u001b[39m  ${words}`;
    for (const line of wrapped(red, 44).split("\n")) ok(stripVTControlCharacters(line).length <= 44, line);
    equal(stripVTControlCharacters(wrapped(red, 44)).replace(/\s+/g, " "), `  policies  ${words}`.replace(/\s+/g, " "));
  });

  it("go on as far in where a colour begins before their spaces", () => {
    const dim = wrapped(`\u001b[2m    ${words}\u001b[22m`, 44).split("\n");
    deepEqual(dim.length, 2);
    ok(dim[1]!.startsWith("        "));
  });

  it("stay as they are where they fit, in a word that is too wide, and where there is no terminal", () => {
    for (const text of ["", "  short", `  ${"x".repeat(100)}`, "a\n\nb"]) equal(wrapped(text, 60), text);
    equal(wrapped(words.repeat(3), 0), words.repeat(3));
  });
});
