import { type Command, InvalidArgumentError } from "commander";
import { type Connection, OperateError, type Progress, type Status } from "../../operate/contract";
import { driverOf } from "../../operate/drivers";
import { afterRelease, beforeRelease, hooksFolder } from "../../operate/hooks";
import { receiptText } from "../../operate/receipt";
import type { Receipt } from "../../plan/receipt";
import { documentation } from "../../../components/shared/documentation";

interface Options {
  readonly cwd: string;
  readonly json?: boolean;
  readonly image?: string;
  readonly minimumRequests: number;
  readonly stepSeconds?: number;
  readonly bakeSeconds?: number;
  readonly policyPack?: string;
  readonly policyPackConfig?: string;
  readonly follow?: boolean;
  readonly since: string;
  readonly port: number;
}

/** What a release that did not go through ends with. */
const notReleased = 3;

export function registerOperateCommands(program: Command): void {
  const verb = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .argument("<stack>", "name as in Pulumi.<stack>.yaml")
      .option("--cwd <folder>", "folder with Pulumi.yaml", process.cwd());
  const judged = (command: Command) =>
    command
      .option(
        "--minimum-requests <n>",
        "requests to the new release at each step, below which there is no verdict",
        count,
        50,
      )
      .option("--step-seconds <n>", "in place of release.stepMinutes", count)
      .option("--bake-seconds <n>", "in place of release.bakeMinutes", count)
      .option("--policy-pack <folder>", "policies that the stack's changes are held to")
      .option("--policy-pack-config <file>", "their configuration: slipway policy config")
      .option("--json", "print the receipt as JSON");

  judged(verb("release", "release an image: beside the previous one, judged, then all traffic; or back by itself"))
    .option("--image <reference>", "image to release; default: slipway:image of the stack file")
    .addHelpText(
      "after",
      `\nExit code 3: it was not released, and the previous release serves. ${documentation("releases.md")}\n`,
    )
    .action(async (name: string, options: Options) => {
      const { driver } = await driverOf(name, options.cwd);
      const told = { stack: name, image: options.image };
      try {
        await beforeRelease(options.cwd, told);
      } catch (error) {
        process.exitCode = notReleased;
        console.error((error as Error).message);
        return;
      }
      const receipt = await driver.release(options, progress(options));
      finish(receipt, options);
      if (!(await afterRelease(options.cwd, told, receipt)))
        console.error(`${hooksFolder}/post-release failed; the release stands as the receipt says`);
    });
  judged(verb("rollback", "end the release in progress, or release the previous image again")).action(
    async (name: string, options: Options) => {
      const { driver } = await driverOf(name, options.cwd);
      finish(await driver.rollback(options, progress(options)), options);
    },
  );
  verb("status", "show releases, their replicas and traffic, and the latest receipts")
    .option("--json", "print it as JSON")
    .action(async (name: string, options: Options) => {
      const { driver } = await driverOf(name, options.cwd);
      const status = await driver.status();
      console.log(options.json ? JSON.stringify(status) : statusText(status));
    });
  verb("maintenance", "give visitors the error page, or the site again")
    .argument("<on|off>", "from the next request on", onOrOff)
    .action(async (name: string, on: boolean, options: Options) => {
      const { driver, stack } = await driverOf(name, options.cwd);
      if (driver.maintenance === undefined)
        throw new OperateError(`${stack.operations.target} has no maintenance mode here: slipway:target docker has`);
      await driver.maintenance(on);
      console.log(on ? `${name}: visitors get the error page` : `${name}: visitors get the site`);
    });
  verb("logs", "show the logs of all replicas")
    .option("--follow", "go on")
    .option("--since <time>", "how far back", "10m")
    .action(async (name: string, options: Options) => {
      const { driver } = await driverOf(name, options.cwd);
      process.exitCode = await driver.logs({ follow: options.follow === true, since: options.since });
    });
  verb("connect", "open a shell of your own, or a tunnel to the database")
    .argument("<shell|database>", "what to reach", shellOrDatabase)
    .option("--port <n>", "port on this machine that leads to the database", count, 15432)
    .addHelpText("after", `\nOff until slipway:aws.connect is true. ${documentation("aws.md#getting-in")}\n`)
    .action(async (name: string, what: Connection, options: Options) => {
      const { driver, stack } = await driverOf(name, options.cwd);
      if (driver.connect === undefined)
        throw new OperateError(`${stack.operations.target}: slipway exec ${name} -- sh is the way there`);
      process.exitCode = await driver.connect(what, options, progress(options));
    });
  verb("exec", "run a command in a replica")
    .argument("<command...>", "after --")
    .action(async (name: string, command: readonly string[], options: Options) => {
      const { driver } = await driverOf(name, options.cwd);
      process.exitCode = await driver.exec(command);
    });
}

function onOrOff(value: string): boolean {
  if (value !== "on" && value !== "off") throw new InvalidArgumentError("expected on or off.");
  return value === "on";
}

function shellOrDatabase(value: string): Connection {
  if (value !== "shell" && value !== "database") throw new InvalidArgumentError("expected shell or database.");
  return value;
}

function count(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError("expected a whole number from 0.");
  return Number(value);
}

/** On standard error, so that a receipt as JSON stays alone. */
function progress({ json }: Options): Progress {
  return (stage, text) => {
    if (!json) console.error(`  ${stage.padEnd(11)}${text}`);
  };
}

function finish(receipt: Receipt, { json }: Options): void {
  console.log(json ? JSON.stringify(receipt) : receiptText(receipt));
  if (receipt.outcome === "returned" || receipt.outcome === "refused") process.exitCode = notReleased;
}

function statusText({ releases, leftOver, receipts, maintenance, lastRestoredBackup }: Status): string {
  return [
    ...(maintenance ? ["maintenance: visitors get the error page; slipway maintenance STACK off"] : []),
    ...releases.map(
      ({ name, image, weight, replicas, healthy, since }) =>
        `${name.padEnd(10)}${String(weight).padStart(3)} %  ${healthy} of ${replicas} healthy  since ${since}  ${image}`,
    ),
    ...leftOver.map((line) => `left over  ${line}`),
    ...(lastRestoredBackup === undefined ? [] : [`a backup was last restored at ${lastRestoredBackup}`]),
    ...receipts
      .slice(0, 5)
      .map(({ startedAt, outcome, image, strategy, reason, requests }) =>
        [
          `${startedAt}  ${outcome.padEnd(9)} ${strategy}  ${image.reference}`,
          ...(requests === undefined ? [] : [`${requests.total} requests, ${requests.failed} failed`]),
          reason?.split("\n")[0],
        ]
          .filter((part) => part !== undefined)
          .join("  "),
      ),
  ].join("\n");
}
