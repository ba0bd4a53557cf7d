import { equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { projectDir } from "../../project";

const page = readFileSync(join(projectDir, "docs/pull-requests.md"), "utf8");

/** What stands for a word that the page leaves to its reader. */
const given: readonly (readonly [string, string])[] = [
  ["<ref>", "main"],
  ["FILE", "recorded.ndjson"],
  ["DIR", '"$PWD"'],
  ["origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"],
];

/** Of a deployment and what it leaves behind: test/tools/cli/comment.test.ts and the suites of a release run them. */
const afterDeployment = /^(release|comment --receipt)\b/;

/** Every other command of Slipway on the page, in code and between the lines, each once. */
function commands(): string[] {
  const found = [...page.matchAll(/(?:npx )?slipway [a-z][^`\n]*/g)].flatMap(([text]) => text.split("; "));
  const plain = found.map((text) =>
    given
      .reduce((line, [word, value]) => line.replace(word, value), text.replace(/^(npx )?slipway /, ""))
      .replace(/ +(#|\|\|) .*/, "")
      .replace(/\.$/, "")
      .trim(),
  );
  return [...new Set(plain.map((text) => text.replace(/^npx slipway /, "")))].filter(
    (text) => !afterDeployment.test(text),
  );
}

describe("the commands in docs/pull-requests.md", function () {
  this.timeout(120_000);
  let folder: string;

  const run = (program: string, args: readonly string[], cwd = folder) =>
    spawnSync(program, args, {
      cwd,
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
        NO_COLOR: "1",
        FORCE_COLOR: undefined,
      },
    });
  const git = (...args: string[]) => {
    const { status, stderr } = run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
    equal(status, 0, stderr);
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-page-"));
    for (const name of ["bin", "infra"]) mkdirSync(join(folder, name));
    symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
    const fixture = join(projectDir, "test/tools/sources/engine/fixtures/yaml-program.ndjson");
    for (const name of ["recorded.ndjson", "events.ndjson"]) cpSync(fixture, join(folder, name));
    // Of the stack that is asked for: `pulumi preview -s prod --json`.
    writeFileSync(
      join(folder, "bin/pulumi"),
      `#!/bin/sh\nwhile [ $# -gt 0 ]; do case "$1" in -s|--stack) s=$2 ;; esac; shift; done\nsed "s/:prod::/:$s::/g" ${fixture}\n`,
      { mode: 0o755 },
    );
    writeFileSync(join(folder, "Pulumi.yaml"), "name: orders\nruntime: nodejs\n");
    for (const stack of ["prod", "dev"])
      writeFileSync(
        join(folder, `Pulumi.${stack}.yaml`),
        "config:\n  aws:region: eu-central-1\n  slipway:policies: { level: advisory }\n",
      );
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(join(folder, ".gitignore"), "node_modules\nbin\n*.ndjson\n");
    const queue = (seconds: number) =>
      `const aws = require("@pulumi/aws");\nnew aws.sqs.Queue("jobs", { messageRetentionSeconds: ${seconds} });\n`;
    writeFileSync(join(folder, "index.js"), queue(3600));
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-qm", "base");
    git("checkout", "-qb", "branch");
    writeFileSync(join(folder, "index.js"), queue(7200));
    git("commit", "-qam", "branch");
    writeFileSync(join(folder, "review.json"), "");
    equal(slipway("diff", "prod", "--review", "review.json").status, 0);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function slipway(...args: string[]) {
    return run(process.execPath, [join(projectDir, "tools/slipway.cjs"), ...args]);
  }

  it("are these", () => ok(commands().length >= 14, commands().join("\n")));

  for (const text of commands()) {
    it(`slipway ${text}`, () => {
      if (text.startsWith("init ")) {
        const { status, stderr, stdout } = slipway(...text.split(" "), "--target", "docker", "--image", "acme/shop:1");
        equal(status, 0, stdout + stderr);
        return ok(existsSync(join(folder, ".github/workflows/slipway-preview.yml")));
      }
      let line = text;
      // Of one stack, and to be read here.
      if (/--events/.test(line)) {
        if (!/^diff \w/.test(line)) line = line.replace("diff", "diff prod");
        if (line.includes(" dev ")) writeFileSync(join(folder, "events.ndjson"), run("pulumi", ["-s", "dev"]).stdout);
      }
      if (line.startsWith("comment")) line = `${line.includes("review.json") ? line : `${line} review.json`} --dry-run`;
      const { status, stdout, stderr } = run("bash", [
        "-c",
        `${JSON.stringify(process.execPath)} ${JSON.stringify(join(projectDir, "tools/slipway.cjs"))} ${line}`,
      ]);
      ok(status === 0, `${status}: ${stdout}${stderr}`);
      match(stdout, line.startsWith("comment") ? /^<!-- slipway:comment/ : /jobs|orders|prod/);
    });
  }

  it("the recording of events, as the page writes it", () => {
    const [record = ""] = /PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview .*/.exec(page) ?? [];
    const { status } = run("bash", ["-c", record.replace("events.ndjson", "again.ndjson")]);
    equal(status, 0);
    equal(slipway("diff", "prod", "--events", "again.ndjson").status, 0);
  });
});
