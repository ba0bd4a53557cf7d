import { warningsOf } from "../../../review/warnings";
import { prose } from "../markdown";
import { labels, limited, type SectionOf } from "../section";

export const warnings: SectionOf = (review) => {
  const { plan, unknowns } = review;
  const label = labels(plan);
  const said = warningsOf(review).map(
    ({ urn, message }) => `- ${urn === undefined ? "" : `${label(urn)} `}${prose(message)}`,
  );
  const open = (plan ? unknowns : []).map((unknown) => prose(unknown));
  const list = (title: string, lines: readonly string[], most: number) =>
    lines.length === 0
      ? ""
      : `**${title}**\n\n${limited(lines, most, (missing) => `- … and ${missing} more`).join("\n")}`;
  const build = (most: number) =>
    [list("Warnings", said, most), unknown(open, most)].filter((part) => part !== "").join("\n\n");
  if (said.length + open.length === 0) return undefined;
  return { name: "some warnings", sizes: [build(50), build(10), build(3)] };
};

/** Small, as much of it stands under every comment. */
function unknown(sentences: readonly string[], most: number): string {
  if (sentences.length === 0) return "";
  return `<sub>Not known: ${limited(sentences, most, (missing) => `… and ${missing} more`).join("<br>")}</sub>`;
}
