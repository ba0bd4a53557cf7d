import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type State, up } from "./up";

/** `stack output`, `stack export`, `config get`, `config set` and `up`: what the verbs of day two ask of Pulumi. */
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
    case "stack export": {
      const { made = {}, pending = [] } = existsSync(state)
        ? (JSON.parse(readFileSync(state, "utf8")) as Partial<State>)
        : {};
      const resources = [...Object.values(made), ...pending].map(({ type, id }) => ({ type, id }));
      return console.log(JSON.stringify({ version: 3, deployment: { resources } }));
    }
    case "config get": {
      const path = args[2] === "--path" ? args[3]!.split(".") : [args[2]!];
      const value = path.reduce<unknown>(
        (below, key) => (below as Record<string, unknown> | undefined)?.[key],
        read().config,
      );
      if (typeof value !== "string")
        throw new Error(`configuration key '${path.join(".")}' not found for stack '${stack}'`);
      return console.log(value);
    }
    case "config set": {
      const { config } = read();
      if (args[2] === "--path") {
        // As Pulumi does below a path: a number is a number.
        const value = /^\d+$/.test(args[4]!) ? Number(args[4]) : args[4];
        return writeFileSync(file, stringify({ config: changed(config, args[3]!.split("."), value) }));
      }
      return writeFileSync(file, stringify({ config: { ...config, [args[2]!]: args[3] } }));
    }
    case "config rm":
      return writeFileSync(file, stringify({ config: changed(read().config, args[3]!.split("."), undefined) }));
    default:
      if (args[0] === "up") {
        const replaced = args.flatMap((arg, index) =>
          args[index - 1] === "--replace" ? [arg.replace(/^\*\*/, "")] : [],
        );
        return up(stack, read().config, state, replaced);
      }
      throw new Error(`the stand-in knows no ${args.join(" ")}`);
  }
}

function changed(config: object, [key, ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  const below = (config as Record<string, object | undefined>)[key!];
  return { ...config, [key!]: rest.length === 0 ? value : changed(below ?? {}, rest, value) };
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(process.env["SLIPWAY_TEST_DEBUG"] === undefined ? error.message : error.stack);
    process.exit(255);
  },
);
