import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import type { PackConfiguration } from "../../../policy/index";
import { engineVariables, missing, projectDir } from "../../project";
import { anyProvider } from "./engine";
import { OwnProject } from "./own-stacks";

/** In a preview it does not matter that nothing stands behind these. AWS is asked questions: it is that of test/engine. */
const providers = ["docker", "docker-build", "kubernetes", "random", "tls"];

/** Slipway's own program under the real engine. */
export class OwnEngine extends OwnProject {
  constructor() {
    super();
    const bin = join(this.folder, "bin");
    mkdirSync(bin);
    for (const name of providers) {
      // Deployed, a stack needs what this one makes up.
      if (name === "random" && missing("pulumi-resource-random").length === 0) continue;
      writeFileSync(join(bin, `pulumi-resource-${name}`), anyProvider);
      chmodSync(join(bin, `pulumi-resource-${name}`), 0o755);
    }
    symlinkSync(join(projectDir, "test/engine/stand-ins/pulumi-resource-aws"), join(bin, "pulumi-resource-aws"));
  }

  /** The events of a preview, judged by the pack when it is given settings. */
  preview(stack: string, settings?: PackConfiguration): string {
    const pack = ["--policy-pack", join(projectDir, "policy"), "--policy-pack-config", "policies.json"];
    if (settings) writeFileSync(join(this.folder, "policies.json"), JSON.stringify(settings));
    this.pulumi("stack", "select", "--create", stack);
    return this.pulumi("preview", "--stack", stack, "--json", ...(settings ? pack : []));
  }

  /** Deploys to providers behind which nothing stands, so that a preview has something to compare with. */
  up(stack: string): void {
    this.pulumi("stack", "select", "--create", stack);
    this.pulumi("up", "--stack", stack, "--yes", "--skip-preview");
  }

  /** Mandatory failures make the engine exit with an error; its output is the answer all the same. */
  private pulumi(...args: readonly string[]): string {
    return spawnSync("pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      env: {
        ...process.env,
        PATH: [join(this.folder, "bin"), join(projectDir, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
        NODE_PATH: join(projectDir, "node_modules"),
        ...engineVariables(join(this.folder, "state")),
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      },
    }).stdout;
  }
}
