import { equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { anyProvider } from "../policy/three-ways/engine";
import { engineVariables, missing, needs, projectDir } from "../project";

/** The rules alone, in the program of somebody who has nothing else of Slipway, run by the real engine. */
describe("the policy pack", function () {
  this.timeout(900_000);
  let folder: string;

  const run = (command: string, args: readonly string[], cwd = folder, more: Readonly<Record<string, string>> = {}) => {
    const { status, stderr, stdout } = spawnSync(command, args, {
      cwd,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, NO_COLOR: "1", ...more },
    });
    return { status, output: `${stdout}${stderr}`, stdout };
  };
  const pulumi = (...args: string[]) =>
    run("pulumi", [...args, "--non-interactive"], folder, {
      ...engineVariables(join(folder, "state")),
      PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
    });
  const preview = (...args: string[]) =>
    pulumi("preview", "-s", "dev", "--policy-pack", "node_modules/slipway-policies", ...args);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-pack-"));
    const built = run(process.execPath, ["tools/package.cjs"], projectDir);
    equal(built.status, 0, built.output);
    const pack = run("npm", ["pack", "./dist/policy", "--silent", "--pack-destination", folder], projectDir);
    equal(pack.status, 0, pack.output);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "foreign", private: true, main: "index.js" }));
    const tarball = `./${pack.stdout.trim()}`;
    const install = run("npm", ["install", "--save-dev", "--no-audit", "--no-fund", "--prefer-offline", tarball]);
    equal(install.status, 0, install.output);
    mkdirSync(join(folder, "bin"));
    mkdirSync(join(folder, "state"));
    writeFileSync(
      join(folder, "bin/pulumi-resource-aws"),
      // It finds the SDK in the program's own node_modules.
      anyProvider.replace(
        'require("@pulumi/pulumi")',
        `require(${JSON.stringify(join(folder, "node_modules/@pulumi/pulumi"))})`,
      ),
    );
    chmodSync(join(folder, "bin/pulumi-resource-aws"), 0o755);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: foreign\nruntime: nodejs\n");
    writeFileSync(
      join(folder, "index.js"),
      `const { CustomResource } = require("@pulumi/pulumi");
const database = { engine: "postgres", instanceClass: "db.t4g.micro", publiclyAccessible: true };
new CustomResource("aws:rds/instance:Instance", "db", database, { version: "99.0.0" });\n`,
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("installs by one command, and needs nothing of the rest", () => {
    const modules = join(folder, "node_modules");
    for (const name of ["slipway", "@pulumi/aws", "@pulumi/docker", "@octokit/rest", "@swc/core", "commander"])
      equal(existsSync(join(modules, name)), false, name);
    const files = readdirSync(join(modules, "slipway-policies"), { recursive: true, encoding: "utf8" });
    ok(files.every((file) => !/(?<!\.d)\.ts$|\.test\./.test(file)));
    const list = run(process.execPath, [
      "-e",
      'const { catalogue } = require("slipway-policies"); console.log(catalogue.length);',
    ]);
    ok(Number(list.stdout) > 100, list.output);
  });

  it("stops the deployment of what it forbids, in the real engine", function () {
    needs(this, missing("pulumi", "pulumi-language-nodejs"));
    const init = pulumi("stack", "init", "dev");
    equal(init.status, 0, init.output);
    const { status, output } = preview();
    ok(status !== 0, output);
    match(output, /mandatory[^]*rds-private|rds-private[^]*mandatory/);
    match(output, /Set `publiclyAccessible` to false/);
  });

  it("takes levels from a file", function () {
    if (missing("pulumi", "pulumi-language-nodejs").length > 0) return this.skip();
    writeFileSync(join(folder, "policies.json"), JSON.stringify({ all: "advisory", "rds-private": "disabled" }));
    const { status, output } = preview("--policy-pack-config", "policies.json");
    equal(status, 0, output);
    ok(!output.includes("rds-private"));
    match(output, /rds-backup/);
  });
});
