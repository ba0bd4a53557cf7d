import { parseDocument } from "yaml";
import { allSettings } from "./settings-reference";

/**
 * Pulumi.yaml with its `config` section made from the settings. Every entry has a default, empty where nothing is a good
 * one: the engine would refuse a missing value by itself, one key at a time, and with an empty one Slipway lists all that
 * is missing. For the same reason a project with another name still works: the engine then fills in keys of that name,
 * which nobody reads, and asks for none.
 */
export function projectFile(current: string): string {
  const document = parseDocument(current);
  const config = Object.fromEntries(
    allSettings().map(({ key, type, description, children }) => {
      const object = children.length > 0 || type === "mapping";
      return [key, { type: object ? "object" : "string", description, default: object ? {} : "" }];
    }),
  );
  document.set("config", document.createNode(config));
  return document.toString({ lineWidth: 120 });
}
