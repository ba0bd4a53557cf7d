import { InvalidArgumentError, Option } from "commander";
import { defaultGates, type Gate, gates } from "../review/gate";

/** `--fail-on policies,data`, the same for every command that can fail on what a change does. */
export function failOnOption(): Option {
  return new Option("--fail-on <list>", `what to fail on: ${gates.join(", ")}, or none; with commas`)
    .default(defaultGates, defaultGates.join(","))
    .argParser(list);
}

function list(text: string): readonly Gate[] {
  if (text === "none") return [];
  const asked = text.split(",").map((part) => part.trim());
  const unknown = asked.filter((one) => !(gates as readonly string[]).includes(one));
  if (unknown.length > 0) throw new InvalidArgumentError(`${unknown.join(", ")}: expected ${gates.join(", ")} or none`);
  return asked as Gate[];
}
