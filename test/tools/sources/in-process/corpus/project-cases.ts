import { type Case, least } from "./case";

const project = (title: string, change: (shipped: string) => string, more: Partial<Case> = {}): Case => ({
  title,
  project: change,
  ...more,
});
const under = (lines: string) => (shipped: string) => shipped.replace("\nconfig:\n", `\nconfig:\n${lines}`);
/** Declarations of a project called `x`, whose own keys are no settings, and of nothing else. */
const declared = (lines: string) => (shipped: string) =>
  named("x")(shipped).replace(/\nconfig:\n[^]*$/, `\nconfig:\n${lines}`);
const named = (name: string) => (shipped: string) => shipped.replace("name: slipway", `name: ${name}`);

/** What Pulumi.yaml says of the stack files, and where they lie. */
export const projectCases: readonly Case[] = [
  project(
    "a folder of stack files above the project",
    (shipped) => `${shipped}stackConfigDir: ../slipway-corpus-none\n`,
    {
      at: "Pulumi.test.yaml",
    },
  ),
  project("a folder of stack files that is a number", (shipped) => `${shipped}stackConfigDir: 12\n`),
  project("a folder of stack files, deep", (shipped) => `${shipped}stackConfigDir: a/b\n`, {
    at: "a/b/Pulumi.test.yaml",
  }),
  project("a folder of stack files from a folder below", (shipped) => `${shipped}stackConfigDir: deploy\n`, {
    at: "deploy/Pulumi.test.yaml",
    cwd: "deep/er",
  }),
  project(
    "the folder of stack files as the configuration",
    (shipped) => `${shipped.replace(/\nconfig:\n[^]*$/, "\n")}config: deploy\n`,
    {
      at: "deploy/Pulumi.test.yaml",
    },
  ),
  project("a project with capitals and dots", named("Acme.Shop_1"), { lines: ["preset: staging"] }),
  project("a project with a space", named("acme shop")),
  project("a project with a slash", named("acme/shop")),
  project("a project with a colon", named('"acme:shop"')),
  project("a project that is a number", named("12")),
  project("a project of 100 signs", named("a".repeat(100))),
  project("a project of 101 signs", named("a".repeat(101))),
  project("a project without a name", (shipped) => shipped.replace(/^name: slipway\n/m, "")),
  project("a runtime by its name", (shipped) => shipped.replace(/\nruntime:\n(?: .*\n)+/, "\nruntime: nodejs\n")),
  project("a key of nobody in the project", (shipped) => `${shipped}stackconfigdir: deploy\nauthor: me\n`),
  project("a project with line ends of Windows", (shipped) => shipped.replaceAll("\n", "\r\n")),
  project("a project with a key twice", (shipped) => `${shipped}description: again\n`),
  project("a project with a tab", (shipped) => shipped.replace("  name: nodejs", "\tname: nodejs")),
  project("a value of the project in another namespace", under("  x:v: blue\n  x:w:\n    value: { a: 1 }\n")),
  project("a default in another namespace", under("  x:v:\n    default: blue\n")),
  project("a value and a default", declared("  team:\n    type: string\n    value: a\n    default: b\n")),
  project("a value that the stack overrules", under("  x:v:\n    value: blue\n"), { lines: ["x:v: green"] }),
  project("a value of the project that is a number", under("  x:v: 017\n  x:w: 1.50\n")),
  project("a value of the project that is a whole number", under("  x:v: 017\n")),
  project("a value of the project that is a boolean", under("  x:v: true\n")),
  project("a value of the project that is a date", under("  x:v: 2027-03-31\n")),
  project("a value of the project that is a list", under("  x:v: [1, a]\n")),
  project("a value of the project that is nothing", under("  x:v:\n")),
  project("a declaration without a value", declared("  team:\n    type: string\n")),
  project("a declaration with nothing below it", declared("  team: {}\n")),
  project("a declaration without a value that the stack has", declared("  team:\n    type: string\n"), {
    lines: ["team: a"],
  }),
  project("a declared whole number", declared("  size:\n    type: integer\n"), { lines: ["size: 017"] }),
  project("a declared whole number in quotes", declared("  size:\n    type: integer\n"), { lines: ['size: "12"'] }),
  project("a declared whole number that is text", declared("  size:\n    type: integer\n"), { lines: ["size: big"] }),
  project("a declared whole number that is a fraction", declared("  size:\n    type: integer\n"), {
    lines: ["size: 1.5"],
  }),
  project("a declared boolean", declared("  fast:\n    type: boolean\n"), { lines: ["fast: true"] }),
  project("a declared boolean in quotes", declared("  fast:\n    type: boolean\n"), { lines: ['fast: "true"'] }),
  project("a declared boolean that is text", declared("  fast:\n    type: boolean\n"), { lines: ["fast: yes"] }),
  project("a declared list", declared("  zones:\n    type: array\n    items:\n      type: string\n"), {
    lines: ["zones: [a]"],
  }),
  project(
    "a declared list of the wrong kind",
    declared("  zones:\n    type: array\n    items:\n      type: integer\n"),
    {
      lines: ["zones: [a]"],
    },
  ),
  project("a declared list that is text", declared("  zones:\n    type: array\n    items:\n      type: string\n"), {
    lines: ["zones: a"],
  }),
  project("a declared list without its items", declared("  zones:\n    type: array\n"), { lines: ["zones: [a]"] }),
  project("a declared text that is a number", declared("  team:\n    type: string\n"), { lines: ["team: 017"] }),
  project("a declared text that is a boolean", declared("  team:\n    type: string\n"), { lines: ["team: true"] }),
  project("a declared text that is a date", declared("  team:\n    type: string\n"), { lines: ["team: 2027-03-31"] }),
  project("a declared text that is nothing", declared("  team:\n    type: string\n"), { lines: ["team:"] }),
  project("a type that there is not", declared("  team:\n    type: text\n"), { lines: ["team: a"] }),
  project("a default of another type", declared("  size:\n    type: integer\n    default: big\n")),
  project("a declared secret in plain text", declared("  token:\n    type: string\n    secret: true\n"), {
    lines: ["token: a"],
  }),
  project("a declared key with a namespace", under("  other:key:\n    type: string\n    default: a\n")),
  project("a project in a file .yml", (shipped) => shipped, { projectAt: "Pulumi.yml", at: "Pulumi.test.yaml" }),
  project("a project and a stack in files .yml", (shipped) => shipped, {
    projectAt: "Pulumi.yml",
    at: "Pulumi.test.yml",
  }),
  { title: "a stack in a file .yml beside a project .yaml", at: "Pulumi.test.yml" },
  {
    title: "a stack in JSON beside a project in YAML",
    at: "Pulumi.test.json",
    file: '{"config":{"slipway:target":"docker"}}',
  },
  {
    title: "settings of a project with another name by its own name",
    ...{ project: named("shop") },
    bare: true,
    lines: least.map((line) => line.replace("slipway:", "shop:")),
  },
];
