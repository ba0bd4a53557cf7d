import { strict as assert } from "node:assert";
import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BaseError, checkOutBase } from "../../../tools/sources/base";

/** A repository whose command line prints what stands in its file: the base's plan, without Pulumi. */
describe("the base", () => {
  let folder: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const kept = () => readdirSync(join(folder, "node_modules/.cache/slipway/base"));

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

  it("says in git's own words why a folder is no repository, or not one that may be read", async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), "slipway-test-")));
    await assert.rejects(checkOutBase(outside, "main"), (error: Error) => {
      assert.ok(error instanceof BaseError);
      assert.match(error.message, /^The base main cannot be looked up: fatal: not a git repository/);
      return true;
    });
    // Git takes nobody's word for it that this is somebody else's, but for a variable of its own tests.
    process.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1";
    try {
      await assert.rejects(checkOutBase(folder, "main"), /detected dubious ownership[^]*safe\.directory/);
    } finally {
      delete process.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"];
    }
    rmSync(outside, { recursive: true });
  });

  it("is found from a folder below the project, and by a link to it", async () => {
    mkdirSync(join(folder, "deep"));
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    const base = await checkOutBase(join(folder, "deep"), "main");
    assert.deepEqual(await base.preview("acme/shop/prod"), { stack: "prod", resources: ["old"] });
    base.close();
  });

  it("previews the commit, not the working tree, which stays as it is", async () => {
    write("plan.json", '{"stack":"prod","resources":["new"]}');
    const base = await checkOutBase(folder, "main");
    assert.deepEqual(await base.preview("prod"), { stack: "prod", resources: ["old"] });
    assert.equal(await base.preview("not-there"), undefined);
    base.close();
    assert.equal(git("status", "--porcelain").toString(), " M plan.json\n");
    assert.equal(git("worktree", "list").toString().trim().split("\n").length, 1);
    assert.deepEqual(kept(), [base.commit]);
  });

  it("takes a repository whose lists of files are longer than a megabyte", async () => {
    const deep = `${"long".repeat(50)}/`.repeat(10);
    mkdirSync(join(folder, deep), { recursive: true });
    for (let index = 0; index < 600; index++) write(`${deep}${index}`, "");
    git("add", ".");
    git("commit", "-qm", "many");
    for (let index = 0; index < 600; index++) write(`${deep}${index}`, "edited");
    write("fresh", "");
    const base = await checkOutBase(folder, "main");
    assert.equal(base.changedFiles.length, 601);
    assert.ok(base.changedFiles.includes("fresh") && base.dirty);
    base.close();
  });

  it("checks a commit out once, and keeps the last three", async () => {
    const base = await checkOutBase(folder, "main");
    writeFileSync(join(base.projectDir, "plan.json"), '{"kept":true}');
    assert.deepEqual(await (await checkOutBase(folder, "main")).preview("prod"), { kept: true });
    for (const number of [1, 2, 3]) {
      git("commit", "-q", "--allow-empty", "-m", `${number}`);
      (await checkOutBase(folder, "main")).close();
    }
    assert.equal(kept().length, 3);
    assert.ok(!kept().includes(base.commit));
    assert.ok(existsSync(join(folder, "node_modules")), "the link was removed, not what it led to");
  });

  it("has one whole checkout when two ask for it at once", async () => {
    const bases = await Promise.all([checkOutBase(folder, "main"), checkOutBase(folder, "main")]);
    for (const base of bases) assert.deepEqual(await base.preview("prod"), { stack: "prod", resources: ["old"] });
    assert.equal(kept().length, 1);
  });

  it("shares dependencies while the lock files are the same, and installs the base's own when they are not", async () => {
    const lock = (version: string) =>
      JSON.stringify({ name: "x", version, lockfileVersion: 3, packages: { "": { name: "x", version } } });
    write("package.json", JSON.stringify({ name: "x", version: "1.0.0" }));
    write("package-lock.json", lock("1.0.0"));
    git("add", ".");
    git("commit", "-qm", "locked");
    const modules = join((await checkOutBase(folder, "main")).projectDir, "node_modules");
    assert.ok(lstatSync(modules).isSymbolicLink());
    write("package-lock.json", lock("1.0.1"));
    await checkOutBase(folder, "main");
    assert.equal(lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() ?? false, false);
    assert.ok(existsSync(join(folder, "node_modules")));
    write("package-lock.json", lock("1.0.0"));
    await checkOutBase(folder, "main");
    assert.ok(lstatSync(modules).isSymbolicLink());
  });

  it("compares with where the branch began, not with what others merged since", async () => {
    git("checkout", "-qb", "feature");
    git("checkout", "-q", "main");
    write("plan.json", '{"resources":["of others"]}');
    git("commit", "-qam", "others");
    git("checkout", "-q", "feature");
    const base = await checkOutBase(folder, "main");
    assert.deepEqual(await base.preview("prod"), { stack: "prod", resources: ["old"] });
    base.close();
  });

  it("takes a plan whose policies failed", async () => {
    write("status", "2");
    git("add", ".");
    git("commit", "-qm", "failing policy");
    const base = await checkOutBase(folder, "HEAD");
    assert.deepEqual(await base.preview("prod"), { stack: "prod", resources: ["old"] });
    base.close();
  });

  it("says what to do about a base that is not there", async () => {
    await assert.rejects(checkOutBase(folder, "origin/nowhere"), (error: Error) => {
      assert.ok(error instanceof BaseError);
      assert.match(error.message, /git fetch origin/);
      return true;
    });
    await assert.rejects(checkOutBase(folder, "--help"), BaseError);
  });

  it("has the submodules of that commit, those that are here", async () => {
    const library = realpathSync(mkdtempSync(join(tmpdir(), "slipway-test-")));
    const within = (...args: string[]) =>
      execFileSync("git", ["-C", library, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
        stdio: "pipe",
      });
    within("init", "-q", "-b", "main");
    writeFileSync(join(library, "size.js"), "module.exports = 1;");
    within("add", ".");
    within("commit", "-qm", "library");
    for (const path of ["lib one", "gone"])
      git("-c", "protocol.file.allow=always", "submodule", "add", "-q", library, path);
    git("commit", "-qm", "with submodules");
    git("submodule", "--quiet", "deinit", "-f", "gone");
    git("checkout", "-qb", "feature");
    writeFileSync(join(folder, "lib one/size.js"), "module.exports = 2;");
    const base = await checkOutBase(folder, "main");
    assert.equal(readFileSync(join(base.projectDir, "lib one/size.js"), "utf8"), "module.exports = 1;");
    assert.deepEqual(readdirSync(join(base.projectDir, "gone")), []);
    base.close();
    rmSync(library, { recursive: true, force: true });
  });

  it("says of a repository without a commit that it has none", async () => {
    rmSync(join(folder, ".git"), { recursive: true });
    git("init", "-q", "-b", "main");
    await assert.rejects(checkOutBase(folder, "main"), /^RunError: This repository has no commit yet/);
  });

  it("ends the base's preview when it is interrupted", async () => {
    write(
      "tools/slipway.cjs",
      'let beat = 0; setInterval(() => require("fs").writeFileSync("beat", String(beat++)), 10);',
    );
    git("commit", "-qam", "slow");
    const script = `const { checkOutBase } = require("./tools/sources/base"); checkOutBase(${JSON.stringify(folder)}, "main").then((base) => { console.log(base.projectDir); return base.preview("prod"); });`;
    const child = spawn(process.execPath, ["-r", "./tools/typescript.cjs", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const there = String(await new Promise((resolve) => child.stdout.once("data", resolve))).trim();
    const beat = () => readFileSync(join(there, "beat"), "utf8");
    while (!existsSync(join(there, "beat"))) await sleep(20);
    const ended = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
    child.kill("SIGINT");
    assert.equal(await ended, "SIGINT");
    await sleep(100);
    const last = beat();
    await sleep(100);
    assert.equal(beat(), last);
    assert.equal(kept().length, 1);
  });
});
