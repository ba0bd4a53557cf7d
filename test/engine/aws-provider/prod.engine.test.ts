import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { previewStack } from "../../../tools/preview/in-process";

const projectDir = resolve(__dirname, "../../..");

/** The prod stack through the real engine, with a stand-in for AWS. Needs `pulumi` and its provider `random` on PATH. */
describe("prod through the engine", function () {
  this.timeout(600_000);
  let folder: string;

  const pulumi = (...args: readonly string[]): string => {
    const { status, stderr, stdout } = spawnSync("pulumi", [...args, "--stack", "prod", "--non-interactive"], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...process.env,
        PATH: `${__dirname}:${join(projectDir, "node_modules/.bin")}:${process.env["PATH"]}`,
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_HOME: join(folder, "home"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    });
    assert.equal(status, 0, `pulumi ${args.join(" ")}\n${stdout}\n${stderr}`);
    return stdout;
  };

  before(function () {
    const found = ["pulumi", "pulumi-resource-random"].filter(
      (name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0,
    );
    if (found.length < 2) {
      console.log("      skipped: pulumi and pulumi-resource-random are not both on PATH");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "slipway-aws-"));
    // The engine writes the salt of the state's encryption to the stack file: to a copy of it.
    for (const file of ["Pulumi.yaml", "Pulumi.prod.yaml"]) copyFileSync(join(projectDir, file), join(folder, file));
    for (const program of ["index.ts", "node_modules", "package.json", "tsconfig.json"]) {
      symlinkSync(join(projectDir, program), join(folder, program));
    }
    pulumi("stack", "init");
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it("previews the resources that the in-process preview shows", async () => {
    const preview = JSON.parse(pulumi("preview", "--json")) as { steps: { op: string; urn: string }[] };
    const plan = await previewStack({ projectDir, stack: "prod" });
    const expected = plan.resources.map(({ urn }) => urn).sort();
    const found = preview.steps.map(({ urn }) => urn).filter((urn) => !urn.includes("pulumi:providers:"));
    assert.deepEqual(found.sort(), expected);
  });

  it("creates them, and changes nothing when it runs again", () => {
    pulumi("up", "--yes", "--skip-preview");
    const again = pulumi("up", "--yes", "--skip-preview");
    assert.match(again, /Resources:\n\s+\d+ unchanged\n/);
  });

  it("keeps no secret readable in its state", () => {
    const state = JSON.parse(pulumi("stack", "export")) as { deployment: { resources: StateResource[] } };
    const secrets = state.deployment.resources.filter(({ type }) =>
      /randomBytes|randomPassword|secretVersion/.test(type),
    );
    assert.equal(secrets.length, 6);
    for (const { inputs, outputs, type, urn } of secrets) {
      const held = type.includes("secretVersion")
        ? [inputs["secretString"], outputs["secretString"]]
        : [outputs["base64"] ?? outputs["result"]];
      for (const value of held) assert.ok(typeof value === "object" && value !== null && "ciphertext" in value, urn);
    }
    const task = state.deployment.resources.find(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
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
