import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProgramError } from "../../../../tools/sources/in-process/failure";
import { previewStack } from "../../../../tools/sources/in-process/in-process";
import { projectDir } from "../../../project";

/** Somebody's program that throws, wherever a program can. */
describe("a program that fails", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-fails-")));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: foreign\nruntime: nodejs\n");
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function preview(program: string, file = "index.ts", options: { readonly busySeconds?: number } = {}) {
    writeFileSync(join(folder, file), program);
    return previewStack({ projectDir: folder, stack: "dev", ...options });
  }

  async function failure(...of: Parameters<typeof preview>) {
    const error: unknown = await preview(...of).then(
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
    assert.match((await failure("process.reallyExit(0);")).message, /process\.exit\(0\)/);
    assert.match((await failure("try { process.abort(); } catch {}")).message, /process\.abort\(\)/);
    assert.equal(process.exitCode, before);
  });

  it("in a transform that it registers", async () => {
    const transform = 'pulumi.runtime.registerResourceTransform(async () => { throw new TypeError("no tags"); });';
    const { message, place } = await failure(`${head}${transform}\nnew pulumi.ComponentResource("a:b:C", "c");`);
    assert.match(message, /^TypeError: no tags\n {2}index\.ts:2 /);
    assert.deepEqual(place, { file: "index.ts", line: 2 });
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

  for (const [what, program, says] of [
    ["an object", 'throw { code: "E1", message: "no quota" };', /code: 'E1', message: 'no quota'/],
    ["a circle", "const circle: any = {};\ncircle.again = circle;\nthrow circle;", /Circular/],
    ["a BigInt", "throw 10n;", /threw 10n/],
    ["null", "throw null;", /threw null/],
    ["a long text", 'throw "x".repeat(100_000);', /^The program threw '?x{100}.{0,1100}$/s],
    [
      "an error whose message cannot be read",
      'const error = new Error("x");\nObject.defineProperty(error, "message", { get() { throw new Error("never"); } });\nthrow error;',
      /^no message/,
    ],
    ["an error without a message", "throw Object.assign(new Error(), { message: undefined });", /^no message/],
    ["an error without a stack", 'throw Object.assign(new Error("no place"), { stack: 3 });', /^no place$/],
    [
      "an error of another realm",
      'require("node:vm").runInNewContext("throw new RangeError(`far`)");',
      /^RangeError: far/,
    ],
    [
      "an error with a cause",
      'throw new Error("no zone", { cause: new TypeError("no answer", { cause: "the network" }) });',
      /^no zone\n {2}because of: no answer\n {2}because of: 'the network'\n/,
    ],
    ["several errors", 'throw new AggregateError([new Error("one"), new Error("two")], "both");', /one\n.*two/],
  ] as const) {
    it(`by throwing ${what}`, async () => {
      const { message } = await failure(program);
      assert.match(message, says);
      assert.ok(!message.includes("tools/sources"), message);
    });
  }

  it("in a timer that fires when all else is done", async () => {
    assert.match((await failure('setTimeout(() => {\n  throw new Error("late");\n}, 200);')).message, /^late/);
  });

  it("not, for a dynamic provider in an ES module, whose place the SDK asks for", async () => {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "echo.ts"),
      `${head}const provider: pulumi.dynamic.ResourceProvider = { create: async (inputs: object) => ({ id: "1", outs: inputs }) };
       export class Echo extends pulumi.dynamic.Resource {
         constructor(name: string) { super(provider, name, {}); }
       }`,
    );
    const { resources } = await preview('import { Echo } from "./echo.js";\nnew Echo("greeting");');
    assert.deepEqual(resources.map(({ name }) => name).slice(1), ["greeting"]);
  });

  it("in an ES module: its place is the author's", async () => {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const { message, place } = await failure(`interface Zone {\n  name: string;\n}\nthrow new TypeError("boom");`);
    assert.match(message, /^TypeError: boom\n {2}index\.ts:4 /);
    assert.deepEqual(place, { file: "index.ts", line: 4 });
  });

  for (const [what, program, place, says] of [
    ["TypeScript", `${head}const x = ;`, { file: "index.ts", line: 2 }, /^SyntaxError: Expression expected\n {2}index/],
    [
      "a name twice",
      `${head}\nconst x = 1;\nconst x = 2;`,
      { file: "index.ts", line: 4 },
      /^SyntaxError: Identifier 'x'/,
    ],
    [
      "JavaScript",
      "let a = 1;\nconst x = ;\n",
      { file: "index.js", line: 2 },
      /^SyntaxError: Unexpected token ';'\n {2}index/,
    ],
  ] as const) {
    it(`because it cannot be parsed, by ${what}`, async () => {
      const failed = await failure(program, place.file);
      assert.match(failed.message, says);
      assert.deepEqual(failed.place, place);
    });
  }

  for (const [what, specifier, files, says] of [
    [
      "that nothing names",
      "@acme/zones/eu",
      { "package.json": "{}" },
      /\n {2}package\.json does not name @acme\/zones among/,
    ],
    [
      "that is not installed",
      "@acme/zones",
      { "package.json": '{ "dependencies": { "@acme/zones": "1" } }', "pnpm-lock.yaml": "" },
      /names @acme\/zones, which is not installed: pnpm install --frozen-lockfile/,
    ],
    [
      "that has a path for the type checker",
      "@zones/eu",
      { "package.json": "{}", "tsconfig.json": '{ "compilerOptions": { "paths": { "@zones/*": ["zones/*"], } } }' },
      /tsconfig\.json has a path for it/,
    ],
    ["without a package.json", "zones", {}, /There is no package\.json that names zones/],
  ] as const) {
    it(`because of a module ${what}: what to do`, async () => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const { message, place } = await failure(`${head}import * as zones from "${specifier}";\nzones.use();`);
      assert.match(message, says);
      assert.deepEqual(place, { file: "index.ts", line: 2 });
    });
  }

  for (const type of ["commonjs", "module"]) {
    it(`not, where another stack ran before: its files and packages are loaded anew (${type})`, async () => {
      writeFileSync(join(folder, "package.json"), `{ "type": "${type}" }`);
      const own = join(folder, "node_modules", "own-globals");
      mkdirSync(own, { recursive: true });
      writeFileSync(join(own, "index.js"), "String.prototype.shout = function () { return this + '!'; };");
      writeFileSync(join(own, "package.json"), '{ "main": "index.js" }');
      symlinkSync(join(projectDir, "node_modules/@pulumi"), join(folder, "node_modules/@pulumi"));
      writeFileSync(join(folder, "made.ts"), `${head}new pulumi.ComponentResource("a:b:C", "made");`);
      const program = 'import "own-globals";\nimport "./made.js";\nexport const said = ("a" as any).shout?.();';
      for (const run of [1, 2]) {
        const { resources, outputs } = await preview(program);
        assert.deepEqual([resources.map(({ name }) => name).slice(1), run], [["made"], run]);
        if (type === "commonjs") assert.deepEqual([run, outputs], [run, { said: "a!" }]);
        assert.equal("shout" in String.prototype, false);
      }
    });
  }

  it("by a loop that never ends: it is stopped, and named", async function () {
    this.timeout(15_000);
    const { message, place } = await failure("function wait() {\n  for (;;);\n}\nwait();", "index.ts", {
      busySeconds: 1,
    });
    assert.match(message, /kept the process busy for 1 s/);
    assert.deepEqual(place, { file: "index.ts", line: 2 });
    assert.deepEqual((await preview("export const fine = 1;")).outputs, { fine: 1 });
  });

  for (const [what, loop] of [
    ["awaits", "void (async () => {\n  for (;;) await null;\n})();"],
    ["promises", "function again(): void {\n  void Promise.resolve().then(again);\n}\nagain();"],
    ["ticks", "function again() {\n  process.nextTick(again);\n}\nagain();"],
  ] as const) {
    it(`by ${what} without end, which no timer comes between: they are stopped, and named`, async function () {
      this.timeout(15_000);
      const { message, place } = await failure(`${loop}\nexport const made = 1;`, "index.ts", { busySeconds: 1 });
      assert.match(message, /kept the process busy for 1 s/);
      assert.deepEqual(place, { file: "index.ts", line: 2 });
      assert.deepEqual((await preview("export const fine = 1;")).outputs, { fine: 1 });
    });
  }

  it("with the world changed: the next preview does not notice", async () => {
    const before = process.env["PATH"];
    await preview('process.env.PATH = "";\nprocess.env.NEW = "1";\nglobalThis.setImmediate = undefined as never;');
    assert.equal(process.env["PATH"], before);
    assert.equal(process.env["NEW"], undefined);
    assert.equal(typeof setImmediate, "function");
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
