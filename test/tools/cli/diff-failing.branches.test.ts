import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Review } from "../../../tools/review/review";
import { projectDir, slipway as slipwayIn } from "../../project";

/** Somebody's program, of which one stack of three comes to no end; and a project that is no longer there. */
describe("a difference of which a part cannot be had", function () {
  this.timeout(60_000);
  let folder: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const slipway = (...args: string[]) => slipwayIn(folder, ...args);
  const reviews = () => JSON.parse(readFileSync(join(folder, "review.json"), "utf8")) as readonly Review[];
  const program = (seconds: number, more = "") =>
    `import * as pulumi from "@pulumi/pulumi";\nimport * as aws from "@pulumi/aws";\nnew aws.sqs.Queue("jobs", { messageRetentionSeconds: ${seconds} });\n${more}`;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-failing-")));
    symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
    write("Pulumi.yaml", "name: foreign\nruntime: nodejs\n");
    for (const stack of ["eu", "jp", "us"]) write(`Pulumi.${stack}.yaml`, "config:\n  aws:region: eu-central-1\n");
    write("package.json", "{}");
    write(".gitignore", "node_modules\nreview.json\n");
    write("index.ts", program(3600));
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-qm", "base");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("names the stack that ends the process, and judges the others", () => {
    write(
      "index.ts",
      program(7200, 'if (pulumi.getStack() === "jp") require("child_process").execSync("kill -9 " + process.pid);'),
    );
    equal(slipway("diff", "--base", "main", "--review", "review.json").status, 1);
    deepEqual(
      reviews().map(({ stack, failure, plan }) => [stack, failure?.kind, plan?.resources.length]),
      [
        ["eu", undefined, 2],
        ["jp", "program", undefined],
        ["us", undefined, 2],
      ],
    );
    const { stdout } = slipway("comment", "review.json", "--dry-run");
    match(stdout, /^### Slipway: `jp` has no preview/m);
    match(stdout, /The program fails: this stack cannot be previewed or deployed/);
    match(stdout, /is ended while it runs/);
    match(stdout, /messageRetentionSeconds/);
  });

  it("says where, of a file that cannot be parsed", () => {
    write("index.ts", program(3600, "\nconst zones = ;\n"));
    equal(slipway("diff", "eu", "--base", "main", "--review", "review.json").status, 1);
    deepEqual(reviews()[0]!.failure, {
      kind: "program",
      message: "SyntaxError: Expression expected\n  index.ts:5   const zones = ;\n    at (index.ts:5:15)",
      place: { file: "index.ts", line: 5 },
    });
  });

  it("compares with a base whose program prints by others, and ends with what it leaves running", () => {
    write(
      "index.ts",
      program(
        3600,
        'require("child_process").execSync("echo {", { stdio: "inherit" });\nrequire("child_process").spawn("sleep", ["300"], { stdio: "inherit", detached: true }).unref();',
      ),
    );
    git("commit", "-qam", "prints");
    write("index.ts", program(7200));
    const { status, stdout } = slipway("diff", "eu", "--base", "main");
    equal(status, 0, stdout);
    match(stdout, /messageRetentionSeconds {2}3600 → 7200/);
  });

  it("shows a project that is deleted as the end of every stack of it", () => {
    for (const file of ["Pulumi.yaml", "Pulumi.eu.yaml"]) rmSync(join(folder, file));
    const { status, stdout } = slipway("diff", "--base", "main", "--review", "review.json");
    // Nothing of what `--fail-on` names by default.
    equal(status, 0);
    deepEqual(
      reviews().map(({ stack, deleted, failure }) => [stack, deleted, failure]),
      ["eu", "jp", "us"].map((stack) => [stack, true, undefined]),
    );
    match(stdout, /stack {2}Pulumi\.yaml {2}is deleted: nothing previews, judges or deploys this stack any more/);
    match(stdout, /deletes {2}jobs sqs Queue/);
    equal(slipway("diff", "eu", "--base", "main", "--fail-on", "data,relaxed").status, 2);
    ok(!slipway("diff", "--base", "main").stderr.includes("There is no Pulumi.yaml"));
  });

  it("says of files beside the program how they decide what is checked", () => {
    const workflow = (more = "") =>
      `jobs:\n  preview:\n    steps:\n      - run: npx slipway diff --base main\n${more}      - run: npx slipway policy check eu --config ops/policies.json\n`;
    mkdirSync(join(folder, ".github/workflows"), { recursive: true });
    mkdirSync(join(folder, "ops"));
    write(".github/workflows/preview.yml", workflow());
    write("ops/policies.json", '{ "sqs-encrypted": "mandatory" }');
    write("ops/notes.json", "{}");
    write("package-lock.json", "{}");
    git("add", ".");
    git("commit", "-qm", "pipeline");
    write(".github/workflows/preview.yml", workflow("        continue-on-error: true\n"));
    write("ops/policies.json", '{ "sqs-encrypted": "advisory" }');
    write("ops/notes.json", "[]");
    write("package.json", '{ "overrides": { "slipway": "npm:loose@1" } }');
    write(".gitattributes", "*.ts -diff\n");
    slipway("diff", "eu", "--base", "main", "--review", "review.json");
    const said = (reviews()[0]!.relaxed ?? []).map(({ subject, message }) => `${subject} ${message}`).sort();
    equal(said.length, 4, said.join("\n"));
    match(said[0]!, /^\.gitattributes decides what a reviewer sees/);
    match(said[1]!, /^\.github\/workflows\/preview\.yml .*; it goes on after an error \(`continue-on-error`\)$/);
    match(said[2]!, /^ops\/policies\.json is read by \.github\/workflows\/preview\.yml, which checks this change$/);
    match(said[3]!, /^package\.json .*edited `overrides` \(slipway\)$/);
  });
});
