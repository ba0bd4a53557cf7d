import { propertyRows, resourceRows } from "../judge/refusals/changes";
import { awsChanges } from "./aws-changes";

const begin = "<!-- Written by tools/generate/aws-page.ts from tools/generate/aws-changes.ts. -->";
const end = "<!-- end -->";

/** docs/aws.md with its table of what a changed setting does; the rest is written by hand. */
export function awsPage(current: string): string {
  const [before, rest = ""] = current.split(begin);
  const [, after] = rest.split(end);
  if (after === undefined) throw new Error(`docs/aws.md has no ${begin} with ${end} after it`);
  return `${before}${begin}\n\n${table()}\n\n${end}${after}`;
}

function table(): string {
  return [
    "| changed | updated where they are | replaced | refused |",
    "| --- | --- | --- | --- |",
    ...awsChanges.map(
      ({ refused, replaced = [], title, updated = [], wayBack }) =>
        `| ${title} | ${updated.join(", ")} | ${replaced.join(", ")} | ${refused === undefined ? "" : answer(refused)}${wayBack === undefined ? "" : "; **and so is the way back**"} |`,
    ),
  ].join("\n");
}

/** A row's id with the address of its rule, or what AWS answers. */
function answer(refused: string): string {
  const row = [...propertyRows, ...resourceRows].find(({ id }) => id === refused);
  return row === undefined ? `\`${refused}\`` : `[${refused}](${row.link})`;
}
