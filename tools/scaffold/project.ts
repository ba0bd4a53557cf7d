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
  /** Versions of the SDKs that the target's stack loads. */
  readonly sdks: Readonly<Record<string, string>>;
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
        dependencies: { slipway: `^${version}`, ...beginning.sdks },
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

function stackFile({ target, preset, name, stack, domain, image, region, folder }: Beginning): string {
  const context = contextOf(folder);
  return stringify({
    config: {
      ...(target === "aws-ecs" && region !== undefined && { "aws:region": region }),
      "slipway:target": target,
      ...(preset !== "production" && { "slipway:preset": preset }),
      ...(domain !== undefined && { "slipway:domain": domain }),
      ...(image !== undefined && { "slipway:image": image }),
      // Written down, so that a stack keeps its containers and volumes when it is renamed, and two projects on one host
      // have names of their own.
      ...(target === "docker" && { "slipway:docker": { name: hostName(`${name}-${stack}`) } }),
      ...(image === undefined && builds.has(target) && context !== undefined && { "slipway:build": { context } }),
    },
  });
}

/** As `slipway:docker.name` takes it: stacks/settings/sections/docker.ts. */
function hostName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 38)
      .replace(/^-|-$/g, "") || "site"
  );
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
