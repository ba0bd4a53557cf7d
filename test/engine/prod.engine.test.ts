import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { previewStack } from "../../tools/sources/in-process/in-process";
import { sameAsEngine } from "./parity";
import { missing, needs, projectDir } from "../project";
import { shipped, Workspace } from "./workspace";

/** The prod stack through the real engine, with a stand-in for AWS. Needs `pulumi` and its provider `random` on PATH. */
describe("prod through the engine", function () {
  this.timeout(600_000);
  let workspace: Workspace | undefined;

  before(async function () {
    needs(this, missing("pulumi", "pulumi-resource-random"));
    workspace = await Workspace.create("prod", shipped("prod"), join(__dirname, "stand-ins"));
  });

  after(() => workspace?.remove());

  it("previews the same resources, with the same inputs, as the in-process preview", async () => {
    sameAsEngine(await previewStack({ projectDir, stack: "prod" }), await workspace!.preview());
  });

  it("creates them, and changes nothing when it runs again", async () => {
    const { stack } = workspace!;
    await stack.up();
    const { summary } = await stack.up();
    assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
  });

  it("keeps no secret readable in its state", () => {
    // As it lies on disk: an export by the Automation API decrypts.
    const file = join(workspace!.folder, ".pulumi/stacks/slipway/prod.json");
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
      checkpoint: { latest: { resources: StateResource[] } };
    };
    const { resources } = checkpoint.latest;
    const secrets = resources.filter(({ type }) => /randomBytes|randomPassword|secretVersion/.test(type));
    assert.equal(secrets.length, 8);
    for (const { inputs, outputs, type, urn } of secrets) {
      const held = type.includes("secretVersion")
        ? [inputs["secretString"], outputs["secretString"]]
        : [outputs["base64"] ?? outputs["result"]];
      for (const value of held) assert.ok(typeof value === "object" && value !== null && "ciphertext" in value, urn);
    }
    const task = resources.find(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
    assert.equal(
      typeof task?.inputs["containerDefinitions"],
      "string",
      "no secret has found its way into the task definition",
    );
  });
});

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}
