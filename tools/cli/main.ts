import { constants } from "node:os";
import { Command, CommanderError } from "commander";
import { catalogue } from "./catalogue";
import { safeLines } from "../readers/terminal/safe";
import { isUsageError } from "../plan/usage-error";
import { exitCodes } from "./exit-codes";

type Register = (program: Command) => void;

const data = () => (require("./commands/data") as typeof import("./commands/data")).registerDataCommands;
const operate = () => (require("./commands/operate") as typeof import("./commands/operate")).registerOperateCommands;

/** Each command with the modules it needs, loaded when it is asked for: a preview must not wait for GitHub's client. */
export const commands: Readonly<Record<string, () => Register>> = {
  init: () => (require("./commands/init") as typeof import("./commands/init")).registerInitCommand,
  preview: () => (require("./commands/preview") as typeof import("./commands/preview")).registerPreviewCommand,
  render: () => (require("./commands/render") as typeof import("./commands/render")).registerRenderCommand,
  diff: () => (require("./commands/diff") as typeof import("./commands/diff")).registerDiffCommands,
  comment: () => (require("./commands/comment") as typeof import("./commands/comment")).registerCommentCommands,
  cost: () => (require("./commands/cost") as typeof import("./commands/cost")).registerCostCommands,
  ...Object.fromEntries(
    ["release", "rollback", "status", "maintenance", "logs", "connect", "exec"].map((verb) => [verb, operate]),
  ),
  rotate: () => (require("./commands/rotate") as typeof import("./commands/rotate")).registerRotateCommand,
  doctor: () => (require("./commands/doctor") as typeof import("./commands/doctor")).registerDoctorCommand,
  ...Object.fromEntries(["backup", "restore", "drill"].map((verb) => [verb, data])),
  host: () => (require("./commands/host") as typeof import("./commands/host")).registerHostCommand,
  policy: () => (require("./commands/policy") as typeof import("./commands/policy")).registerPolicyCommands,
};

export function main(argv: readonly string[]): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", unread);
  const program = new Command("slipway")
    .description("One Next.js image and one small stack file, in production.")
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError("(slipway --help shows every command)")
    .exitOverride();
  const asked = commands[(argv[2] === "help" ? argv[3] : argv[2]) ?? ""];
  if (asked === undefined)
    for (const [name, usage, text] of catalogue) program.command(name).usage(usage).description(text);
  else asked()(program);
  program.configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}`.trim() });
  program.addHelpText("after", exitCodes);
  program
    .parseAsync([...argv])
    .catch(fail)
    .finally(end);
}

/** The reader has read enough, as in `| head -1`: no fault, and no success either for a pipeline that asks. */
function unread(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode || 128 + constants.signals.SIGPIPE);
}

/** Now: what a program that was previewed has left open, a timer or a connection, would keep the process running. */
function end(): void {
  process.stdout.write("", (error) => (error ? unread(error) : process.exit()));
}

/** Errors that a person made are a message; errors that we made are a stack trace. */
function fail(error: unknown): void {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1;
  else if (isUsageError(error)) {
    console.error(safeLines(error.message));
    process.exitCode = 1;
  } else {
    console.error(error);
    process.exitCode = 70;
  }
}
