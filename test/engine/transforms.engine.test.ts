import { equal } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { previewStack } from "../../tools/sources/in-process/in-process";
import { engineVariables, missing, needs, projectDir } from "../project";

/** Every way to change a resource from outside, each of which adds its letter. */
const program = `
const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
const add = (letter) => ({ type, props, opts }) =>
  type.startsWith("random:") ? { props: { ...props, keepers: { order: props.keepers.order + letter } }, opts } : undefined;
const by = (upper, lower) => ({ transforms: upper.map(add), transformations: lower.map(add) });
class Group extends pulumi.ComponentResource {
  constructor(name, options) {
    super("test:index:Group", name, {}, options);
  }
}
pulumi.runtime.registerResourceTransform(add("S"));
pulumi.runtime.registerStackTransformation(add("s"));
const outer = new Group("outer", by(["O", "Q"], ["o", "q"]));
const inner = new Group("inner", { parent: outer, ...by(["I"], ["i"]) });
const pet = new random.RandomPet("pet", { keepers: { order: "" } }, { parent: inner, ...by(["P"], ["p"]) });
exports.order = pet.keepers.apply((keepers) => keepers.order);
`;

describe("transforms of resources", function () {
  this.timeout(300_000);
  let folder: string;

  before(function () {
    folder = mkdtempSync(join(tmpdir(), "slipway-transforms-"));
    needs(this, missing("pulumi", "pulumi-resource-random"));
    mkdirSync(join(folder, ".pulumi"), { recursive: true });
    symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
    const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
    writeFileSync(join(folder, "Pulumi.yaml"), `name: transforms\n${runtime}\nmain: index.js\n`);
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
    writeFileSync(join(folder, "index.js"), program);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("are applied in-process in the engine's order", async () => {
    const { outputs } = await previewStack({ projectDir: folder, stack: "dev" });
    const path = `${join(projectDir, "node_modules/.bin")}:${process.env["PATH"]}`;
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "dev", workDir: folder },
      { pulumiHome: join(folder, ".pulumi-home"), envVars: { PATH: path, ...engineVariables(folder) } },
    );
    const applied = (await stack.up()).outputs["order"]?.value as string;
    equal([...applied].sort().join(""), "IOPQSiopqs");
    equal(outputs["order"], applied);
  });
});
