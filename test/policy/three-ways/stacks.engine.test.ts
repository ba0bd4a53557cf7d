import { deepEqual, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { readEvents } from "../../../tools/diff/events";
import { anyProvider, hasEngine, violationsIn } from "./engine";
import { agree, ownStacks, OwnProject, root } from "./own-stacks";

/** For previews alone it does not matter that nothing stands behind these. AWS is asked questions, so it is the one of test/engine. */
const providers = ["docker", "docker-build", "kubernetes", "random", "tls"];

describe("Slipway's own stacks through the engine", function () {
  this.timeout(300_000);
  let project: OwnProject;
  let failures = 0;

  before(function () {
    if (!hasEngine()) {
      console.log("      skipped: there is no `pulumi` on PATH");
      return this.skip();
    }
    project = new OwnProject();
    const bin = join(project.folder, "bin");
    mkdirSync(bin);
    for (const name of providers) {
      writeFileSync(join(bin, `pulumi-resource-${name}`), anyProvider);
      chmodSync(join(bin, `pulumi-resource-${name}`), 0o755);
    }
    symlinkSync(join(root, "test/engine/aws-provider/pulumi-resource-aws"), join(bin, "pulumi-resource-aws"));
  });

  after(() => project?.remove());

  const pulumi = (...args: readonly string[]) =>
    spawnSync("pulumi", [...args, "--non-interactive"], {
      cwd: project.folder,
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      env: {
        ...process.env,
        PATH: [join(project.folder, "bin"), join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
        NODE_PATH: join(root, "node_modules"),
        PULUMI_BACKEND_URL: `file://${join(project.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    });

  for (const stack of ownStacks) {
    it(`judges ${stack} as the in-process preview does`, async () => {
      const { violations, settings } = await project.inProcess(stack);
      writeFileSync(join(project.folder, "policies.json"), JSON.stringify(settings));
      pulumi("stack", "init", stack);
      const pack = ["--policy-pack", join(root, "policy"), "--policy-pack-config", "policies.json"];
      const { stdout, stderr } = pulumi("preview", "--stack", stack, "--json", ...pack);
      deepEqual(readEvents(stdout).failure, undefined, stderr);
      const { same, open } = agree(violations, violationsIn(stdout));
      failures += same;
      console.log(`      ${same} failures, the same; ${open} that the engine leaves unknown`);
    });
  }

  it("had failures to agree on", () => ok(failures >= 10, `${failures} failures`));
});
