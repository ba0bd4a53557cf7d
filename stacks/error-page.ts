import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

/** The text of a page that is shown while the site cannot answer: a file beside Pulumi.yaml. */
export function errorPageAt(setting: string, path: string | undefined, mostKb: number): string | undefined {
  if (path === undefined) return undefined;
  const wrong = (what: string) => new pulumi.RunError(`slipway:${setting} ${path} ${what}. Nothing was created.`);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw wrong("cannot be read: expected a file beside Pulumi.yaml");
  }
  if (Buffer.byteLength(text) > mostKb * 1024) throw wrong(`is larger than ${mostKb} KiB`);
  return text;
}
