import { groupBy } from "../../../../components/shared/group";
import { isCertain, type Relaxation } from "../../../judge/relaxed/relaxed";
import { listed, together } from "../../../review/together";
import { code, prose, table } from "../markdown";
import { labels, limited, type SectionOf } from "../section";

/** Above all else but a failure: what the rest of the comment was judged by is weaker than it was. Never folded. */
export const relaxed: SectionOf = ({ relaxed = [], plan }) => {
  if (relaxed.length === 0) return undefined;
  const label = labels(plan);
  const subject = ({ kind, subject }: Relaxation) => (kind === "protection" ? label(subject) : code(subject));
  const build = (most: number, files: number) => {
    const certain = relaxed.filter(isCertain);
    const edited = [
      ...groupBy(
        relaxed.filter((one) => !isCertain(one)),
        ({ message }) => message,
      ),
    ];
    return [
      "**Relaxed by this change**",
      certain.length === 0
        ? ""
        : table(
            ["what", "was and is"],
            limited(
              together(certain, ({ kind, message }) => `${kind} ${message}`).map((same) => [
                `${titles[same[0].kind]} ${listed(same.map(subject), 12)}`,
                prose(same[0].message),
              ]),
              most,
              (missing) => [`… and ${missing} more`, ""],
            ),
          ),
      ...edited.map(([message, own]) => {
        const names = limited(
          own.map(({ subject }) => code(subject)),
          files,
          (missing) => `${missing} more`,
        );
        return `- ${names.join(", ")}: ${prose(message)}`;
      }),
    ]
      .filter((part) => part !== "")
      .join("\n\n")
      .replace(/\n\n- /g, "\n- ")
      .replace("\n- ", "\n\n- ");
  };
  return { name: "some of what is relaxed", sizes: [build(100, 20), build(30, 5), build(10, 2)] };
};

const titles: Readonly<Record<Relaxation["kind"], string>> = {
  rule: "rule",
  exemption: "exemption from",
  guard: "guard",
  protection: "protection of",
  stack: "stack file",
  verdict: "rule",
  source: "file",
  workflow: "workflow",
};
