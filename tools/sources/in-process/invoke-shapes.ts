import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The fields of an answer, by the little of their type that a stand-in needs. */
export type Shape = Readonly<Record<string, "text" | "texts" | "list" | "number" | "truth" | "object">>;

/**
 * The answer of a function as the provider's SDK declares it: `GetAmiResult` in `@pulumi/aws/ec2/getAmi.d.ts` for
 * `aws:ec2/getAmi:getAmi`. Undefined when the SDK is not installed or declares none.
 */
export function shapeOf(token: string, projectDir: string): Shape | undefined {
  const [provider = "", module = "", name = ""] = token.split(":");
  const folder = packageFolder(provider, projectDir);
  if (folder === undefined) return undefined;
  const places = [module === "index" ? "" : module.replace(/\/[^/]+$/, ""), module.replace(/^index\//, ""), ""];
  for (const place of new Set(places)) {
    const file = join(folder, place, `${name}.d.ts`);
    if (existsSync(file)) return declared(readFileSync(file, "utf8"));
  }
  return undefined;
}

function packageFolder(provider: string, projectDir: string): string | undefined {
  for (const from of [projectDir, __dirname]) {
    for (const scope of ["@pulumi", "@pulumiverse"]) {
      try {
        return dirname(createRequire(join(from, "x.js")).resolve(`${scope}/${provider}/package.json`));
      } catch {
        // The next may have it.
      }
    }
  }
  return undefined;
}

function declared(text: string): Shape | undefined {
  const found = /export interface Get\w*Result \{([\s\S]*?)\n\}/.exec(text)?.[1];
  if (found === undefined) return undefined;
  const fields = [...found.matchAll(/^\s{4}readonly (\w+)\??: (.+);$/gm)];
  return Object.fromEntries(fields.map(([, name = "", type = ""]) => [name, kindOf(type)]));
}

function kindOf(type: string): Shape[string] {
  if (/^string\b(?!\[)/.test(type) || type.startsWith('"')) return "text";
  if (type.startsWith("string[]")) return "texts";
  if (/\[\]$/.test(type)) return "list";
  if (type.startsWith("number")) return "number";
  return type.startsWith("boolean") ? "truth" : "object";
}
