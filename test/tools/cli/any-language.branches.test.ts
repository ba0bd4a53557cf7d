import { deepEqual, equal, match, ok } from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyReport } from "../../../policy/index";
import type { CostReport } from "../../../tools/judge/cost/report";
import type { Plan } from "../../../tools/plan/plan";
import { slipway as slipwayIn } from "../../project";

/**
 * Programs that are no Node.js ones, by the events of a real engine, 3.260: `yaml-program` ran by Pulumi's own YAML host
 * 1.38, the two of Python by Pulumi's Python SDK 3.272 and its own executor. The host that starts that executor was a few
 * lines of our own, and a stand-in answered for AWS. Left out is what engine and SDK say of themselves.
 */
describe("programs in other languages", function () {
  this.timeout(60_000);
  let folder: string;

  const slipway = (...args: string[]) => slipwayIn(folder, ...args);
  const project = (runtime: string) => {
    writeFileSync(join(folder, "Pulumi.yaml"), `name: orders\nruntime: ${runtime}\n`);
    writeFileSync(join(folder, "Pulumi.prod.yaml"), "config:\n  aws:region: eu-central-1\n");
  };
  const events = (name: string) => join(folder, `${name}.ndjson`);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-languages-"));
    for (const name of ["yaml-program", "python-program", "python-program-fails"])
      cpSync(join(__dirname, "../sources/engine/fixtures", `${name}.ndjson`), events(name));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("YAML: what changes, is lost and fails is in the difference and the comment", () => {
    project("yaml");
    const { status, stdout } = slipway("diff", "prod", "--events", events("yaml-program"), "--review", "review.json");
    equal(status, 2);
    match(stdout, /^prod {2}replaces 1 \(data\), changes 1, adds 2/);
    match(stdout, /replaces {2}storageEncrypted {2}false → true/);
    match(stdout, /sg-open {2}open ec2 SecurityGroup/);
    match(stdout, /~ jobs sqs Queue\n {6}messageRetentionSeconds {2}3600 → 7200/);
    const { stdout: comment } = slipway("comment", "review.json", "--dry-run");
    match(comment, /^> \[!CAUTION\]$/m);
    match(
      comment,
      /\| `database` rds Instance \| `storageEncrypted` `false` → `true` \| \*\*the application would start/,
    );
    match(comment, /\| `rds-private` mandatory \| `database` rds Instance \|/);
    // Neither run nor commit is known here, and nothing stands in their place.
    match(comment, /<sub>Reproduce: `npx slipway diff prod --engine` · `20/);
    ok(!comment.includes("correct-horse"));
  });

  it("Python: previewed, judged and priced by the same commands", () => {
    project("python");
    const file = events("python-program");
    const preview = slipway("preview", "prod", "--events", file, "--json");
    equal(preview.status, 2);
    const { source, resources } = JSON.parse(preview.stdout) as Plan;
    equal(source, "engine");
    // The queue is deleted: it is no part of what would stand.
    deepEqual(
      resources.filter(({ custom }) => custom).map(({ name, parent = "" }) => [name, parent.split("::").at(-1)]),
      [
        ["reports", "orders-prod"],
        ["database", "orders-prod"],
        ["files", "storage"],
      ],
    );
    const check = slipway("policy", "check", "prod", "--events", file, "--json");
    equal(check.status, 2);
    const failed = (JSON.parse(check.stdout) as PolicyReport).verdicts.filter(({ outcome }) => outcome === "fail");
    for (const rule of ["lambda-runtime", "lambda-env-secrets", "rds-backup"])
      ok(
        failed.some((one) => one.rule === rule),
        rule,
      );
    ok(!check.stdout.includes("in-the-clear"));
    const cost = JSON.parse(slipway("cost", "prod", "--events", file, "--json").stdout) as CostReport;
    ok(cost.lines.some(({ what }) => what === "db.t4g.large"));
  });

  it("a Python program that throws: its own traceback once, no sum and no count of what was not seen", () => {
    project("python");
    const { status, stdout } = slipway("diff", "prod", "--events", events("python-program-fails"));
    equal(status, 1);
    match(
      stdout,
      /^prod {2}has no complete preview\n {2}The program fails: this stack cannot be previewed or deployed\./,
    );
    match(stdout, /File "\/home\/dev\/orders\/__main__\.py", line 18[^]*KeyError: 'certificate'/);
    equal(stdout.split("KeyError").length - 1, 1);
    ok(!/month|passed|exited with code/.test(stdout), stdout);
    for (const command of [["preview"], ["cost"], ["policy", "check"]]) {
      const one = slipway(...command, "prod", "--events", events("python-program-fails"));
      equal(one.status, 1);
      match(one.stderr, /^Program failed with an unhandled exception:[^]*KeyError: 'certificate'\n$/);
    }
  });

  it("takes a stack that has no file, and refuses the events of another stack or project", () => {
    project("python");
    rmSync(join(folder, "Pulumi.prod.yaml"));
    equal(slipway("diff", "prod", "--events", events("python-program")).status, 2);
    writeFileSync(join(folder, "Pulumi.qa.yaml"), "config: {}\n");
    const other = slipway("diff", "qa", "--events", events("python-program"));
    deepEqual(
      [other.status, other.stderr],
      [1, "These are events of the stack prod of orders, and what is asked for is qa of orders.\n"],
    );
    writeFileSync(join(folder, "Pulumi.yaml"), "name: payments\nruntime: python\n");
    match(slipway("cost", "prod", "--events", events("python-program")).stderr, /of the stack prod of orders, and/);
  });

  it("says how, where it is asked to run one itself", () => {
    project("python");
    for (const command of [["preview"], ["cost"], ["policy", "check"]]) {
      const { status, stderr } = slipway(...command, "prod");
      equal(status, 1);
      match(stderr, /is written for python: in-process[^]*--engine, or --events FILE\.\n$/);
    }
    const { stderr } = slipway("diff", "prod", "--events", "nowhere.ndjson");
    equal(stderr, "--events nowhere.ndjson: there is no such file, or it cannot be read.\n");
    equal(slipway("preview", "--plan").status, 1);
    const both = slipway("policy", "check", "--plan", "x", "--events", "y");
    deepEqual([both.status, both.stderr], [1, "--events and --plan x exclude each other: expected one of them\n"]);
  });

  it("keeps no path of a machine in what is recorded", () => {
    for (const name of ["yaml-program", "python-program", "python-program-fails"])
      ok(!/\/tmp\/|\/root\//.test(readFileSync(events(name), "utf8")));
  });
});
