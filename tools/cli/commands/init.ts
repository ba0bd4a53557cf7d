import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Option, type Command } from "commander";
import { SettingsError } from "../../../stacks/settings/problems";
import { presetNames, type PresetName, type Target, targets } from "../../../stacks/settings/settings";
import { sdkVersions, withVersions } from "../../../components/shared/sdk";
import { targetDefinitions } from "../../../stacks/targets";
import { packageVersion } from "../../../components/shared/documentation";
import { readStack, settingsOf } from "../../sources/in-process/stack-file";
import { projectFiles, projectName } from "../../scaffold/project";
import { workflowFiles } from "../../scaffold/workflows";

interface Options {
  readonly target: Target;
  readonly stack?: string;
  readonly preset?: PresetName;
  readonly name?: string;
  readonly domain?: string;
  readonly image?: string;
  readonly region?: string;
  readonly github?: boolean;
  readonly dryRun?: boolean;
}

export function registerInitCommand(program: Command): void {
  program
    .command("init")
    .description("create the few files by which a repository runs Slipway from its package")
    .argument("[folder]", "a folder of its own, beside your application", ".")
    .addOption(new Option("--target <target>", "where it runs").choices(targets).default("docker"))
    .option("--stack <name>", "name of the stack (default: local on one host, else prod)")
    .addOption(new Option("--preset <preset>", "defaults for everything else").choices(presetNames))
    .option("--name <name>", "name of the project (default: that of the package.json above)")
    .option("--domain <host>", "the site's host name (default on one host: localhost)")
    .option("--image <reference>", "the application's image (default: built from the folder above)")
    .option("--region <region>", "region of AWS")
    .option("--github", "write GitHub's workflows as well: preview, comment, deployment, drift")
    .option("--dry-run", "print the files and write nothing")
    .addHelpText(
      "after",
      "\nWhat is there already stays as it is. Run it again with another --stack to add a stack.\n\nExamples\n  slipway init infra\n  slipway init infra --target aws-ecs --domain shop.example.com --region eu-central-1",
    )
    .action(run);
}

function run(asked: string, options: Options): void {
  const folder = resolve(asked);
  const { target } = options;
  const domain = options.domain ?? (target === "docker" ? "localhost" : undefined);
  const local = target === "docker" && domain === "localhost";
  const stack = options.stack ?? (local ? "local" : "prod");
  const files = projectFiles({
    folder,
    target,
    stack,
    preset: options.preset ?? (local ? "development" : "production"),
    name: options.name ?? projectName(folder),
    domain,
    image: options.image,
    region: options.region,
    version: packageVersion(),
    sdks: sdksOf(target),
  });
  for (const [path, text] of Object.entries(files)) write(join(folder, path), text, options);
  if (options.github === true) {
    const { files: workflows, top } = workflowFiles(folder);
    for (const [path, text] of Object.entries(workflows)) write(join(top, path), text, options);
  }
  if (options.dryRun !== true) next(folder, stack, target);
}

function write(file: string, text: string, { dryRun }: Options): void {
  const shown = relative(process.cwd(), file);
  if (dryRun === true) console.log(`--- ${shown}\n${text}`);
  else if (existsSync(file)) console.log(`  ${shown} is there already: left as it is`);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`  ${shown} written`);
  }
}

function sdksOf(target: Target): Record<string, string> {
  const versions = sdkVersions();
  // The workflow that deploys has the engine apply the policies too.
  const names = [...targetDefinitions[target].sdks, "@pulumi/policy"];
  return Object.fromEntries(names.map((name) => [name, versions[name]!]));
}

/** The package itself, and the SDKs of a target that an earlier stack did not have. */
function installs(folder: string, target: Target): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  const missing = targetDefinitions[target].sdks.filter((name) => dependencies[name] === undefined);
  if (missing.length > 0) return [`npm install ${withVersions(missing).join(" ")}`];
  const names = ["slipway", ...targetDefinitions[target].sdks];
  return names.every((name) => existsSync(join(folder, "node_modules", name))) ? [] : ["npm install"];
}

/** What is still to be written in the stack file, or else what to do with it. */
function next(folder: string, stack: string, target: Target): void {
  const here = relative(process.cwd(), folder);
  const steps = [...(here === "" ? [] : [`cd ${here}`]), ...installs(folder, target), `npx slipway preview ${stack}`];
  try {
    settingsOf(readStack(folder, stack));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.log(`\nStill to be written before it can be previewed:\n\n${error.message}`);
  }
  console.log(`\nNext   ${steps.join(" && ")}`);
}
