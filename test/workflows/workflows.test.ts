import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const folder = join(__dirname, "..", "..", ".github", "workflows");
const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly if?: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

function workflow(file: string): Workflow {
  return parse(readFileSync(join(folder, file), "utf8")) as Workflow;
}

describe("workflows", () => {
  it("pass actionlint", function () {
    const { status, stdout, error } = spawnSync(
      "actionlint",
      ["-no-color", ...files.map((file) => join(folder, file))],
      { encoding: "utf8" },
    );
    if (error) return this.skip();
    assert.equal(status, 0, stdout);
  });

  it("pass zizmor, pedantic and all", function () {
    const args = ["--offline", "--persona=auditor", "--no-progress", folder];
    const { status, stdout, error } = spawnSync("zizmor", args, { encoding: "utf8" });
    if (error) return this.skip();
    assert.equal(status, 0, stdout);
  });

  for (const file of files) {
    describe(file, () => {
      const { permissions, jobs, on } = workflow(file);
      const steps = Object.values(jobs).flatMap((job) => job.steps);

      it("grants nothing by default, and each job by name", () => {
        assert.deepEqual(permissions, {});
        for (const job of Object.values(jobs)) assert.notEqual(job.permissions, undefined);
      });

      it("pins every action by its full commit", () => {
        for (const { uses } of steps) if (uses) assert.match(uses, /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/);
        const named = readFileSync(join(folder, file), "utf8").match(/\buses: .*/g) ?? [];
        for (const line of named) assert.match(line, /# v\d+\.\d+\.\d+$/, "the comment names the release");
      });

      it("puts no expression into a script, where a branch's name could become a command", () => {
        for (const { run } of steps) if (run) assert.doesNotMatch(run, /\$\{\{/);
      });

      it("keeps the token out of the checkout", () => {
        for (const { uses, with: inputs } of steps) {
          if (uses?.startsWith("actions/checkout@")) assert.equal(inputs?.["persist-credentials"], false);
        }
      });

      it("runs no install script beside a role or a state", () => {
        for (const job of Object.values(jobs)) {
          const install = job.steps.findIndex(({ run }) => run === "npm ci");
          const role = job.steps.findIndex(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials"));
          if (role >= 0) assert.ok(install < role);
          assert.deepEqual(
            Object.keys(job.env ?? {}).filter((name) => /TOKEN|PASSPHRASE|KEY|KUBECONFIG/.test(name)),
            [],
          );
        }
      });

      it("ends by itself", () => {
        for (const job of Object.values(jobs)) assert.ok((job["timeout-minutes"] ?? Infinity) <= 90);
      });

      it("never runs a pull request's code with rights of the repository", () => {
        assert.ok(!("pull_request_target" in on));
        if (!("pull_request" in on)) return;
        for (const job of Object.values(jobs)) {
          for (const [scope, access] of Object.entries(job.permissions ?? {})) {
            if (scope !== "id-token") assert.equal(access, "read", `${scope}: ${access}`);
          }
          if (job.permissions?.["id-token"]) assert.match(job.if ?? "", /head\.repo\.full_name == github\.repository/);
        }
      });
    });
  }

  it("deploy only into environments, which can ask for approval", () => {
    const { receipt, ...others } = workflow("deploy.yml").jobs;
    for (const job of Object.values(others)) assert.ok(job.environment);
    assert.deepEqual(receipt?.permissions, { contents: "read", "pull-requests": "write" });
    assert.doesNotMatch(JSON.stringify(receipt), /secrets\.|AWS_|PULUMI_/);
  });
});
