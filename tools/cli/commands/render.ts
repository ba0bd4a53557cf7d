import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Settings, Target } from "../../../stacks/settings/settings";
import type { Plan } from "../../plan/plan";
import { previewStack } from "../../sources/in-process/in-process";
import { readStack, settingsOf } from "../../sources/in-process/stack-file";
import { renderCompose } from "../../readers/render/compose";
import { renderKubernetes } from "../../readers/render/kubernetes";
import { ofSomeForms, renderKubernetesFolder } from "../../readers/render/kubernetes-folder";
import { phases } from "../../readers/render/kubernetes-objects";
import { progress } from "../progress";

const forms = ["script", "sealed-secrets", "sops"] as const;

interface Options {
  readonly out?: string;
  readonly secrets: (typeof forms)[number];
  readonly secretsVersion: number;
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
    .addOption(
      new Option(
        "--secrets <form>",
        "of a folder of manifests: a script that makes Secrets in the cluster, or files that only the cluster can read",
      )
        .choices(forms)
        .default("script"),
    )
    .option(
      "--secrets-version <number>",
      "of sealed-secrets and sops, whose Secrets never change: another value is another version",
      wholeNumber,
      1,
    )
    .option("--cwd <folder>", "folder with Pulumi.yaml", process.cwd())
    .addHelpText(
      "after",
      "\nNo value of a secret is ever written: instead there is what makes one.\n\nExamples\n  slipway render staging --out staging.yaml\n  slipway render staging --out deploy --secrets sealed-secrets\n  slipway render local --out deploy",
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
  const isFolder = options.out !== undefined && !isFile(options.out);
  if (
    (options.secrets !== "script" || options.secretsVersion !== 1) &&
    !(settings.target === "kubernetes" && isFolder)
  ) {
    command.error("--secrets and --secrets-version are of a folder of Kubernetes manifests: expected --out FOLDER");
  }
  if (options.secrets === "script" && options.secretsVersion !== 1) {
    command.error("--secrets-version is of --secrets sealed-secrets and sops: the script's Secrets keep their names");
  }
  const spinner = progress(`rendering ${stack}`);
  const plan = await previewStack({ projectDir: options.cwd, stack, configuration, argument: settings }).finally(() =>
    spinner.stop(),
  );
  render({ plan, settings, options });
}

const isFile = (path: string) => /\.(ya?ml|json)$/.test(path);

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError("expected a whole number from 1.");
  return Number(value);
}

function manifests({ plan, options: { out, secrets, secretsVersion } }: Rendering): void {
  if (out === undefined) process.stdout.write(renderKubernetes(plan));
  else if (isFile(out)) {
    writeFileSync(out, renderKubernetes(plan));
    console.error(`written to ${out}`);
  } else {
    const files = renderKubernetesFolder(plan, { form: secrets, version: secretsVersion });
    writeFiles(out, files);
    const next =
      secrets === "script"
        ? `bash ${join(out, "apply.sh")} applies them in order`
        : `bash ${join(out, "secrets.sh")} makes and encrypts the Secrets that are not there yet`;
    console.error(`written to ${out}: ${Object.keys(files).length} files. ${next}`);
  }
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  // An object that is no longer there must not stay behind as a file, nor a script that would apply half of them.
  for (const file of ofSomeForms) if (!(file in files)) rmSync(join(folder, file), { force: true });
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
