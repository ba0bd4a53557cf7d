import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Command } from "commander";
import { catalogue } from "../../../tools/cli/catalogue";
import { commands } from "../../../tools/cli/main";
import { projectDir } from "../../project";

const launcher = join(projectDir, "tools", "slipway.cjs");
const slipway = (args: readonly string[]) => spawnSync(process.execPath, [launcher, ...args], { encoding: "utf8" });

describe("slipway --help", () => {
  it("shows of each command what the command says itself, in the imperative", () => {
    const program = new Command();
    for (const load of new Set(Object.values(commands))) load()(program);
    deepEqual(
      program.commands.map((command) => [command.name(), command.usage(), command.description()]),
      catalogue,
    );
    deepEqual(
      Object.keys(commands),
      catalogue.map(([name]) => name),
    );
  });

  it("loads neither Pulumi's SDK nor the schema for it", () => {
    const report = `process.on("exit", () => console.log(Object.keys(require.cache).join("\\n")))`;
    const { stdout, status } = slipway(["--help"]);
    equal(status, 0);
    match(stdout, /^ {2}preview \[options\] \[stack\.\.\.\] /m);
    const loaded = spawnSync(
      process.execPath,
      ["-e", `${report}; process.argv.splice(1, 0, "slipway"); require(${JSON.stringify(launcher)})`, "--", "--help"],
      { encoding: "utf8" },
    ).stdout;
    ok(loaded.includes("catalogue.ts"), loaded);
    deepEqual(loaded.match(/node_modules\/(@pulumi|zod|yaml|google-protobuf|@octokit)\S*/g), null);
  });

  it("of one command, is the command's own", () => {
    for (const args of [
      ["cost", "--help"],
      ["help", "cost"],
    ])
      match(slipway(args).stdout, /--lines +show every line/);
  });

  it("suggests the command that was meant", () => {
    const { status, stderr } = slipway(["previw"]);
    equal(status, 1);
    match(stderr, /unknown command 'previw'[\s\S]*Did you mean preview\?/);
  });
});

describe("a reader that leaves before the end", () => {
  for (const args of ["--help", "host prepare --help", "policy list", "preview local"])
    it(`gets no trace of slipway ${args}`, () => {
      const { stdout, stderr } = spawnSync(
        "bash",
        [
          "-c",
          `(exec "$@"; ) | true; echo "\${PIPESTATUS[0]}"`,
          "bash",
          process.execPath,
          launcher,
          ...args.split(" "),
        ],
        { encoding: "utf8", cwd: projectDir },
      );
      equal(stderr, "");
      match(stdout, /^141\n$/);
    });
});
