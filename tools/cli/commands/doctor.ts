import { spawn } from "node:child_process";
import type { Command } from "commander";
import { type Diagnosis, isReady } from "../../operate/doctor/contract";
import { diagnose } from "../../operate/doctor/diagnose";
import { install, installable } from "../../operate/doctor/install";
import { diagnosisText } from "../../operate/doctor/text";
import { progress } from "../progress";
import { documentation } from "../../../components/shared/documentation";

interface Options {
  readonly cwd: string;
  readonly json?: boolean;
  readonly probe?: boolean;
  readonly install?: boolean;
  readonly context?: string;
}

/** Something that the stack needs is missing, or could not be asked. */
const notReady = 2;

export function registerDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("ask the target for everything that the stack needs, and say how to get what is missing")
    .argument("<stack>", "name as in Pulumi.<stack>.yaml; the stack need not be deployed")
    .option("--json", "print it as JSON")
    .option("--probe", "create something small for a moment where nothing else tells, such as three pods")
    .option("--install", "install what is missing, where a pinned chart does it, then ask again")
    .option(
      "--context <name>",
      "context of kubectl; default: kubernetes:context of the stack file, else the current one",
    )
    .option("--cwd <folder>", "folder with Pulumi.yaml", process.cwd())
    .addHelpText(
      "after",
      `\nExit codes: 0 everything required is there; 1 the target could not be reached, or the stack file is wrong;\n2 something required is missing, or could not be asked. ${documentation("doctor.md")} has every question.\n\nExamples\n  slipway doctor staging\n  slipway doctor staging --probe --json | jq '.findings[] | select(.answer.state != "present")'`,
    )
    .action(run);
}

async function run(stack: string, options: Options): Promise<void> {
  const ask = async (): Promise<Diagnosis> => {
    const spinner = progress(`asking what ${stack} needs`);
    const { cwd: folder, probe = false, context } = options;
    return diagnose(stack, { folder, probe, context }).finally(() => spinner.stop());
  };
  let diagnosis = await ask();
  if (options.install) {
    const installs = installable(diagnosis);
    await install(installs, onStandardError, (line) => console.error(line));
    if (installs.length > 0) diagnosis = await ask();
  }
  console.log(options.json ? JSON.stringify(diagnosis, null, 2) : diagnosisText(diagnosis));
  if (!isReady(diagnosis)) process.exitCode = notReady;
}

/** So that the answer as JSON stays alone. */
function onStandardError(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    spawn(program, args, { stdio: ["inherit", 2, 2] })
      .on("error", reject)
      .on("close", (code) => resolve(code ?? 1));
  });
}
