import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { bold, cyan, dim, green, red, yellow } from "picocolors";
import { failing, mandatoryFailures, type PolicyReport } from "../../../policy/report";
import type { ExemptionStatus, Verdict } from "../../../policy/verdict";
import { releaseOf } from "../../../components/image/contract";
import type { Settings } from "../../../stacks/settings/settings";
import { documentation } from "../../../components/shared/documentation";
import { definitionOf } from "../../../stacks/targets";
import { dollars } from "../../judge/cost/money";
import type { CostReport } from "../../judge/cost/report";
import type { Finding, FindingReport } from "../../judge/refusals/finding";
import { groupBy } from "../../../components/shared/group";
import type { Plan } from "../../plan/plan";
import { safeDeep } from "./safe";
import type { Preview } from "../../review/preview";
import { shownOutput } from "../../review/concerns";

/** All stacks, a line each, and what to do next. */
export function overview(given: readonly Preview[], seconds: number): string {
  const previews = given.map(shownSafely);
  const rows = previews.map(({ plan, settings, region, summary, policies, findings, cost }) => [
    bold(plan.stack),
    settings?.target ?? plan.project,
    region ?? (settings ? definitionOf(settings).place : ""),
    settings || plan.outputs["url"] !== undefined ? shownOutput(plan.outputs["url"]) : "",
    `${summary.resources} resources`,
    price(cost, settings),
    `policies ${counts(policies)}`,
    deployability(findings),
  ]);
  const live = previews.some(({ plan }) => plan.source === "engine");
  const count = previews.length === 1 ? "1 stack" : `${previews.length} stacks`;
  const failed = previews.flatMap(({ plan, policies }) =>
    byRule(mandatoryFailures(policies)).map((text) => ({ stack: plan.stack, text })),
  );
  const refused = previews.flatMap(({ plan, findings }) =>
    findings.findings.map((finding) => ({ stack: plan.stack, text: refusal(finding) })),
  );
  return [
    `${bold("Slipway")}  previewing ${count} ${live ? "by the engine" : "in-process: no account, no credentials"}, nothing is created`,
    "",
    ...table(rows),
    "",
    ...(failed.length > 0 ? [...failed.map(({ stack, text }) => `  ${red("failed")}  ${stack}: ${text}`), ""] : []),
    ...(refused.length > 0 ? [...refused.map(({ stack, text }) => `  ${red("refused")}  ${stack}: ${text}`), ""] : []),
    `  ${count} in ${seconds.toFixed(1)} s. ${dim(live ? "What would stand once it is deployed." : "Desired state only: without the engine the live state is not known.")}`,
    "",
    ...nextSteps(previews),
  ].join("\n");
}

/** One stack, by component. */
export function oneStack(preview: Preview): string {
  const { plan, settings, region, summary, policies, findings, cost } = shownSafely(preview);
  const title = [plan.stack, settings?.target ?? plan.project, region, settings && `${settings.preset} preset`]
    .filter((part) => part !== undefined)
    .join(" · ");
  const image = settings ? imageOf(settings) : "";
  const rows = summary.concerns.map(({ concern, implementations, facts, resources, urns }) => [
    cyan(concern),
    implementations.join(", "),
    facts.join(", "),
    String(resources),
    concernPrice(cost, urns),
  ]);
  const failed = policies.verdicts.filter(({ outcome }) => outcome === "fail");
  const open = policies.verdicts.filter(({ outcome }) => outcome === "not-evaluated");
  const warnings = plan.diagnostics.filter(({ severity }) => severity === "warning");
  return [
    `${bold(title)}    ${dim(image)}`,
    "",
    ...table(rows),
    "",
    ...labelled([
      ...(settings
        ? ways(plan)
        : Object.entries(plan.outputs).map(([name, value]) => [name, shownOutput(value)] as const)),
      ["Resources", `${summary.resources}`],
      [
        "Cost",
        `${price(cost, settings)}${cost.unpriced.length > 0 ? `, ${cost.unpriced.length} ${cost.unpriced.length === 1 ? "resource" : "resources"} without a price` : ""}    slipway cost ${plan.stack}`,
      ],
      ...(judged(findings)
        ? [["Deployable", deployability(findings).replace(/^deployable /, "")] as [string, string]]
        : []),
      ...findings.findings.map((finding): [string, string] => [red("Refused"), refusal(finding)]),
      ...findings.notEvaluated.map(({ id, urn, reason }): [string, string] => [
        "Not evaluated",
        `${id}${urn === undefined ? "" : ` on ${nameOf(urn)}`}: ${reason}`,
      ]),
      ["Policies", counts(policies)],
      ...byRule(failed.filter(({ level }) => level === "mandatory")).map((text): [string, string] => [
        red("Failed"),
        text,
      ]),
      ...byRule(failed.filter(({ level }) => level !== "mandatory")).map((text): [string, string] => [
        yellow("Advisory"),
        text,
      ]),
      ...byRule(open).map((text): [string, string] => ["Not evaluated", text]),
      ...policies.remediations.map(({ rule, resource, property, value }): [string, string] => [
        "Repaired",
        `${rule} on ${nameOf(resource)}: ${property} = ${String(value)}`,
      ]),
      ...policies.exemptions.map(exempt),
      ...plan.diagnostics
        .filter(({ standIn }) => standIn)
        .map(({ message }): [string, string] => ["Not known", message]),
      ...warnings.map(({ message }): [string, string] => [yellow("Warning"), message]),
    ]),
  ].join("\n");
}

/** All that is printed, without what would act in a terminal. Resources themselves are not printed. */
function shownSafely({ plan, summary, policies, findings, cost, region, ...rest }: Preview): Preview {
  const { resources, ...said } = plan;
  return {
    ...rest,
    plan: { ...safeDeep(said), resources },
    ...safeDeep({ summary, policies, findings, cost, region }),
  };
}

