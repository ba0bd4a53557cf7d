import { deepEqual, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { engineVariables, missing, needs } from "../project";
import { shipped, Workspace } from "./workspace";

interface Step {
  readonly op: string;
  readonly urn: string;
}

/** `pulumi stack rename`, between two deployments to one host: what holds data stays, by its URN and by its name. */
describe("a stack that is renamed", function () {
  this.timeout(600_000);

  before(function () {
    needs(this, missing("pulumi", "pulumi-resource-random"));
  });

  /** Every step of the deployment after the rename, and what the state holds before it. */
  async function renamed(name: string | undefined): Promise<Step[]> {
    const programs = join(__dirname, "stand-ins");
    const { "slipway:build": _, ...settings } = shipped("local");
    const image = { "slipway:image": "ghcr.io/acme/shop:1.4.2" };
    const docker = name === undefined ? {} : { "slipway:docker": { name } };
    const workspace = await Workspace.create("old", { ...settings, ...image, ...docker }, programs);
    try {
      await workspace.stack.up();
      const { workDir, pulumiHome, envVars } = workspace.stack.workspace;
      execFileSync("pulumi", ["stack", "rename", "new", "--stack", "old", "--non-interactive"], {
        cwd: workDir,
        env: { ...process.env, ...envVars, ...engineVariables(workspace.folder), PULUMI_HOME: pulumiHome },
        stdio: "pipe",
      });
      const stack = await LocalWorkspace.selectStack({ stackName: "new", workDir }, { pulumiHome, envVars });
      const steps: Step[] = [];
      await stack.preview({
        onEvent: ({ resourcePreEvent }) => void (resourcePreEvent && steps.push(resourcePreEvent.metadata)),
      });
      return steps;
    } finally {
      workspace.remove();
    }
  }

  const kinds = (steps: readonly Step[], ...ops: readonly string[]) =>
    [
      ...new Set(steps.filter(({ op }) => ops.includes(op)).map(({ urn }) => urn.split("::")[2]!.split("$").at(-1)!)),
    ].sort();

  it("with slipway:docker.name keeps volumes, networks, passwords and certificates", async () => {
    const steps = await renamed("shop-old");
    ok(kinds(steps, "same").includes("docker:index/volume:Volume"), "volumes are there");
    deepEqual(kinds(steps, "create", "delete"), []);
    // Their labels carry the stack, and Docker changes no label of a container that runs.
    deepEqual(kinds(steps, "replace", "create-replacement", "delete-replaced"), ["docker:index/container:Container"]);
  });

  it("without it is made anew, volumes too: which is why `slipway init` writes the name", async () => {
    ok(kinds(await renamed(undefined), "delete").includes("docker:index/volume:Volume"));
  });
});
