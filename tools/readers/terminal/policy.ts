import { bold, red } from "picocolors";

import { failing, mandatoryFailures, type PolicyReport, type Rule, type Verdict } from "../../../policy/index";
import { referenceUrl } from "../../judge/policy/references";
import { safe, safeDeep } from "./safe";

export function listRules(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  const lines = rules.map(({ id, level, severity, title }) =>
    [id.padEnd(width), level.padEnd(9), severity.padEnd(8), title].join("  "),
  );
  return [...lines, "", `${rules.length} rules. Why and how: slipway policy explain <id>`].join("\n");
}

export function explainRule(rule: Rule): string {
  const parameters = Object.entries(rule.parameters ?? {}).map(
    ([name, parameter]) => `  ${name}  ${parameter.description} Default: ${JSON.stringify(parameter.default)}`,
  );
  const references = rule.references.map(
    (reference) => `  ${[reference, referenceUrl(reference)].filter(Boolean).join("  ")}`,
  );
  return [
    `${bold(rule.id)}  ${rule.title}`,
    `${rule.level} · ${rule.severity} · judges ${rule.scope === "stack" ? "a resource and what belongs to it" : "each resource by itself"}`,
    "",
    `Why   ${rule.why}`,
    `Fix   ${rule.fix}`,
    ...(rule.remediate ? ["      It can be repaired on the way: set the rule's level to `remediate`."] : []),
    ...section("Parameters", parameters),
    ...section("References", references),
    ...section(
      "Judges",
      rule.appliesTo.map((type) => `  ${String(type)}`),
    ),
  ].join("\n");
}

export function showReport(given: PolicyReport, stack: string): string {
  const report = safeDeep(given);
  const { counts } = report;
  const { stopping, advising } = failing(report);
  const failed = report.verdicts.filter(({ outcome }) => outcome === "fail");
  const open = report.verdicts.filter(({ outcome }) => outcome === "not-evaluated");
  const summary = [
    `${counts.pass} ok`,
    `${stopping} failed`,
    ...(advising > 0 ? [`${advising} advisory`] : []),
    `${counts.notEvaluated} not evaluated`,
    ...(counts.exempt > 0 ? [`${counts.exempt} exempt`] : []),
    ...(counts.remediated > 0 ? [`${counts.remediated} remediated`] : []),
  ].join(" · ");
  return [
    `${bold(safe(stack))}  policies  ${summary}  (${report.rulesRun} rules)`,
    ...section("Failed", failed.map(line)),
    ...section("Not evaluated", open.map(line)),
    ...section(
      "Remediated",
      report.remediations.map(
        (one) => `  ${one.rule}  ${nameOf(one.resource)}  ${one.property} = ${String(one.value)}`,
      ),
    ),
    ...section(
      "Exempt",
      report.exemptions.map(
        (one) =>
          `  ${one.rule}  ${one.resource}  ${one.state}, ${one.state === "active" ? "until" : "since"} ${one.expires}  ${one.reason}${one.covers.length === 0 ? "  (covers nothing)" : ""}`,
      ),
    ),
    "",
    mandatoryFailures(report).length > 0
      ? red("A mandatory rule failed: this stack would not be deployed.")
      : "No mandatory rule failed.",
  ].join("\n");
}

function line({ rule, level, resource, property, message, fix }: Verdict): string {
  const where = [nameOf(resource), property].filter(Boolean).join(" ");
  return `  ${bold(rule)}  ${level}  ${where}\n      ${message}\n      ${fix}`;
}

function nameOf(urn: string): string {
  const [, , type = "", name = urn] = urn.split("::");
  return `${name} (${type.split("$").at(-1) ?? ""})`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}
