import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { registerCommentCommands } from "../../../tools/cli/commands/comment";
import { ForgeServer } from "../forge/forge-server";
import { difference } from "../../../tools/sources/difference/difference";
import { receipt } from "../operate/receipts";
import { plan, resource } from "../plans";
import { review } from "../readers/comment/situations";

describe("slipway comment", () => {
  let folder: string;
  let printed: string;
  let server: ForgeServer;
  const environment = { ...process.env };
  const write = process.stdout.write;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-comment-"));
    printed = "";
    server = new ForgeServer();
    for (const name of Object.keys(process.env)) if (/^(GITHUB|CI|GITLAB)_/.test(name)) delete process.env[name];
    Object.assign(process.env, {
      GITHUB_API_URL: await server.start(),
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_TOKEN: "t",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_RUN_ID: "77",
      GITHUB_RUN_NUMBER: "12",
      GITHUB_RUN_ATTEMPT: "3",
    });
  });
  afterEach(() => {
    server.stop();
    rmSync(folder, { recursive: true });
    process.env = { ...environment };
  });

  function file(name: string, content: unknown): string {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  async function slipway(...args: string[]): Promise<void> {
    const program = new Command().exitOverride();
    registerCommentCommands(program);
    process.stdout.write = (text: string) => (printed += text) !== "";
    try {
      await program.parseAsync(["node", "slipway", "comment", ...args]);
    } finally {
      process.stdout.write = write;
    }
  }

  it("prints and writes nothing with --dry-run", async () => {
    await slipway(file("r.json", [review({})]), "--dry-run");
    assert.match(printed, /### Slipway: `prod`/);
    assert.deepEqual(server.requests, []);
  });

  it("takes number, attempt and address of the run from the pipeline, never from the file", async () => {
    const run = {
      number: 999_999,
      attempt: 9,
      commit: "a".repeat(40),
      at: "2026-01-01T00:00:00Z",
      url: "https://evil.example",
    };
    await slipway(file("r.json", review({ run })), "--dry-run");
    assert.match(printed, /^<!-- slipway:comment key=preview run=12\.3 -->/);
    assert.match(printed, /\[run 12, attempt 3\]\(https:\/\/github\.com\/acme\/shop\/actions\/runs\/77\)/);
    assert.doesNotMatch(printed, /evil/);
  });

  it("puts all stacks into one comment, or one each", async () => {
    const both = file("r.json", [review({}), review({ stack: "staging" })]);
    await slipway(both, "--dry-run");
    assert.equal(printed.match(/<!-- slipway/g)?.length, 1);
    printed = "";
    await slipway(both, "--dry-run", "--each");
    assert.deepEqual(printed.match(/key=\S+/g), ["key=preview%2Fprod", "key=preview%2Fstaging"]);
  });

  it("puts receipts under the comment of the pull request that a commit came with", async () => {
    const path = file("receipt.json", receipt);
    const commit = "c".repeat(40);
    await slipway("--receipt", path, "--merged", commit);
    assert.match(printed, /came with no pull request/);
    assert.equal(server.comments.length, 0);
    server.merged = 41;
    await slipway("--receipt", path, "--merged", commit);
    assert.match(server.comments[0]!.body, /^<!-- slipway:comment key=preview run=0\.1 -->[^]*`prod` released/);
    assert.match(server.comments[0]!.body, /\[log\]\(https:\/\/github\.com\/acme\/shop\/actions\/runs\/77\)/);
    assert.ok(server.requests.includes("POST /repos/acme/shop/issues/41/comments"), server.requests.join("\n"));
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [
        { ...receipt, version: 2 },
        /no\.json is no receipt: version: Invalid input: expected 1\nWrite one with: slipway/,
      ],
      [{ ...receipt, image: { reference: 7 } }, /is no receipt: image\.reference: /],
      [{ ...receipt, startedAt: "1 --> <!--" }, /is no receipt: startedAt: /],
      [null, /is no receipt: Invalid input: expected object/],
      [[receipt], /is no receipt: Invalid input: expected object/],
    ];
    for (const [content, why] of wrong)
      await assert.rejects(slipway("--receipt", file("no.json", content)), { name: "RunError", message: why });
    await assert.rejects(slipway("--receipt", join(folder, "none.json")), /is no receipt: ENOENT/);
    await assert.rejects(slipway(), /one of the two/);
  });

  it("lets a later file of the same stack count", async () => {
    const live = review({ reproduce: "npx slipway diff prod --engine" });
    await slipway(file("a.json", [review({}), review({ stack: "local" })]), file("b.json", live), "--dry-run");
    assert.equal(printed.match(/### Slipway/g)?.length, 2);
    assert.match(printed, /--engine/);
  });

  it("judges the plan again by the rules that lie here, whatever the review says of itself", async () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(join(folder, "Pulumi.prod.yaml"), "config:\n  aws:region: eu-central-1\n");
    const open = plan(resource("aws:rds/instance:Instance", "db", { publiclyAccessible: true }));
    const policies = { verdicts: [], counts: { pass: 60, fail: 0, notEvaluated: 0, exempt: 0, remediated: 0 } };
    const lied = review({ plan: open, policies: { ...policies, exemptions: [], remediations: [], rulesRun: 60 } });
    await slipway(file("r.json", lied), "--dry-run", "--rejudge", "--cwd", folder);
    assert.match(printed, /Relaxed by this change/);
    assert.match(printed, /`rds-private` \| by the base&#39;s rules|`rds-private` \| by the base's rules/);
    printed = "";
    await slipway(file("r.json", lied), "--dry-run");
    assert.doesNotMatch(printed, /Relaxed/);
  });

  it("judges by the guards that lie here and the labels that the forge has", async () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const guards = "config:\n  aws:region: eu-central-1\n  slipway:guards:\n    dataLossLabel: loses-data\n";
    writeFileSync(join(folder, "Pulumi.prod.yaml"), guards);
    server.head = "a".repeat(40);
    const args = ["--pull-request", "7", "--head", server.head, "--rejudge", "--status", "--fail-on", "guards"];
    const bucket = resource("aws:s3/bucket:Bucket", "files");
    const path = file("r.json", review({ plan: difference(plan(bucket), plan()), guards: [] }));
    await slipway(path, ...args, "--cwd", folder);
    assert.match(server.comments[0]!.body, /The label `loses-data` lifts `slipway:guards\.dataLossLabel`/);
    server.labels = ["loses-data"];
    await slipway(path, ...args, "--cwd", folder, "--run", "13.1");
    assert.doesNotMatch(server.comments[0]!.body, /loses-data/);
    assert.deepEqual(
      server.statuses.map(({ state, context, description }) => [state, context, description]),
      [
        ["failure", "slipway/preview", "prod: guards"],
        ["success", "slipway/preview", "Nothing that this repository stops a change for."],
      ],
    );
    assert.equal(server.statuses[0]!["commit"], server.head);
  });

  it("says in the comment too that a review cannot be read, so that no earlier verdict stays", async () => {
    writeFileSync(join(folder, "cut.json"), '[{"version":1,"st');
    for (const [path, why] of [
      [join(folder, "cut.json"), /cannot be read as a review/],
      [file("empty.json", []), /is no review of this version/],
    ] as const) {
      printed = "";
      await slipway(path, "--dry-run", "--if-missing", "The preview failed.");
      assert.match(printed, /\[!CAUTION\][^]*The preview failed\./);
      assert.match(printed, why);
    }
  });

  it("says which stacks the branch kept quiet about", async () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    for (const stack of ["prod", "staging"]) writeFileSync(join(folder, `Pulumi.${stack}.yaml`), "config: {}\n");
    await slipway(file("r.json", [review({ stack: "staging" })]), "--dry-run", "--rejudge", "--cwd", folder);
    assert.match(printed, /### Slipway: `prod` has no preview/);
    assert.match(printed, /says nothing of this stack/);
  });

  it("says of a broken review what is wrong, instead of a trace", async () => {
    const broken = join(folder, "broken.json");
    for (const text of ['{"version":1', "null", "[null]", '{"version":1,"stack":"prod","plan":{"resources":[null]}}']) {
      writeFileSync(broken, text);
      await assert.rejects(slipway(broken, "--dry-run"), { name: "RunError", message: /broken\.json/ });
    }
  });

  it("writes to the pull request that is named", async () => {
    await slipway(file("r.json", review({})), "--pull-request", "7");
    assert.deepEqual(server.requests.slice(0, 2), [
      "GET /repos/acme/shop/issues/7/comments",
      "POST /repos/acme/shop/issues/7/comments",
    ]);
    assert.match(printed, /^Created https:\/\/forge\/c\/1/);
  });

  it("writes nothing when the pull request has a newer commit than the one that was previewed", async () => {
    server.head = "b".repeat(40);
    await slipway(file("r.json", review({})), "--pull-request", "7", "--head", "a".repeat(40));
    assert.deepEqual(server.comments, []);
    assert.match(printed, /newer commits/);
  });

  it("says that the preview failed when its file is not there", async () => {
    await slipway(join(folder, "preview.json"), "--dry-run", "--if-missing", "The log says why.");
    assert.match(printed, /`preview` has no preview/);
    assert.match(printed, /The log says why\./);
  });

  it("says what is missing", async () => {
    const path = file("r.json", review({}));
    await assert.rejects(slipway(path), /--pull-request/);
    delete process.env["GITHUB_TOKEN"];
    await assert.rejects(slipway(path, "--pull-request", "7"), /GITHUB_TOKEN/);
    await assert.rejects(slipway(file("x.json", { version: 2 }), "--dry-run"), /no review of this version/);
  });
});
