import { type Command, InvalidArgumentError } from "commander";
import type { Backups, Drill, Restored, Say } from "../../operate/data/contract";
import { dataDriverOf } from "../../operate/data/drivers";
import { documentation } from "../../../components/shared/documentation";

interface Options {
  readonly cwd: string;
  readonly json?: boolean;
  readonly at?: string;
  readonly look?: boolean;
  readonly swap?: string;
  readonly ifOlderThan?: number;
}

/** What a drill that failed ends with. */
const notRestorable = 4;

export function registerDataCommands(program: Command): void {
  const verb = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .argument("<stack>", "name as in Pulumi.<stack>.yaml")
      .option("--cwd <folder>", "folder with Pulumi.yaml", process.cwd())
      .option("--json", "print the result as JSON");

  verb("backup", "make a base backup of the database, and of uploads and generated keys, now").action(
    async (name: string, options: Options) => {
      const driver = await dataDriverOf(name, options.cwd);
      print(await driver.backup(saying(options)), options, backupsText);
    },
  );
  verb("restore", "restore the database as of a time: beside the live one, compared, then in its place")
    .option("--at <time>", "such as 2026-11-27T03:00:00Z")
    .option("--look", "leave the copy beside the live database")
    .option("--swap <database>", "put a database that a restore has left in the live one's place")
    .addHelpText(
      "after",
      `\nWhat was live is kept, under a name that is printed. ${documentation("backups.md#restore")}\n`,
    )
    .action(async (name: string, options: Options, command: Command) => {
      const { at, swap, look } = options;
      if ((at === undefined) === (swap === undefined))
        command.error("error: give either --at <time> or --swap <database>");
      const driver = await dataDriverOf(name, options.cwd);
      const restored =
        swap === undefined
          ? await driver.restore(at!, look === true, saying(options))
          : await driver.swap(swap, saying(options));
      print(restored, options, restoredText(name));
    });
  verb("drill", "restore the newest backup into a server of its own, and compare every table")
    .option("--if-older-than <days>", "only where the last restore that passed is older, or none is known", days)
    .addHelpText(
      "after",
      `\nExit code 4: it could not be restored, or is not what is live. ${documentation("backups.md#drill")}\n`,
    )
    .action(async (name: string, options: Options) => {
      const driver = await dataDriverOf(name, options.cwd);
      if (options.ifOlderThan !== undefined) {
        const last = await driver.lastRestored();
        if (last !== undefined && Date.now() - Date.parse(last) < options.ifOlderThan * 86_400_000)
          return console.log(options.json ? JSON.stringify({ lastRestoredBackup: last }) : `last restored ${last}`);
      }
      const drill = await driver.drill(saying(options));
      print(drill, options, drillText);
      if (!drill.ok) process.exitCode = notRestorable;
    });
}

function days(value: string): number {
  if (!/^\d{1,3}$/.test(value)) throw new InvalidArgumentError("expected a whole number of days.");
  return Number(value);
}

/** On standard error, so that a result as JSON stays alone. */
const saying =
  ({ json }: Options): Say =>
  (line) => {
    if (!json) console.error(`  ${line}`);
  };

function print<T>(result: T, { json }: Options, text: (result: T) => string): void {
  console.log(json ? JSON.stringify(result) : text(result));
}

function backupsText({ repositories, archivedAt }: Backups): string {
  return [
    ...repositories.map(({ where, backups }) => {
      const newest = backups.at(-1);
      return `${where.padEnd(24)}${backups.length} base backups${newest ? `, newest ${newest.label} of ${newest.at}` : ""}`;
    }),
    `log archived until ${archivedAt ?? "never"}`,
  ].join("\n");
}

const restoredText =
  (stack: string) =>
  ({ tables, copy, before, next }: Restored): string =>
    [
      ...tables.map(
        ({ name, live, restored, same }) =>
          `${name.padEnd(32)} ${String(live ?? "none").padStart(10)} now ${String(restored ?? "none").padStart(10)} restored   ${same ? "same" : "different"}`,
      ),
      next !== undefined
        ? `beside the live database: ${copy}. ${next}`
        : before === undefined
          ? `beside the live database: ${copy}. In its place: slipway restore ${stack} --swap ${copy}`
          : `restored. What was live is kept as ${before}; back: slipway restore ${stack} --swap ${before}`,
    ].join("\n");

function drillText(drill: Drill): string {
  if (!drill.ok) return `failed: ${drill.error}`;
  return [
    drill.tables === undefined
      ? `restored ${drill.where}, ${drill.backup} and the log since; no rows were compared: ${documentation("backups.md#aws")}`
      : `restored ${drill.backup} from ${drill.where}: ${drill.tables} tables, ${drill.rows} rows, the same as the live ones`,
    `recovery point ${drill.recoveryPointSeconds} s, recovery time ${drill.recoverySeconds} s`,
  ].join("\n");
}
