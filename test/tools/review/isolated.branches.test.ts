import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Failure } from "../../../tools/plan/failure";
import type { Plan } from "../../../tools/plan/plan";
import { IsolatedPreviews } from "../../../tools/review/isolated/previews";
import { projectDir } from "../../project";

interface Case {
  /** From the third line of the program on; other stacks of it do without. */
  readonly program: string;
  readonly says: RegExp;
  readonly line?: number;
  /** No error of the program. */
  readonly isFine?: true;
}

const ends = /^The program ends the process: process\./;
const grows = /^The program has used \d+ MiB of memory, nearly all there is for it/;

/** A program that does something to the process that it runs in, by the stack for which it does so. */
const cases: Readonly<Record<string, Case>> = {
  exits: { program: "process.exit(0);", says: ends, line: 3 },
  "exits-later": { program: "setTimeout(() => process.exit(0), 50);", says: ends, line: 3 },
  aborts: { program: "process.abort();", says: ends, line: 3 },
  "kills-itself": { program: 'process.kill(process.pid, "SIGKILL");', says: ends, line: 3 },
  "kills-its-parent": { program: "process.kill(process.ppid);", says: ends, line: 3 },
  "is-killed": {
    program: 'require("child_process").execSync("kill -9 " + process.pid);',
    says: /^The program is ended while it runs \(SIGKILL\)/,
  },
  recurses: {
    program: "const deep = (n: number): number => deep(n + 1) + 1;\ndeep(0);",
    says: /^RangeError: Maximum call stack size exceeded/,
    line: 3,
  },
  "grows-in-a-loop": {
    program: "const kept = [];\nfor (;;) kept.push(Buffer.alloc(16 * 1024 * 1024, 1));",
    says: grows,
    line: 4,
  },
  "grows-by-promises": {
    program:
      "const kept: unknown[] = [];\nvoid (async () => {\n  for (;;) {\n    kept.push(new Array(1000).fill(1));\n    await null;\n  }\n})();",
    says: grows,
    line: 6,
  },
  "grows-without-a-pause": {
    program: "const kept: unknown[] = [];\nfor (;;) kept.push(new Array(1000).fill(kept.length));",
    says: /uses more memory than Node\.js has for it|nearly all there is for it/,
  },
  "fails-at-exit": {
    program: 'process.on("exit", () => {\n  process.exitCode = 9;\n});\nthrow new TypeError("first");',
    says: /^TypeError: first/,
    line: 6,
  },
  "fails-in-a-worker": {
    program: 'new (require("worker_threads").Worker)("throw new Error(`in a worker`)", { eval: true });',
    says: /^in a worker/,
  },
  "fails-late": {
    program: 'setTimeout(() => {\n  void Promise.reject(new TypeError("late"));\n}, 20);',
    says: /^TypeError: late/,
    line: 4,
  },
  "edits-arrays": {
    program: 'Array.prototype.map = () => {\n  throw new Error("edited");\n};',
    says: /^edited/,
    line: 4,
  },
  "takes-promises-away": { program: "globalThis.Promise = undefined as never;", says: /^TypeError: / },
  "fills-objects": { program: "(Object.prototype as any).polluted = { $unknown: [] };", says: /^TypeError: / },
  "freezes-objects": { program: "Object.freeze(Object.prototype);", says: /./, isFine: true },
  "asks-for-nothing": {
    program: 'require("@acme/nowhere");',
    says: /Cannot find module '@acme\/nowhere', which stacks\/asks-for-nothing\.ts asks for\n {2}package\.json does not name @acme\/nowhere/,
    line: 3,
  },
  "edits-json": { program: "JSON.stringify = () => {\n  throw new Error();\n};", says: /./, isFine: true },
  "edits-the-console": { program: 'console.log = () => { throw new Error("no"); };', says: /./, isFine: true },
  "listens-to-the-end": { program: 'process.on("exit", () => (process.exitCode = 9));', says: /./, isFine: true },
  "closes-its-output": { program: 'require("fs").closeSync(1);\nprocess.stdout.end();', says: /./, isFine: true },
  "closes-all-output": { program: 'require("fs").closeSync(1);\nrequire("fs").closeSync(2);', says: /./, isFine: true },
  "prints-megabytes": {
    program: 'for (let n = 0; n < 3000; n++) console.log("x".repeat(1000));',
    says: /./,
    isFine: true,
  },
  "prints-by-others": {
    program: 'require("child_process").execSync("echo {", { stdio: "inherit" });',
    says: /./,
    isFine: true,
  },
  "is-somewhere-else": {
    program:
      'const gone = require("fs").mkdtempSync("/tmp/gone-");\nprocess.chdir(gone);\nrequire("fs").rmdirSync(gone);',
    says: /./,
    isFine: true,
  },
  "empties-its-environment": {
    program: "for (const name of Object.keys(process.env)) delete process.env[name];",
    says: /./,
    isFine: true,
  },
  "leaves-a-worker": {
    program: 'new (require("worker_threads").Worker)("setInterval(() => {}, 10)", { eval: true });',
    says: /leaves a worker thread running/,
    isFine: true,
  },
  "leaves-a-server": {
    program: 'require("http").createServer().listen(0, "127.0.0.1");',
    says: /leaves a server running/,
    isFine: true,
  },
  "leaves-a-child": {
    program: 'require("child_process").spawn("sleep", ["20"], { stdio: "inherit" });',
    says: /leaves a child process running/,
    isFine: true,
  },
};

