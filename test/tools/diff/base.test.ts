import { strict as assert } from "node:assert";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BaseError, checkOutBase } from "../../../tools/diff/base";

/** A repository whose command line prints what stands in its file: the base's plan, without Pulumi. */
describe("the base", () => {
  let folder: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith("slipway-base-")).length;
  const worktrees = () => git("worktree", "list").toString().trim().split("\n").length;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-test-")));
    mkdirSync(join(folder, "tools"));
    mkdirSync(join(folder, "node_modules"));
    write(
      "tools/slipway.cjs",
      'const fs = require("fs"); process.stdout.write(fs.readFileSync("plan.json")); process.exitCode = fs.existsSync("status") ? Number(fs.readFileSync("status")) : 0;',
    );
    write("package-lock.json", "{}");
    write("Pulumi.prod.yaml", "");
    write("plan.json", '{"stack":"prod","resources":["old"]}');
    write(".gitignore", "node_modules\n");
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-qm", "base");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("previews the commit, not the working tree, and leaves nothing behind", async () => {
    const before = leftovers();
    write("plan.json", '{"stack":"prod","resources":["new"]}');
    const base = await checkOutBase(folder, "main");
    assert.deepEqual(await base.preview("prod"), { stack: "prod", resources: ["old"] });
    assert.equal(await base.preview("not-there"), undefined);
    base.remove();
    assert.equal(leftovers(), before);
    assert.equal(worktrees(), 1);
    assert.ok(existsSync(join(folder, "node_modules")), "the link was removed, not what it led to");
  });

  it("compares with where the branch began, not with what others merged since", async () => {
    git("checkout", "-qb", "feature");
    git("checkout", "-q", "main");
    write("plan.json", '{"resources":["of others"]}');
    git("commit", "-qam", "others");
    git("checkout", "-q", "feature");
    const base = await checkOutBase(folder, "main");
    assert.deepEqual(await base.preview("prod"), { stack: "prod", resources: ["old"] });
    base.remove();
  });

  it("takes a plan whose policies failed", async () => {
    write("status", "2");
    git("add", ".");
    git("commit", "-qm", "failing policy");
    const base = await checkOutBase(folder, "HEAD");
    assert.deepEqual(await base.preview("prod"), { stack: "prod", resources: ["old"] });
    base.remove();
  });

  it("says what to do about a base that is not there", async () => {
    await assert.rejects(checkOutBase(folder, "origin/nowhere"), (error: Error) => {
      assert.ok(error instanceof BaseError);
      assert.match(error.message, /git fetch origin/);
      return true;
    });
    await assert.rejects(checkOutBase(folder, "--help"), BaseError);
  });

  it("cleans up when it is interrupted", async () => {
    const before = leftovers();
    write("tools/slipway.cjs", "setTimeout(() => {}, 60_000)");
    git("commit", "-qam", "slow");
    const script = `const { checkOutBase } = require("./tools/diff/base"); checkOutBase(${JSON.stringify(folder)}, "main").then((base) => { console.log("ready"); return base.preview("prod"); });`;
    const child = spawn(process.execPath, ["-r", "./tools/typescript.cjs", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    assert.equal(leftovers(), before + 1);
    const ended = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
    child.kill("SIGINT");
    assert.equal(await ended, "SIGINT");
    assert.equal(leftovers(), before);
    assert.equal(worktrees(), 1);
  });
});
