import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Review } from "../../review/review";
import { pageModel } from "./model";

/**
 * One HTML page with everything in it: it opens from a disk, asks nobody for anything, and prints.
 * The data travel as JSON and reach the page as text nodes only, so that no value can become markup.
 */
export function htmlReport(reviews: readonly Review[]): string {
  const part = (name: string) => readFileSync(join(__dirname, "template", name), "utf8");
  const data = JSON.stringify(pageModel(reviews)).replace(
    /[<\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const parts: Readonly<Record<string, string>> = { style: part("page.css"), script: part("page.js"), data };
  // The holes are comments and a string, so that the page is a valid one before they are filled, too.
  return part("page.html").replace(
    /\/\* \{(style|script)\} \*\/|"\{(data)\}"/g,
    (_, code?: string, json?: string) => parts[code ?? json ?? ""] ?? "",
  );
}