function judged({ findings, notEvaluated, passed }: FindingReport): boolean {
  return findings.length + notEvaluated.length + passed > 0;
}

/** What the target's API says of the state; nothing where no rule of it is known. */
function deployability(report: FindingReport): string {
  if (!judged(report)) return "";
  const { findings, notEvaluated, passed } = report;
  return [
    `deployable ${green(`${passed} ok`)}`,
    findings.length > 0 ? red(`${findings.length} refused`) : "0 refused",
    ...(notEvaluated.length > 0 ? [`${notEvaluated.length} not evaluated`] : []),
  ].join(" · ");
}

function refusal({ id, urn, message, remedy, link }: Finding): string {
  return `${id}${urn === undefined ? "" : ` on ${nameOf(urn)}`}: ${message}  ${dim(`${remedy} ${link}`)}`;
}

function imageOf({ image, target, build }: Settings): string {
  if (image !== undefined) return `image ${shortImage(image)}`;
  return `${target === "vercel" ? "built by Vercel" : "image built"} from ${build?.context}`;
}

function ways({ outputs }: Plan): (readonly [string, string])[] {
  return [
    ["Reaches you at", `${shownOutput(outputs["url"])}    health ${shownOutput(outputs["health"])}`],
    ["Look at", shownOutput(outputs["dashboard"])],
    ["Logs", shownOutput(outputs["logs"])],
    ["Roll back", shownOutput(outputs["rollback"])],
  ];
}

/** A line for each rule; the resources are named by the first, and by `slipway policy check` in full. */
function byRule(verdicts: readonly Verdict[]): string[] {
  return [...groupBy(verdicts, ({ rule }) => rule).values()].map((same) => {
    const more = same.length > 1 ? dim(` and ${same.length - 1} more`) : "";
    const { rule, message, fix, outcome } = same[0]!;
    return `${rule} on ${nameOf(same[0]!.resource)}${more}: ${message}${outcome === "fail" ? `  ${dim(fix)}` : ""}`;
  });
}

/** Also those that cover nothing any more: they are for somebody to delete. */
function exempt({ rule, resource, state, expires, daysLeft, reason, covers }: ExemptionStatus): [string, string] {
  const days = `${Math.abs(daysLeft)} ${Math.abs(daysLeft) === 1 ? "day" : "days"}`;
  const until = state === "active" ? `until ${expires}, ${days} left` : `expired on ${expires}, ${days} ago`;
  const what = covers.length === 0 ? "  covers nothing" : "";
  return [state === "active" ? "Exempt" : red("Expired"), `${rule} on ${resource} ${until}: ${reason}${dim(what)}`];
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** Rules that stop a deployment when they fail, and those that only advise. */
function counts(report: PolicyReport): string {
  const { pass, notEvaluated, exempt: excused, remediated } = report.counts;
  const { stopping, advising } = failing(report);
  return [
    green(`${pass} ok`),
    stopping > 0 ? red(`${stopping} failed`) : "0 failed",
    ...(advising > 0 ? [yellow(`${advising} advisory`)] : []),
    ...(notEvaluated > 0 ? [`${notEvaluated} not evaluated`] : []),
    ...(excused > 0 ? [`${excused} exempt`] : []),
    ...(remediated > 0 ? [`${remediated} repaired`] : []),
  ].join(" · ");
}

function concernPrice({ components }: CostReport, urns: readonly string[]): string {
  const usd = components.filter(({ urn }) => urns.includes(urn)).reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
  return usd > 0 ? dollars(usd) : "";
}

/** What the provider charges; what runs on a cluster or host that is paid for anyway costs nothing more. */
function price({ monthlyUsd, lines, unpriced: open }: CostReport, settings: Settings | undefined): string {
  if (lines.length > 0) return `~${dollars(monthlyUsd)}${open.length > 0 ? "+" : ""}/month`;
  if (open.length > 0 && settings?.target !== "vercel") return "price not known";
  return settings ? definitionOf(settings).unpriced : "free";
}

function nextSteps(previews: readonly Preview[]): string[] {
  const first = previews[0]?.plan.stack ?? "prod";
  const missing = [
    ...(runs("pulumi", "version") ? [] : ["the Pulumi CLI"]),
    ...(runs("docker", "info") ? [] : ["a Docker engine"]),
  ];
  const local = previews.find(({ settings }) => settings?.target === "docker")?.plan.stack;
  return labelled([
    ["Look closer", `npx slipway preview ${first}`],
    ...(local === undefined
      ? []
      : ([
          [
            "Deploy here",
            `pulumi up -s ${local}${missing.length > 0 ? `    (needs ${missing.join(" and ")}: not found here)` : ""}`,
          ],
        ] as [string, string][])),
    ["Your app", documentation("bring-your-app.md")],
  ]);
}

function runs(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: "ignore", timeout: 3000 }).status === 0;
}

function shortImage(reference: string): string {
  return reference.includes("@") ? `${reference.split("@")[0]}@sha256:${releaseOf(reference)}…` : reference;
}

function labelled(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([label]) => visible(label).length));
  return rows.map(([label, text]) => `  ${label}${" ".repeat(width - visible(label).length)}   ${text}`);
}

/** Columns as wide as their widest cell; a cell that is too long for its column wraps nowhere and ends the line. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => visible(row[column] ?? "").length))) ?? [];
  return rows.map((row) =>
    `  ${row.map((cell, column) => (column === row.length - 1 ? cell : cell + " ".repeat(widths[column]! - visible(cell).length))).join("   ")}`.trimEnd(),
  );
}

const visible = stripVTControlCharacters;
