import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Command } from "commander";
import type { Settings, Target } from "../../../stacks/settings/settings";
import type { Plan } from "../../plan/plan";
import { previewStack } from "../../sources/in-process/in-process";
import { readStack, settingsOf } from "../../sources/in-process/stack-file";
import { renderCompose } from "../../readers/render/compose";
import { renderKubernetes } from "../../readers/render/kubernetes";
import { renderKubernetesFolder } from "../../readers/render/kubernetes-folder";
import { phases } from "../../readers/render/kubernetes-objects";
import { progress } from "../progress";

interface Options {
  readonly out?: string;
  readonly cwd: string;
}

interface Rendering {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly options: Options;
}

export function registerRenderCommand(program: Command): void {
  program
    .command("render")
    .description("write a stack as Kubernetes manifests or as a Compose project, to run without Pulumi")
    .argument("<stack>", "name as in Pulumi.<stack>.yaml")
    .option(
      "--out <path>",
      "file.yaml for manifests, a folder for manifests with what waits between them, or for a Compose project; default: print",
    )
    .option("--cwd <folder>", "folder with Pulumi.yaml", process.cwd())
    .addHelpText(
      "after",
      "\nNo value of a secret is ever written: instead there is what makes one.\n\nExamples\n  slipway render staging --out staging.yaml\n  slipway render local --out deploy",
    )
    .action((stack: string, options: Options, command: Command) => run(stack, options, command));
}

/** What each target can be rendered as. ECS has no form that anything but an AWS account could run. */
const renderers: Readonly<Partial<Record<Target, (rendering: Rendering) => void>>> = {
  kubernetes: manifests,
  docker: composeProject,
};

async function run(stack: string, options: Options, command: Command): Promise<void> {
  const configuration = readStack(options.cwd, stack);
  const settings = settingsOf(configuration);
  const render = renderers[settings.target];
  if (render === undefined) {
    command.error(`${stack} runs on ${settings.target}: only stacks for kubernetes and docker can be rendered`);
  }
  const spinner = progress(`rendering ${stack}`);
  const plan = await previewStack({ projectDir: options.cwd, stack, configuration, argument: settings }).finally(() =>
    spinner.stop(),
  );
  render({ plan, settings, options });
}

function manifests({ plan, options: { out } }: Rendering): void {
  if (out === undefined) process.stdout.write(renderKubernetes(plan));
  else if (/\.(ya?ml|json)$/.test(out)) {
    writeFileSync(out, renderKubernetes(plan));
    console.error(`written to ${out}`);
  } else {
    const files = renderKubernetesFolder(plan);
    writeFiles(out, files);
    console.error(
      `written to ${out}: ${Object.keys(files).length} files. bash ${join(out, "apply.sh")} applies them in order`,
    );
  }
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  // An object that is no longer there must not stay behind as a file.
  for (const phase of phases) {
    rmSync(join(folder, `${phases.indexOf(phase) + 1}-${phase}`), { recursive: true, force: true });
  }
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    // Each container reads its configuration as a user of its own, whatever the umask here.
    chmodSync(file, path.endsWith(".sh") ? 0o755 : 0o644);
  }
}

function composeProject({ plan, settings, options: { cwd, out } }: Rendering): void {
  const project = out === undefined ? "." : relative(out, cwd) || ".";
  const { compose, files } = renderCompose(plan, { project, buildSecrets: settings.build?.secrets });
  if (out === undefined) {
    process.stdout.write(compose);
    console.error(`It refers to ${Object.keys(files).join(", ")}: --out FOLDER writes these beside it`);
    return;
  }
  for (const [path, content] of Object.entries({ "compose.yaml": compose, ...files })) {
    const file = join(out, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    // Each container reads its configuration as a user of its own, whatever the umask here.
    chmodSync(file, path.endsWith(".sh") ? 0o755 : 0o644);
  }
  console.error(`written to ${out}: compose.yaml, ${Object.keys(files).join(", ")}\n`);
  console.log(`cd ${out}\nsh prepare.sh      # makes the secrets, once\ndocker compose up -d --wait`);
}
