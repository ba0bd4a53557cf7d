import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { stringify } from "yaml";
import type { PresetName, Target } from "../../stacks/settings/settings";

/** What is known when a project is begun. What is not said is left out of the stack file, which then names it. */
export interface Beginning {
  /** The folder of the project, absolute. */
  readonly folder: string;
  readonly target: Target;
  readonly stack: string;
  readonly preset: PresetName;
  readonly name: string;
  readonly domain?: string;
  readonly image?: string;
  readonly region?: string;
  /** Version of the package that the project depends on. */
  readonly version: string;
}

/** The files of a project that runs Slipway from its package: by path in the folder, with their text. */
export function projectFiles(beginning: Beginning): Readonly<Record<string, string>> {
  const { name, stack, version } = beginning;
  return {
    "package.json": `${JSON.stringify(
      {
        name: `${name}-infra`,
        private: true,
        scripts: { preview: "slipway preview" },
        dependencies: { slipway: `^${version}` },
      },
      null,
      2,
    )}\n`,
    "Pulumi.yaml": stringify({ name, description: `Where ${name} runs.`, runtime: "nodejs", main: "index.js" }),
    "index.js": 'module.exports = require("slipway");\n',
    [`Pulumi.${stack}.yaml`]: stackFile(beginning),
    ".gitignore": "node_modules/\n",
  };
}

function stackFile({ target, preset, domain, image, region, folder }: Beginning): string {
  const context = contextOf(folder);
  return stringify({
    config: {
      ...(target === "aws-ecs" && region !== undefined && { "aws:region": region }),
      "slipway:target": target,
      ...(preset !== "production" && { "slipway:preset": preset }),
      ...(domain !== undefined && { "slipway:domain": domain }),
      ...(image !== undefined && { "slipway:image": image }),
      ...(image === undefined && builds.has(target) && context !== undefined && { "slipway:build": { context } }),
    },
  });
}

/** Kubernetes takes its image from a registry. */
const builds: ReadonlySet<Target> = new Set<Target>(["aws-ecs", "docker", "vercel"]);

/** Where the application lies, as the project's folder sees it: beside it, in the folder above. */
function contextOf(folder: string): string | undefined {
  return existsSync(join(dirname(folder), "package.json")) ? ".." : undefined;
}

/** The application's own name if it has one, else the folder's, as Pulumi takes it. */
export function projectName(folder: string): string {
  const above = join(dirname(folder), "package.json");
  const { name } = existsSync(above) ? (JSON.parse(readFileSync(above, "utf8")) as { name?: string }) : {};
  return (name ?? basename(dirname(folder))).replace(/^@[^/]*\//, "").replace(/[^A-Za-z0-9_.-]/g, "-") || "site";
}
