import { bySeverity, type Finding, type FindingSeverity } from "../../../judge/refusals/finding";
import { listed, together } from "../../../review/together";
import { code, details, link, prose, table } from "../markdown";
import { labels, limited, type SectionOf } from "../section";

/** What the target refuses or the site notices: never folded. What is harmless, and what could not be judged, is. */
export const findings: SectionOf = ({ findings: report, plan }) => {
  if (!report || report.findings.length + report.notEvaluated.length === 0) return undefined;
  const label = labels(plan);
  const sorted = [...report.findings].sort(bySeverity);
  const [grave, harmless] = [sorted.filter(isGrave), sorted.filter((finding) => !isGrave(finding))];
  const where = ({ urn, setting }: Pick<Finding, "urn" | "setting">) =>
    [setting === undefined ? "" : code(setting), urn === undefined ? "" : label(urn)]
      .filter((part) => part !== "")
      .join("<br>");
  const rows = (list: readonly Finding[]) =>
    together(list, ({ id, message }) => `${id} ${message}`).map((same) => {
      const [one] = same;
      return [
        `**${titles[one.severity]}**`,
        listed(same.map(where)),
        prose(one.message),
        `${prose(one.remedy)} ${link(code(one.id), one.link)}`,
      ];
    });
  const list = (found: readonly Finding[], most: number) =>
    table(
      ["on deployment", "where", "what happens", "instead"],
      limited(rows(found), most, (missing) => [`… and ${missing} more`, "", "", ""]),
    );
  const open = () =>
    table(
      ["not evaluated", "where", "why not"],
      report.notEvaluated.map((one) => [link(code(one.id), one.link), where(one), prose(one.reason)]),
    );
  const build = (most: number, folded: boolean) =>
    [
      grave.length === 0 ? "" : list(grave, most),
      !folded || harmless.length === 0 ? "" : details(`Harmless: ${harmless.length}`, list(harmless, most)),
      !folded || report.notEvaluated.length === 0
        ? ""
        : details(`Not evaluated before deployment: ${report.notEvaluated.length}`, open()),
    ]
      .filter((part) => part !== "")
      .join("\n\n");
  return { name: "some of what the target would do", sizes: [build(60, true), build(20, false), build(5, false)] };
};

const titles: Readonly<Record<FindingSeverity, string>> = {
  refused: "refused",
  data: "data lost",
  outage: "outage",
  harmless: "harmless",
};

function isGrave({ severity }: Finding): boolean {
  return severity !== "harmless";
}
