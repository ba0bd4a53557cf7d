import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { up } from "./up";

/** `stack output`, `config get`, `config set` and `up`: what the verbs of day two ask of Pulumi. */
async function main(args: readonly string[]): Promise<void> {
  const stack = args[args.indexOf("--stack") + 1]!;
  const file = join(process.cwd(), `Pulumi.${stack}.yaml`);
  const state = join(process.cwd(), `${stack}.state.json`);
  const read = () => parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  switch (`${args[0]} ${args[1]}`) {
    case "stack output":
      return console.log(
        JSON.stringify(
          existsSync(state) ? (JSON.parse(readFileSync(state, "utf8")) as { outputs: object }).outputs : {},
        ),
      );
    case "config get": {
      const value = read().config[args[2]!];
      if (typeof value !== "string") throw new Error(`configuration key '${args[2]}' not found for stack '${stack}'`);
      return console.log(value);
    }
    case "config set": {
      const { config } = read();
      if (args[2] === "--path") {
        const [key, member] = args[3]!.split(".") as [string, string];
        const section = { ...(config[key] as object | undefined), [member]: args[4] };
        return writeFileSync(file, stringify({ config: { ...config, [key]: section } }));
      }
      return writeFileSync(file, stringify({ config: { ...config, [args[2]!]: args[3] } }));
    }
    default:
      if (args[0] === "up") return up(stack, read().config, state);
      throw new Error(`the stand-in knows no ${args.join(" ")}`);
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(process.env["SLIPWAY_TEST_DEBUG"] === undefined ? error.message : error.stack);
    process.exit(255);
  },
);
