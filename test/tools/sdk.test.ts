import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../..");

/** In a process of its own, as this one has loaded everything. */
function run(program: string): unknown {
  const preloaded = ["-r", join(root, "tools/typescript.cjs")];
  return JSON.parse(execFileSync(process.execPath, [...preloaded, "-e", program], { cwd: root, encoding: "utf8" }));
}
const loaded = `Object.keys(require.cache).map((path) => path.split("/node_modules/").at(-1))`;

describe("what Pulumi's SDK loads for other things than a preview", function () {
  // The tree of packages is read from the disk.
  this.timeout(120_000);

  it("is not loaded with it", () => {
    const files = run(`require("@pulumi/pulumi"); console.log(JSON.stringify(${loaded}))`) as string[];
    ok(files.includes("@pulumi/pulumi/output.js"));
    deepEqual(
      files.filter((file) =>
        /^(@npmcli\/arborist|typescript|normalize-package-data|@pulumi\/pulumi\/automation)\//.test(file),
      ),
      [],
    );
  });

  it("is there when it is asked for: the Automation API, with its classes and names", () => {
    const said = run(`
      const { automation } = require("@pulumi/pulumi");
      const { LocalWorkspace, ConcurrentUpdateError } = require("@pulumi/pulumi/automation");
      const same = [automation.LocalWorkspace === LocalWorkspace, new automation.ConcurrentUpdateError(new Error("x")) instanceof ConcurrentUpdateError];
      console.log(JSON.stringify([...same, "Stack" in automation, Object.keys(automation).includes("Stack")]));
    `);
    deepEqual(said, [true, true, true, true]);
  });

  it("is there when a function is serialized: the compiler, and npm's tree of packages", () => {
    const { text, paths } = run(`
      const { runtime } = require("@pulumi/pulumi");
      const factor = 6;
      (async () => {
        const { text } = await runtime.serializeFunction((x) => x * factor);
        const paths = await runtime.computeCodePaths();
        console.log(JSON.stringify({ text, paths: [...paths.keys()] }));
      })();
    `) as { text: string; paths: string[] };
    match(text, /x \* factor/);
    match(text, /factor: 6/);
    ok(paths.includes("node_modules/commander"), paths.join(" "));
  });

  it("is there for modules of the newer kind", () => {
    const program = `import("@pulumi/pulumi").then(({ automation }) => console.log(JSON.stringify(typeof automation.LocalWorkspace.create)))`;
    equal(run(program), "function");
  });

  it("takes no stack trace for each promise, and still finds those that never settle", () => {
    const said = run(`
      require("@pulumi/pulumi");
      const { debuggablePromise, leakedPromises } = require("@pulumi/pulumi/runtime/debuggable");
      const never = new Promise(() => {});
      debuggablePromise(never, "never");
      const [leaked] = leakedPromises();
      console.log(JSON.stringify([never._debugStackTrace.split("\\n").length, leaked.size, Error.stackTraceLimit, new Error().stack.split("\\n").length > 1]));
    `);
    deepEqual(said, [1, 1, 10, true]);
  });
});
