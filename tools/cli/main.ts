import { Command, CommanderError } from "commander";
import { SettingsError } from "../../stacks/problems";
import { StackFileError } from "../preview/stack-file";
import { exitCodes } from "./exit-codes";

type Register = (program: Command) => void;

/** Each command with the modules it needs, loaded when it is asked for: a preview must not wait for GitHub's client. */
const commands: Readonly<Record<string, () => Register>> = {
  preview: () => (require("./preview") as typeof import("./preview")).registerPreviewCommand,
  render: () => (require("./render") as typeof import("./render")).registerRenderCommand,
  diff: () => (require("../diff/commands") as typeof import("../diff/commands")).registerDiffCommands,
  comment: () => (require("../comment/commands") as typeof import("../comment/commands")).registerCommentCommands,
  cost: () => (require("../cost/commands") as typeof import("../cost/commands")).registerCostCommands,
  policy: () => (require("../policy/commands") as typeof import("../policy/commands")).registerPolicyCommands,
};

export function main(argv: readonly string[]): void {
  const program = new Command("slipway")
    .description("One Next.js image and one small stack file, in production.")
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError("(slipway --help shows every command)")
    .exitOverride();
  const asked = commands[argv[2] ?? ""];
  for (const load of asked === undefined ? Object.values(commands) : [asked]) load()(program);
  program.addHelpText("after", exitCodes);
  program.parseAsync([...argv]).catch(fail);
}

/** Errors that a person made are a message; errors that we made are a stack trace. */
function fail(error: unknown): void {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1;
  else if (error instanceof SettingsError || error instanceof StackFileError || isExpected(error)) {
    console.error(error.message);
    process.exitCode = 1;
  } else {
    console.error(error);
    process.exitCode = 70;
  }
}

/** `RunError` is how a Pulumi program says what its user did wrong. */
function isExpected(error: unknown): error is Error {
  return error instanceof Error && (error.name === "RunError" || "__pulumiRunError" in error);
}
