import { strict as assert } from "node:assert";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProgramError } from "../../../../tools/sources/in-process/failure";
import { previewStack } from "../../../../tools/sources/in-process/in-process";

/** Somebody's program that throws, wherever a program can. */
describe("a program that fails", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-fails-")));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: foreign\nruntime: nodejs\n");
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function failure(program: string, file = "index.ts") {
    writeFileSync(join(folder, file), program);
    const error: unknown = await previewStack({ projectDir: folder, stack: "dev" }).then(
      () => assert.fail("it did not fail"),
      (error: unknown) => error,
    );
    assert.ok(error instanceof ProgramError, String(error));
    return error.failure;
  }

  const head = 'import * as pulumi from "@pulumi/pulumi";\n';
  for (const [where, program, line] of [
    ["as it loads", `${head}throw new TypeError("boom");`, 2],
    ["in a function that it calls", `${head}function stack() {\n  throw new TypeError("boom");\n}\nstack();`, 3],
    [
      "in an async function",
      `${head}export = async () => {\n  await Promise.resolve();\n  throw new TypeError("boom");\n};`,
      4,
    ],
    ["in an apply", `${head}pulumi.output(1).apply(() => {\n  throw new TypeError("boom");\n});`, 3],
    [
      "in a timer",
      `${head}setTimeout(() => {\n  throw new TypeError("boom");\n}, 1);\nexport = () => new Promise((done) => setTimeout(done, 100));`,
      3,
    ],
    [
      "in a promise that nobody waits for",
      `${head}void Promise.resolve().then(() => {\n  throw new TypeError("boom");\n});`,
      3,
    ],
  ] as const) {
    it(`${where}: the error, and its place in its author's code`, async () => {
      const { kind, message, place } = await failure(program);
      assert.equal(kind, "program");
      assert.match(message, /TypeError: boom/);
      assert.deepEqual(place, { file: "index.ts", line });
      assert.match(message, new RegExp(`index\\.ts:${line}   throw new TypeError`));
      assert.ok(!message.includes(folder), "no path of this machine");
      assert.ok(!message.includes("node_modules"), "no frame of others");
    });
  }

  it("by ending the process: the preview goes on to say so", async () => {
    const before = process.exitCode;
    assert.match((await failure('console.log("printed");\nprocess.exit(3);')).message, /process\.exit\(3\)/);
    assert.equal(process.exitCode, before);
  });

  it("as Pulumi programs say what is wrong with their configuration", async () => {
    const { message } = await failure(`${head}new pulumi.Config().require("size");`);
    assert.match(message, /Missing required configuration variable 'foreign:size'/);
  });

  it("by what it logs as an error", async () => {
    assert.match((await failure(`${head}void pulumi.log.error("no zone");`)).message, /^no zone$/);
  });

  it("because a file is missing", async () => {
    assert.match((await failure('import "./missing";')).message, /Cannot find module '\.\/missing'/);
  });

  it("because there is none", async () => {
    const error = await previewStack({ projectDir: folder, stack: "dev" }).catch((error: unknown) => error as Error);
    assert.match((error as Error).message, /There is no program/);
  });

  it("leaves the next stack's preview alone", async () => {
    await failure(`${head}throw new Error("boom");`);
    writeFileSync(join(folder, "index.ts"), `${head}export const answer = 42;`);
    assert.equal((await previewStack({ projectDir: folder, stack: "dev" })).outputs["answer"], 42);
  });
});
