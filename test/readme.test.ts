import { deepEqual, equal, fail, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { documentation } from "../components/shared/documentation";
import { settingsFrom } from "../stacks/settings/load";
import type { CostReport } from "../tools/judge/cost/report";

const root = join(__dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const readme = read("README.md");

/** The text of the fenced block that holds `words`. */
function block(words: string): string {
  const found = [...readme.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)]
    .map(([, text]) => text!)
    .find((text) => text.includes(words));
  return found ?? fail(`no block with ${words}`);
}

/** A stack file's `config` as the engine hands it over. */
const configured = (config: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );

describe("README", function () {
  this.timeout(120_000);

  it("shows what its first command prints", () => {
    const printed = execFileSync(process.execPath, ["tools/slipway.cjs", "preview"], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
      stdio: ["ignore", "pipe", "ignore"],
    });
    // What differs from machine to machine: the time, and whether the Pulumi CLI and Docker are there.
    const steady = (text: string) =>
      text
        .replace(/in [\d.]+ s\./, "in some time.")
        .replace(/(pulumi up -s local).*/, "$1")
        // How many rules had nothing to say grows with the rules.
        .replace(/\d+ ok/g, "all ok")
        .trim();
    equal(steady(block("previewing 3 stacks")), steady(printed));
  });

  it("has a stack file that is valid", () => {
    const { config } = parse(block("slipway:monitoring: {").replace("4be1…", "4be1c7a0d5e9f8b3".repeat(4))) as {
      config: Record<string, unknown>;
    };
    equal(settingsFrom("prod", configured(config)).target, "aws-ecs");
  });

  it("shows the error that a wrong stack file gives", () => {
    const wrong = {
      "aws:region": "eu-central-1",
      "slipway:target": "aws-ecs",
      "slipway:domain": "https://shop.example.com",
      "slipway:image": "ghcr.io/acme/shop:1.4.2",
      "slipway:tls": { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
      "slipway:release": { weightPercent: 140 },
      "slipway:databse": { storageGb: 20 },
      "slipway:service": { memoryMb: 300 },
    };
    const shown = block("has 4 problems").trim();
    try {
      settingsFrom("prod", configured(wrong));
    } catch (error) {
      return equal((error as Error).message.trim(), shown);
    }
    fail("taken as valid");
  });

  it("is followed by a page for AWS whose costs are today's", () => {
    const text = execFileSync(process.execPath, ["tools/slipway.cjs", "cost", "prod", "--json"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { monthlyUsd, components } = JSON.parse(text) as CostReport;
    const costs = (name: string) =>
      components.reduce((sum, { component, monthlyUsd }) => sum + (component === name ? monthlyUsd : 0), 0);
    const rows = [...read("docs/aws.md").matchAll(/^\| \*{0,2}([\w-]+)(?::.*?)?\*{0,2} \| \*{0,2}(\d+)\*{0,2} \|$/gm)];
    equal(rows.length, 6);
    for (const [, name = "", shown] of rows)
      equal(Number(shown), Math.round(name === "together" ? monthlyUsd : costs(name)), name);
  });

  it("names commands that there are", () => {
    const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
    const commands = execFileSync(process.execPath, ["tools/slipway.cjs", "--help"], { cwd: root, encoding: "utf8" });
    for (const [, script] of readme.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) ok(scripts.includes(script!), script);
    for (const [, command] of readme.matchAll(/npx slipway (\w+)/g)) ok(commands.includes(`  ${command}`), command);
  });
});

describe("the documentation", () => {
  const pages = ["README.md", "CONTRIBUTING.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)];

  for (const page of pages.filter((name) => name.endsWith(".md"))) {
    it(`leads nowhere that is not there: ${page}`, () => {
      for (const [, target] of read(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
        const [file = "", anchor] = target!.split("#");
        const path = file === "" ? page : join(dirname(page), file);
        ok(existsSync(join(root, path)), `${page} leads to ${target}`);
        if (anchor !== undefined) ok(anchors(read(path)).includes(anchor), `${page} leads to ${target}`);
      }
    });
  }
});

describe("what the program prints", () => {
  const sources = ["components", "policy", "stacks", "tools"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${folder}/${file}`),
  );
  const places = new Map(
    sources.flatMap((file) =>
      [...read(file).matchAll(/(docs\/|documentation\(")([a-z-]+\.md(?:#[\w-]+)?)/g)].map(
        ([, , place]): [string, string] => [`docs/${place}`, file],
      ),
    ),
  );

  it("names pages by where they are: with the package that is no folder of the project", () => {
    // Generated files are of this repository, and settings' descriptions go into them; nginx and HAProxy print no comment;
    // an alert names its page as all runbooks are named.
    const elsewhere =
      /^(?:tools\/generate|stacks\/settings\/(?:sections|schema)|components\/ingress\/docker\/\w+-configuration|components\/monitoring\/prometheus\/composites)/;
    const plain = sources
      .filter((file) => !elsewhere.test(file))
      .flatMap((file) =>
        read(file)
          .split("\n")
          .filter((line) => /docs\/[a-z-]+\.md/.test(line) && !/^\s*(?:\*|\/\/|\/\*\*)|documentation\(/.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
    deepEqual(plain, []);
    const [from, elsewhereToo] = [process.cwd(), join(root, "app")];
    try {
      process.chdir(elsewhereToo);
      equal(documentation("aws.md#getting-in"), "../docs/aws.md#getting-in");
    } finally {
      process.chdir(from);
    }
  });

  for (const [place, file] of places) {
    it(`leads nowhere that is not there: ${place}`, () => {
      const [page = "", anchor] = place.split("#");
      ok(existsSync(join(root, page)), `${file} leads to ${place}`);
      if (anchor !== undefined) ok(anchors(read(page)).includes(anchor), `${file} leads to ${place}`);
    });
  }
});

/** The headings of a page as GitHub names them. */
function anchors(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replace(/ /g, "-"),
  );
}
