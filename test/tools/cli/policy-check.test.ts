import { deepEqual, equal, match } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyReport } from "../../../policy/index";
import { projectDir, slipway } from "../../project";

describe("slipway policy check", function () {
  this.timeout(60_000);
  let folder: string;

  const check = (...args: string[]) => slipway(projectDir, "policy", "check", ...args);
  const program = (name: string, packageFile: object, text: string, stack: string) => {
    const at = join(folder, name);
    mkdirSync(at);
    symlinkSync(join(projectDir, "node_modules"), join(at, "node_modules"));
    writeFileSync(join(at, "Pulumi.yaml"), "name: foreign\nruntime: nodejs\n");
    writeFileSync(join(at, "Pulumi.dev.yaml"), `config:\n  aws:region: eu-central-1\n${stack}`);
    writeFileSync(join(at, "package.json"), JSON.stringify(packageFile));
    writeFileSync(join(at, "index.js"), text);
    return at;
  };
  const bucket = `new aws.rds.Instance("db", { engine: "postgres", instanceClass: "db.t4g.micro", publiclyAccessible: true });\n`;
  const failed = (text: string) =>
    (JSON.parse(text) as PolicyReport).verdicts
      .filter(({ outcome, rule }) => outcome === "fail" && rule === "rds-private")
      .map(({ level }) => level);

  before(() => (folder = mkdtempSync(join(tmpdir(), "slipway-check-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("judges the only stack of somebody else's program, in CommonJS and as a module", () => {
    const modules = program("esm", { type: "module" }, `import * as aws from "@pulumi/aws";\n${bucket}`, "");
    const common = program("cjs", {}, `const aws = require("@pulumi/aws");\n${bucket}`, "");
    for (const at of [modules, common]) {
      const { status, stdout, stderr } = check("--cwd", at, "--json");
      equal(status, 2, stderr);
      deepEqual(failed(stdout), ["mandatory"]);
    }
  });

  it("judges it as strictly as its stack file says", () => {
    const lenient = "  slipway:policies: { level: advisory }\n";
    const at = program("lenient", {}, `const aws = require("@pulumi/aws");\n${bucket}`, lenient);
    const { status, stdout } = check("dev", "--cwd", at, "--json");
    equal(status, 0);
    deepEqual(failed(stdout), ["advisory"]);
  });

  it("judges the events of a program that lies in no project", () => {
    const outside = join(folder, "outside");
    mkdirSync(outside);
    const events = join(projectDir, "test/tools/sources/engine/fixtures/yaml-program.ndjson");
    const { status, stdout, stderr } = check("prod", "--cwd", outside, "--events", events, "--json");
    equal(status, 2, stderr);
    deepEqual(failed(stdout), ["mandatory"]);
    const unnamed = check("--cwd", outside, "--events", events);
    equal(unnamed.status, 1);
    match(unnamed.stderr, /^There is no Pulumi\.yaml in /);
  });

  it("asks which stack, and takes a stack or a plan", () => {
    const which = check("--cwd", projectDir);
    deepEqual([which.status, which.stderr], [1, "Name a stack (local, prod, staging), or a plan by --plan.\n"]);
    const both = check("prod", "--plan", "plan.json");
    equal(both.status, 1);
    match(both.stderr, /exclude each other/);
    equal(check("--plan", "nowhere.json").status, 1);
  });
});
