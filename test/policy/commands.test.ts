import { deepEqual, equal, match } from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { Command } from "commander";

import { catalogue, type PolicyReport } from "../../policy/index";
import { registerPolicyCommands } from "../../tools/cli/commands/policy";

const folder = mkdtempSync(join(tmpdir(), "policies-"));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const database = (inputs: unknown) => ({
  version: 1,
  project: "shop",
  stack: "prod",
  source: "in-process",
  resources: [
    {
      urn: "urn:pulumi:prod::shop::aws:rds/proxy:Proxy::pool",
      type: "aws:rds/proxy:Proxy",
      name: "pool",
      custom: true,
      inputs,
      outputs: {},
      dependencies: [],
      propertyDependencies: {},
      options: {},
      operation: "create",
    },
  ],
  outputs: {},
  diagnostics: [],
});

function run(...words: string[]): { code: number; out: string; error: string } {
  const printed = { out: "", error: "" };
  const [out, error] = [process.stdout.write, process.stderr.write];
  process.stdout.write = (text) => Boolean((printed.out += String(text)));
  process.stderr.write = (text) => Boolean((printed.error += String(text)));
  process.exitCode = undefined;
  try {
    const program = new Command("slipway");
    registerPolicyCommands(program);
    program.parse(["policy", ...words], { from: "user" });
  } finally {
    process.stdout.write = out;
    process.stderr.write = error;
  }
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return { code, out: stripVTControlCharacters(printed.out), error: stripVTControlCharacters(printed.error) };
}

describe("slipway policy", () => {
  it("lists every rule", () => {
    const listed = JSON.parse(run("list", "--json").out) as { id: string }[];
    deepEqual(
      listed.map(({ id }) => id),
      catalogue.map(({ id }) => id),
    );
    match(run("list").out, /rds-private +mandatory +critical/);
  });

  it("explains a rule, and guesses what was meant", () => {
    match(run("explain", "sg-open").out, /Fix .*security group[^]*allowedPorts[^]*FSBP EC2\.18/);
    const wrong = run("explain", "sg-opn");
    equal(wrong.code, 1);
    match(wrong.error, /did you mean sg-open/);
  });

  it("exits 0 on a plan that breaks nothing, 2 on one that breaks a mandatory rule", () => {
    equal(run("check", "--plan", file("good.json", database({ requireTls: true }))).code, 0);
    const bad = run("check", "--plan", file("bad.json", database({ requireTls: false })));
    equal(bad.code, 2);
    match(bad.out, /rds-proxy-tls +mandatory +pool \(aws:rds\/proxy:Proxy\) requireTls/);
  });

  it("says what it could not judge, and exits 0", () => {
    const open = run("check", "--plan", file("open.json", database({ requireTls: { $unknown: [] } })), "--json");
    equal(open.code, 0);
    equal(
      (JSON.parse(open.out) as PolicyReport).verdicts[0]?.reason,
      "property requireTls is not known until deployment",
    );
  });

  it("takes the strictness of a stack file", () => {
    const plan = file("bad.json", database({}));
    const stack = file("Pulumi.dev.yaml", "config:\n  slipway:policies:\n    level: advisory\n");
    equal(run("check", "--plan", plan, "--config", stack).code, 0);
    const exempt = file(
      "exempt.yaml",
      "exemptions: [{ rule: rds-proxy-tls, resource: pool, reason: until the move, expires: 2026-11-30 }]",
    );
    equal(run("check", "--plan", plan, "--config", exempt, "--today", "2026-11-30").code, 0);
    equal(run("check", "--plan", plan, "--config", exempt, "--today", "2026-12-01").code, 2);
  });

  it("takes with it what the preset of a stack file chose, as the stack itself does", () => {
    const level = (content: string, rule: string) =>
      (
        JSON.parse(run("config", "--config", file("Pulumi.qa.yaml", content)).out) as Record<
          string,
          { enforcementLevel: string }
        >
      )[rule]?.enforcementLevel;
    equal(level("config:\n  slipway:preset: staging\n", "rds-multi-az"), "advisory");
    equal(level("config:\n  slipway:preset: staging\n", "rds-backup"), "mandatory");
    equal(level("config:\n  slipway:domain: example.com\n", "rds-multi-az"), "mandatory");
    match(
      run("config", "--config", file("odd.yaml", "config:\n  slipway:preset: prod\n")).error,
      /expected production/,
    );
  });

  it("exits 1 on what it cannot use, and says which file", () => {
    match(run("check", "--plan", join(folder, "none.json")).error, /none\.json cannot be read/);
    match(run("check", "--plan", file("list.json", [])).error, /list\.json is not a plan/);
    const typo = run(
      "check",
      "--plan",
      file("good.json", database({})),
      "--config",
      file("typo.yaml", "rules: { rds-privat: {} }"),
    );
    equal(typo.code, 1);
    match(typo.error, /typo\.yaml has 1 problem[^]*rds-privat/);
  });

  it("prints the configuration in the engine's form", () => {
    const printed = run("config", "--config", file("dev.yaml", "level: advisory"));
    deepEqual((JSON.parse(printed.out) as Record<string, unknown>)["rds-private"], { enforcementLevel: "advisory" });
  });
});
