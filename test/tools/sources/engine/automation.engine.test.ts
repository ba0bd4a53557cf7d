import { equal, match, ok } from "node:assert/strict";
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as aws from "@pulumi/aws";
import { type EngineEvent, LocalWorkspace } from "@pulumi/pulumi/automation";
import { engineVariables, missing, needs, projectDir, slipway as slipwayIn } from "../../../project";

/** A program that lies in no project: somebody's own tool runs it by the Automation API (docs/pull-requests.md). */
describe("a program that the Automation API runs", function () {
  this.timeout(300_000);
  let folder: string;

  before(function () {
    needs(this, missing("pulumi", "pulumi-language-nodejs"));
    folder = mkdtempSync(join(tmpdir(), "slipway-automation-"));
    mkdirSync(join(folder, "state"));
    mkdirSync(join(folder, "bin"));
    symlinkSync(join(projectDir, "test/engine/stand-ins/pulumi-resource-aws"), join(folder, "bin/pulumi-resource-aws"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const slipway = (...args: string[]) => slipwayIn(folder, ...args);

  it("gets its review and its comment from the events that it is handed", async () => {
    let retention = 3600;
    const program = async () => {
      new aws.sqs.Queue("jobs", { messageRetentionSeconds: retention });
      new aws.rds.Instance("database", { instanceClass: "db.t4g.micro", publiclyAccessible: retention > 3600 });
    };
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "dev", projectName: "tool", program },
      {
        envVars: {
          ...engineVariables(join(folder, "state")),
          PATH: [join(folder, "bin"), join(projectDir, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
        },
      },
    );
    await stack.setConfig("aws:region", { value: "eu-central-1" });
    await stack.setConfig("slipway:policies", { value: '{"rules":{"rds-multi-az":{"level":"disabled"}}}' });
    await stack.setConfig("tool:token", { value: "hunter2", secret: true });
    await stack.up();
    retention = 7200;
    const events: EngineEvent[] = [];
    await stack.preview({ onEvent: (event) => void events.push(event) });
    writeFileSync(join(folder, "events.ndjson"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));

    const { status, stdout } = slipway("diff", "dev", "--events", "events.ndjson", "--review", "review.json");
    equal(status, 2);
    match(stdout, /^dev {2}changes 2 /);
    match(stdout, /messageRetentionSeconds {2}3600 → 7200/);
    match(stdout, /rds-private {2}database rds Instance/);
    ok(!stdout.includes("rds-multi-az"), "the configuration that the engine was told counts");
    const { stdout: comment } = slipway("comment", "review.json", "--dry-run");
    match(comment, /^### Slipway: `dev` changes 2/m);
    ok(!comment.includes("hunter2"));
    match(slipway("cost", "dev", "--events", "events.ndjson").stdout, /a month in eu-central-1/);
    match(slipway("diff", "prod", "--events", "events.ndjson").stderr, /events of the stack dev of tool/);
  });
});
