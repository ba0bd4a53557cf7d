import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import { missing, needs } from "../project";
import { shipped, Workspace } from "./workspace";

/** How the engine marks what it has encrypted: https://www.pulumi.com/docs/iac/concepts/secrets/ */
const secret = "4dabf18193072939515e22adb298388d";

interface State {
  readonly resources: { readonly urn: string; readonly outputs?: Record<string, unknown> }[];
}

describe("what a migration on one host says", function () {
  this.timeout(300_000);

  it("is encrypted in the state, and its proof in the replicas' labels is not", async function () {
    needs(this, missing("pulumi", "pulumi-resource-random"));
    const { "slipway:build": _, ...settings } = shipped("local");
    const programs = join(__dirname, "stand-ins");
    const workspace = await Workspace.create("log", { ...settings, "slipway:image": "ghcr.io/acme/shop:1" }, programs);
    try {
      await workspace.stack.up();
      const { resources } = (await workspace.stack.exportStack()).deployment as State;
      const outputs = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs;
      deepEqual(Object.keys(outputs("slipway-log-app-migrate")?.["containerLogs"] ?? {}).includes(secret), true);
      deepEqual(JSON.stringify(outputs("slipway-log-app-1")?.["labels"]).includes(secret), false);
    } finally {
      workspace.remove();
    }
  });
});