describe("programs that do something to the process that runs them", function () {
  this.timeout(600_000);
  let folder: string;
  const options = process.env["NODE_OPTIONS"];
  const answers = new Map<string, Plan | Failure>();

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-isolated-")));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: foreign\nruntime: nodejs\n");
    writeFileSync(join(folder, "package.json"), "{}");
    symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
    const names = Object.keys(cases).flatMap((name) => [name, `after-${name}`]);
    mkdirSync(join(folder, "stacks"));
    for (const name of names) writeFileSync(join(folder, `Pulumi.${name}.yaml`), "config: {}\n");
    for (const [name, { program }] of Object.entries(cases))
      writeFileSync(join(folder, "stacks", `${name}.ts`), `export {};\n\n${program}\n`);
    writeFileSync(
      join(folder, "index.ts"),
      [
        'import * as pulumi from "@pulumi/pulumi";',
        'import { existsSync } from "node:fs";',
        "const own = `${__dirname}/stacks/${pulumi.getStack()}.ts`;",
        'new pulumi.ComponentResource("acme:index:Site", "site");',
        "if (existsSync(own)) require(own);",
      ].join("\n"),
    );
    // Less to use up than the four gigabytes of a machine like this.
    process.env["NODE_OPTIONS"] = "--max-old-space-size=400";
    const asked = names.map((stack) => ({ projectDir: folder, stack }));
    const previews = new IsolatedPreviews(asked);
    for (const one of asked) answers.set(one.stack, await previews.preview(one));
    previews.close();
  });
  after(() => {
    if (options === undefined) delete process.env["NODE_OPTIONS"];
    else process.env["NODE_OPTIONS"] = options;
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, { says, line, isFine }] of Object.entries(cases)) {
    it(name, () => {
      const answer = answers.get(name)!;
      if (isFine) {
        ok("resources" in answer, JSON.stringify(answer));
        if (says.source !== ".") ok(answer.diagnostics.some(({ message }) => says.test(message)));
      } else {
        ok("kind" in answer);
        equal(answer.kind, "program");
        match(answer.message, says);
        ok(!/\/tmp\/|Native stack|node_modules/.test(answer.message), answer.message);
        deepEqual(answer.place, line === undefined ? undefined : { file: `stacks/${name}.ts`, line });
      }
      const next = answers.get(`after-${name}`)!;
      ok("resources" in next, JSON.stringify(next));
      deepEqual(
        [next.resources.map((resource) => resource.name), next.diagnostics],
        [["foreign-after-" + name, "site"], []],
      );
    });
  }
});
