import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requireSdks } from "../../../components/shared/sdk";
import { targetDefinitions } from "../../../stacks/targets";
import { projectDir } from "../../project";

const { dependencies, devDependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
  readFileSync(join(projectDir, "package.json"), "utf8"),
) as Readonly<Record<string, Readonly<Record<string, string>>>>;

describe("SDKs that a user may not want", () => {
  it("are named with the command that installs them", () => {
    const isInstalled = (name: string) => name === "@pulumi/aws";
    assert.throws(() => requireSdks("slipway/docker", ["@pulumi/docker", "@pulumi/tls", "@pulumi/aws"], isInstalled), {
      message: `slipway/docker needs @pulumi/docker and @pulumi/tls, which are not installed: npm install @pulumi/docker@${peerDependencies!["@pulumi/docker"]} @pulumi/tls@${peerDependencies!["@pulumi/tls"]}`,
    });
    assert.doesNotThrow(() => requireSdks("slipway/aws", ["@pulumi/aws"], isInstalled));
    assert.doesNotThrow(() => requireSdks("slipway/aws", ["@pulumi/aws"]));
  });

  it("are optional peers, and there in this repository", () => {
    assert.deepEqual(Object.keys(peerDependenciesMeta!), Object.keys(peerDependencies!));
    for (const [name, version] of Object.entries(peerDependencies!)) {
      assert.equal(devDependencies![name], version, name);
      assert.equal(dependencies![name], undefined, name);
    }
  });

  it("are known of each target", () => {
    const named = Object.values(targetDefinitions).flatMap(({ sdks }) => sdks);
    assert.deepEqual([...new Set([...named, "@pulumi/policy"])].sort(), Object.keys(peerDependencies!).sort());
  });
});
