import { prose } from "../markdown";
import { labels, limited, type SectionOf } from "../section";

export const warnings: SectionOf = ({ plan, unknowns }) => {
  const label = labels(plan);
  const said = (plan?.diagnostics ?? [])
    .filter(
      ({ severity, message }) => severity === "warning" || severity === "error" || message.startsWith("may replace"),
    )
    .map(({ urn, message }) => `- ${urn === undefined ? "" : `${label(urn)} `}${prose(message)}`);
  const open = (plan ? unknowns : []).map((unknown) => `- ${prose(unknown)}`);
  const list = (title: string, lines: readonly string[], most: number) =>
    lines.length === 0
      ? ""
      : `**${title}**\n\n${limited(lines, most, (missing) => `- … and ${missing} more`).join("\n")}`;
  const build = (most: number) =>
    [list("Warnings", said, most), list("Not known", open, most)].filter((part) => part !== "").join("\n\n");
  if (said.length + open.length === 0) return undefined;
  return { name: "some warnings", sizes: [build(50), build(10), build(3)] };
};
