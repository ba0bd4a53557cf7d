import { judge, type Outcome } from "../../review/verdict";
import { bySeverity, type Finding } from "../../judge/refusals/finding";
import type { Relaxation } from "../../judge/relaxed/relaxed";
import type { SettingChange } from "../../sources/difference/settings";
import type { Failure } from "../../plan/failure";
import { comparedCost, type Review, type Run } from "../../review/review";
import { costDifference } from "../../judge/cost/difference";
import type { CostChange } from "../../judge/cost/report";
import { isChange, summarize } from "../../review/changes";
import { follows } from "../../review/highlights";
import { renames } from "../../review/renames";
import { componentFinder, componentLabel, resourceLabel, shortType } from "../../plan/urn";
import { formatValue } from "../../plan/values";
import { customResources, type Diagnostic, type Operation, type Plan, type PlanResource } from "../../plan/plan";
import { failing, type PolicyReport, type Verdict } from "../../judge/policy/report";
import { failuresOf } from "../../review/failures";
import { type Drawing, draw } from "./drawing";

/** What the page shows of one stack: text only, secrets masked long before. */
export interface PageStack {
  readonly stack: string;
  readonly project: string;
  readonly outcome: Outcome;
  /** Operations are real: false for a preview of the desired state alone. */
  readonly compared: boolean;
  readonly failure?: Failure;
  readonly relaxed: readonly Relaxation[];
  readonly findings: readonly Finding[];
  readonly settings: readonly SettingChange[];
  readonly renames: readonly { readonly before: string; readonly after: string; readonly alias: string }[];
  /** Of the resource that a reader has to see first. */
  readonly worst?: string;
  /** Per month; absent without a base, `null` where something that changes has no price. */
  readonly differenceUsd?: number | null;
  readonly components: readonly PageComponent[];
  /** A verdict is `standing` where it failed on the base already. */
  readonly policies?: Omit<PolicyReport, "verdicts"> &
    ReturnType<typeof failing> & { readonly verdicts: readonly (Verdict & { readonly standing?: true })[] };
  readonly cost?: CostChange;
  readonly drawing?: Drawing;
  readonly diagnostics: readonly Diagnostic[];
  readonly unknowns: readonly string[];
  readonly run: Run;
  readonly reproduce: string;
}

interface PageComponent {
  readonly urn: string;
  readonly concern: string;
  readonly name: string;
  readonly implementation: string;
  readonly monthlyUsd: number;
  readonly resources: readonly PageResource[];
}

interface PageResource {
  readonly urn: string;
  readonly label: string;
  readonly type: string;
  readonly operation: Operation;
  readonly monthlyUsd: number;
  readonly lost?: string;
  readonly protect: boolean;
  readonly inputs: readonly (readonly [string, string])[];
  readonly changes: readonly PageChange[];
}

interface PageChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly forces: boolean;
}

export function pageModel(reviews: readonly Review[]): PageStack[] {
  // The worst first; of equals, as they come.
  return reviews
    .map((review) => ({ review, outcome: judge(review) }))
    .sort((a, b) => gravities.indexOf(a.outcome.gravity) - gravities.indexOf(b.outcome.gravity))
    .map(({ review: { plan, policies, cost, ...review }, outcome }) => ({
      stack: review.stack,
      project: review.project,
      outcome,
      compared: plan !== undefined && plan.source !== "in-process",
      failure: review.failure,
      relaxed: review.relaxed ?? [],
      findings: [...(review.findings?.findings ?? [])].sort(bySeverity),
      settings: review.settings ?? [],
      renames:
        plan && !review.deleted && review.failure?.kind !== "base"
          ? renames(plan).map(({ before, after, alias }) => ({ before: before.name, after: after.name, alias }))
          : [],
      worst: plan && worstOf(plan, review.findings?.findings ?? [], policies),
      ...differenceOf(comparedCost({ cost, ...review }), plan),
      components: plan ? componentsOf(plan, cost) : [],
      policies: policies && {
        ...policies,
        ...failing(policies),
        verdicts: withStanding({ plan, policies, cost, ...review }, policies),
      },
      cost,
      drawing: plan && draw(plan),
      diagnostics: plan?.diagnostics.filter(({ severity }) => severity !== "debug") ?? [],
      unknowns: plan ? review.unknowns : [],
      run: review.run,
      reproduce: review.reproduce,
    }));
}

function withStanding(review: Review, { verdicts }: PolicyReport) {
  const standing = new Set(failuresOf(review).standing);
  return verdicts.map((verdict) => (standing.has(verdict) ? { ...verdict, standing: true as const } : verdict));
}

const gravities = ["danger", "attention", "calm"];

function differenceOf(cost: CostChange | undefined, plan: Plan | undefined): Pick<PageStack, "differenceUsd"> {
  const difference = cost && costDifference(cost, plan);
  return difference ? { differenceUsd: difference.monthlyUsd ?? null } : {};
}

/** What is lost, then what is refused or destroyed, then what fails, then any change. */
function worstOf(plan: Plan, findings: readonly Finding[], policies: PolicyReport | undefined): string | undefined {
  const { destroyed } = summarize(plan);
  const found = [...findings]
    .sort(bySeverity)
    .filter(({ urn, severity }) => urn !== undefined && severity !== "harmless");
  const losing = destroyed.find(({ lost, startsEmpty }) => lost !== undefined || startsEmpty);
  const gone = destroyed.find(({ routine }) => !routine);
  const failed = policies?.verdicts.find(({ outcome, level }) => outcome === "fail" && level === "mandatory");
  const changed = customResources(plan).filter(({ operation }) => isChange(operation) && plan.source !== "in-process");
  // Of what only changes, that with most of its own to say.
  const [most] = [...changed].sort((a, b) => own(b) - own(a));
  return losing?.resource.urn ?? found[0]?.urn ?? gone?.resource.urn ?? failed?.resource ?? most?.urn;
}

function own({ changes = [] }: PlanResource): number {
  return changes.filter((change) => !follows(change)).length;
}

function componentsOf(plan: Plan, cost: CostChange | undefined): PageComponent[] {
  const componentOf = componentFinder(plan);
  const lost = new Map(summarize(plan).destroyed.map((one) => [one.resource.urn, one.lost]));
  const spent = (key: "urn" | "component", urn: string) =>
    (cost?.after.lines ?? []).filter((line) => line[key] === urn).reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
  const page = (resource: PlanResource): PageResource => ({
    urn: resource.urn,
    label: resourceLabel(resource, componentOf).split("/").pop() ?? resource.name,
    type: resource.type,
    operation: resource.operation,
    monthlyUsd: spent("urn", resource.urn),
    lost: lost.get(resource.urn),
    protect: resource.options.protect === true,
    inputs: Object.entries(resource.inputs).map(([name, value]) => [name, formatValue(value, 2000)] as const),
    changes: (resource.changes ?? []).map(({ path, before, after, forcesReplacement }) => ({
      path,
      before: formatValue(before, 400),
      after: formatValue(after, 400),
      forces: forcesReplacement,
    })),
  });
  const members = new Map<PlanResource, PlanResource[]>();
  for (const resource of customResources(plan)) {
    const component = componentOf(resource);
    members.set(component, [...(members.get(component) ?? []), resource]);
  }
  return [...members].map(([component, resources]) => ({
    urn: component.urn,
    concern: componentLabel(component),
    name: component.name,
    implementation: shortType(component.type),
    monthlyUsd: spent("component", component.urn),
    resources: [...resources].sort((a, b) => rank(a) - rank(b)).map(page),
  }));
}

function rank({ operation }: PlanResource): number {
  return isChange(operation) ? 0 : 1;
}
