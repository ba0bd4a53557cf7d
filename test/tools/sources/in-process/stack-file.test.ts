import { deepEqual, rejects, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewStack } from "../../../../tools/sources/in-process/in-process";
import { readStack } from "../../../../tools/sources/in-process/stack-file";

/** What a stack file says wrong, in the words of one who reads it. The corpus beside this holds it to the engine's answer. */
describe("a stack file that the engine would refuse", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-stack-file-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (stack: string | Buffer, project = "name: shop\nruntime: nodejs\n") => {
    writeFileSync(join(folder, "Pulumi.yaml"), project);
    writeFileSync(join(folder, "Pulumi.dev.yaml"), stack);
  };
  const read = () => readStack(folder, "dev");

  for (const [what, content, message] of [
    [
      "bytes of another encoding",
      Buffer.from("config:\n  a: caf\u00e9\n", "latin1"),
      "it is not written in UTF-8: save it as UTF-8",
    ],
    [
      "a control character",
      "config:\n  a: b\u0007\n",
      'line 2: a control character, U+0007: remove it, or write it as "\\u0007"',
    ],
    ["a key twice", "config:\n  a: b\n  a: c\n", 'line 3: the key "a" is there twice'],
    [
      "a number and the same in quotes for keys",
      'config:\n  a: { 1: b, "1": c }\n',
      'line 2: the key "1" is there twice',
    ],
    ["a list for a key", "config:\n  a: { [b]: c }\n", "line 2: a list or a mapping is no key: put the text in quotes"],
    [
      "a template for a value",
      "config:\n  a: {{ .Values.b }}\n",
      "line 2: a list or a mapping is no key: put the text in quotes",
    ],
    ["an alias for nothing", "config:\n  a: *b\n", "line 2: there is no anchor &b before *b"],
    ["an alias for what it is in", "config:\n  a: &b [*b]\n", "line 2: &b holds itself"],
    ["a merge of text", "config:\n  a: { <<: b }\n", "line 2: << takes a mapping, or a list of mappings"],
    ["a tag that is wrong", "config:\n  a: !!int b\n", 'line 2: "b" is no !!int'],
    ["infinity", "config:\n  a: .inf\n", "line 2: .inf is no value that a configuration can have"],
    ["a backslash of Windows", 'config:\n  a: "C:\\qa"\n', undefined],
    ["a line of tabs", "config:\n  a: b\n\t\n  c: d\n", "line 3: a tab and nothing else: remove it"],
    ["half of an emoji", 'config:\n  a: "\\ud83d"\n', "line 2: \\ud8 is no escape: write \\\\ for a backslash"],
  ] as const) {
    it(`${what}: says the line and what to write`, () => {
      write(content);
      throws(read, (error: Error) => {
        if (message !== undefined) deepEqual(error.message, `Pulumi.dev.yaml cannot be read: ${message}`);
        return error.name === "StackFileError";
      });
    });
  }

  const problems = () => read().mistyped.map(({ key, message }) => `${key} ${message}`);

  it("says which of two keys for one setting to keep: the engine takes either", () => {
    write("config:\n  shop:team: a\n  team: b\n");
    deepEqual(problems(), ["shop:team is there as shop:team and as team, of which the engine takes either: keep one"]);
  });

  for (const [declaration, value, expected] of [
    ["type: integer", "big", "expected a whole number"],
    ["type: integer", '"12"', undefined],
    ["type: boolean", "yes", "expected true or false"],
    ["type: boolean", "true", undefined],
    ["type: array\n    items:\n      type: integer", "[1, a]", "[1] expected a whole number"],
    ["type: array\n    items:\n      type: integer", "[1, 2]", undefined],
    [
      "type: array\n    items:\n      type: string",
      "a",
      "expected a list: each entry on a line of its own after a hyphen",
    ],
    ["type: object", "a", "expected keys below it, not text"],
    [
      "type: string\n    secret: true",
      "a",
      "is declared a secret and in plain text: pulumi config set --secret shop:key",
    ],
    ["type: string", undefined, "is missing: Pulumi.yaml declares it without a default"],
  ] as const) {
    it(`${declaration.replaceAll(/\s+/g, " ")}, with ${value ?? "nothing"}: ${expected ?? "taken"}`, () => {
      write(
        value === undefined ? "config: {}\n" : `config:\n  key: ${value}\n`,
        `name: shop\nruntime: nodejs\nconfig:\n  key:\n    ${declaration}\n`,
      );
      deepEqual(problems(), expected === undefined ? [] : [`shop:key ${expected}`]);
    });
  }

  it("misses nothing that an environment of Pulumi ESC may set", () => {
    write("environment: [shop]\nconfig: {}\n", "name: shop\nruntime: nodejs\nconfig:\n  key:\n    type: string\n");
    deepEqual(problems(), []);
    deepEqual(read().remarks.length, 1);
  });

  it("is refused before a program that is not Slipway's runs, too", async () => {
    write("config:\n  size: big\n", "name: shop\nruntime: nodejs\nconfig:\n  size:\n    type: integer\n");
    await rejects(previewStack({ projectDir: folder, stack: "dev" }), {
      name: "StackFileError",
      message: "Pulumi.dev.yaml is not what Pulumi.yaml declares:\n\n  shop:size  expected a whole number",
    });
  });

  for (const [config, message] of [
    ["a:\n", "config.a: is empty: expected a value, or a declaration with its type"],
    ["a: 1.5\n", 'config.a: expected text, a whole number, a boolean or a list: "1.5"'],
    ["a: { type: text }\n", 'config.a: type "text": expected string, integer, boolean, array or object'],
    ["a: { type: array }\n", "config.a: is an array: expected items with their type"],
    ["a: { value: b, default: c }\n", "config.a: has a value and a default: keep one"],
    ["a: { type: integer, default: big }\n", "config.a: default: expected a whole number"],
    [
      "x:a: { default: b }\n",
      "config.x:a: is of another namespace than the project's, so that it has no type and no default: expected value",
    ],
    ["a: 2027-03-31\n", 'config.a: is a date without quotes, which YAML makes a moment of: "2027-03-31"'],
  ] as const) {
    it(`Pulumi.yaml with ${config.trim()}: says what to write`, () => {
      write("config: {}\n", `name: shop\nruntime: nodejs\nconfig:\n  ${config}`);
      throws(read, { name: "StackFileError", message: `${join(folder, "Pulumi.yaml")}: ${message}` });
    });
  }
});
