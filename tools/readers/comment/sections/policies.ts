import { groupBy } from "../../../../components/shared/group";
import { failing as failingRules, type PolicyReport, type Verdict } from "../../../judge/policy/report";
import { failuresOf } from "../../../review/failures";
import { code, details, prose, table } from "../markdown";
import { labels, limited, type SectionOf } from "../section";

export const policies: SectionOf = (review) => {
  const { policies: report, plan, deleted } = review;
  if (!report || deleted) return undefined;
  const label = labels(plan);
  const { fresh, standing } = failuresOf(review);
  // What only advises, and did so before, is counted in the first line and no more.
  const mandatory = standing.filter(({ level }) => level === "mandatory");
  const before = new Set(
    review.policiesBefore?.verdicts
      .filter(({ outcome }) => outcome === "not-evaluated")
      .map(({ rule, resource }) => `${rule} ${resource}`),
  );
  const open = report.verdicts.filter(
    ({ outcome, rule, resource }) => outcome === "not-evaluated" && !before.has(`${rule} ${resource}`),
  );

  const list = (verdicts: readonly Verdict[], head: readonly string[], most: number) =>
    verdicts.length === 0
      ? ""
      : table(
          head,
          limited(rows(verdicts, label), most, (missing) => [`… and ${missing} more`, "", "", ""]),
        );
  const folded = (title: string, verdicts: readonly Verdict[], head: readonly string[], most: number) =>
    verdicts.length === 0 || most === 0 ? "" : details(title, list(verdicts, head, most));
  const build = (most: number, mostFolded: number) =>
    [
      headline(report),
      list(fresh, failing, most),
      folded(`Failed on the base already: ${mandatory.length}`, mandatory, failing, mostFolded),
      folded(`Not evaluated: ${open.length}, none counted as passed`, open, undecided, mostFolded),
      exemptions(report),
    ]
      .filter((part) => part !== "")
      .join("\n\n");
  return { name: "some policy verdicts", sizes: [build(100, 100), build(40, 10), build(12, 0), headline(report)] };
};

const failing = ["rule", "resource", "what is wrong", "fix"];
const undecided = ["rule", "resource", "why not", "what it asks for"];

/** One row for all resources about which a rule says the same. */
function rows(verdicts: readonly Verdict[], label: (urn: string) => string): string[][] {
  const said = ({ outcome, message, reason }: Verdict) => (outcome === "fail" ? message : (reason ?? message));
  return [...groupBy(verdicts, (verdict) => JSON.stringify([verdict.rule, said(verdict), verdict.fix])).values()].map(
    (same) => [
      `${code(same[0]!.rule)} ${same[0]!.level}`,
      limited(
        same.map(({ resource }) => label(resource)),
        8,
        (missing) => `${missing} more`,
      ).join("<br>"),
      prose(said(same[0]!)),
      prose(same[0]!.fix),
    ],
  );
}

function headline(report: PolicyReport): string {
  const { counts } = report;
  const { stopping, advising } = failingRules(report);
  const parts = [
    stopping > 0 ? `**${stopping} failed**` : "",
    `${counts.pass} passed`,
    advising > 0 ? `${advising} advisory` : "",
    counts.notEvaluated > 0 ? `${counts.notEvaluated} not evaluated` : "",
    counts.exempt > 0 ? `${counts.exempt} exempt` : "",
    counts.remediated > 0 ? `${counts.remediated} remediated` : "",
  ];
  return `**Policies** ${parts.filter((part) => part !== "").join(", ")}`;
}

function exemptions({ exemptions }: PolicyReport): string {
  return exemptions
    .filter(({ state, daysLeft }) => state === "expired" || daysLeft <= 14)
    .map(({ rule, resource, expires, state }) => {
      const when = state === "expired" ? "has expired and covers nothing" : "expires soon";
      return `- The exemption of ${code(resource)} from ${code(rule)} ${when}: ${code(expires)}.`;
    })
    .join("\n");
}
