import type { Command } from "commander";
import { setTimeout as sleep } from "node:timers/promises";
import type { Rotations } from "../../../stacks/rotations";
import { type Driver, OperateError, type Progress } from "../../operate/contract";
import { driverOf } from "../../operate/drivers";
import type { Rotated, RotateOptions } from "../../operate/rotate/contract";
import { rotate } from "../../operate/rotate/rotate";
import { fed } from "../../operate/stack";
import { documentation } from "../../../components/shared/documentation";

interface Options extends RotateOptions {
  readonly cwd: string;
  readonly json?: boolean;
}

export function registerRotateCommand(program: Command): void {
  program
    .command("rotate")
    .description("give secrets a new value while the site runs; without a name, list them")
    .argument("<stack>", "name as in Pulumi.<stack>.yaml")
    .argument("[secret...]", "variable name, such as AUTH_SECRET or DATABASE_PASSWORD")
    .option("--cwd <folder>", "folder with Pulumi.yaml", process.cwd())
    .option("--finish", "accept the previous value no longer", false)
    .option("--reencrypted", "with --finish: nothing is left that the previous ENCRYPTION_KEY encrypted", false)
    .option("--json", "print the result as JSON")
    .addHelpText("after", `\nIt runs pulumi up, as often as it takes. ${documentation("secrets.md")}\n`)
    .action(async (name: string, secrets: readonly string[], options: Options) => {
      const { driver, stack } = await driverOf(name, options.cwd);
      if (secrets.length === 0) {
        const { rotations = {} } = stack.operations;
        return console.log(options.json ? JSON.stringify(rotations) : listText(rotations));
      }
      const progress: Progress = (stage, text) => {
        if (!options.json) console.error(`  ${stage.padEnd(11)}${text}`);
      };
      const tools = {
        run: fed,
        progress,
        pollSeconds: 2,
        ...(driver.progress && { settled: () => settled(driver, progress) }),
      };
      const done: Rotated[] = [];
      for (const secret of secrets) {
        // What a secret's rotation leaves in the outputs, the next one needs.
        const { stack: now } = done.length === 0 ? { stack } : await driverOf(name, options.cwd);
        const rotated = await rotate(now, secret, options, tools);
        done.push(rotated);
        if (!options.json) console.log(`${secret} ${rotated.outcome}: ${rotated.note}`);
      }
      if (options.json) console.log(JSON.stringify(done));
    });
}

async function settled(driver: Driver, progress: Progress): Promise<void> {
  for (let last = ""; ;) {
    const { state, reason } = await driver.progress!();
    if (state === "released") return;
    if (state === "returned")
      throw new OperateError(
        `the release of the new value was taken back: ${reason}. Run the same again when its cause is gone`,
      );
    if (reason !== last) progress(state, reason);
    last = reason;
    await sleep(5000);
  }
}

function listText(rotations: Rotations): string {
  return Object.entries(rotations)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, rotation]) => `${name.padEnd(36)}${howText(rotation)}`)
    .join("\n");
}

function howText(rotation: Rotations[string]): string {
  switch (rotation.by) {
    case "generation":
      return rotation.fallback === undefined
        ? `generation ${rotation.generation}; old and new accepted while it is rotated`
        : `generation ${rotation.generation}, and ${rotation.fallback} accepted: --finish ends that`;
    case "replacement":
      return rotation.effect;
    case "rds":
    case "rds-cluster":
      return "by RDS";
    case "cloudnative-pg":
      return "by CloudNativePG";
    case "hand":
      return `by hand: ${rotation.how}`;
  }
}
