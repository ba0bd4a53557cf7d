import type { PolicyReport } from "../../policy/report";
import type { Verdict } from "../../policy/verdict";
import { SettingsError } from "../../stacks/settings/problems";
import type { Failure } from "../plan/failure";
import type { Review, Run } from "./review";
import { estimate } from "../judge/cost/estimate";
import type { CostChange } from "../judge/cost/report";
import type { Plan } from "../plan/plan";
import { evaluatePlan } from "../judge/policy/evaluate-plan";
import { preview, type Preview } from "./preview";
import { readStack, StackFileError } from "../sources/in-process/stack-file";
import { settingsFrom } from "../../stacks/settings/load";
import { type Base, BaseError, checkOutBase } from "../sources/base";
import { difference, type ProviderChanges } from "../sources/difference/difference";
import { readEvents } from "../sources/engine/events";

interface Common {
  readonly projectDir: string;
  /** Full id of the commit that is looked at. */
  readonly commit: string;
}

const notLive =
  "What differs between the program and the live state: this compares two versions of the program. `slipway diff --engine` asks the engine.";

/** Reviews of stacks against their base; both sides are previewed at the same time. @public Loaded late. */
export async function reviewAgainstBase(
  request: Common & { readonly stacks: readonly string[]; readonly base: string },
): Promise<Review[]> {
  const base = await checkOutBase(request.projectDir, request.base).catch((error: unknown) => {
    if (error instanceof BaseError) return error;
    throw error;
  });
  try {
    const reviews: Review[] = [];
    // One stack after the other: the SDK keeps the running program's state for the whole process.
    for (const stack of request.stacks) reviews.push(await reviewOne({ ...request, stack }, base));
    return reviews;
  } finally {
    if (!(base instanceof BaseError)) base.close();
  }
}

async function reviewOne(
  request: Common & { readonly stack: string; readonly base: string },
  base: Base | BaseError,
): Promise<Review> {
  const { stack, projectDir } = request;
  const [before, after] = await Promise.all([
    base instanceof BaseError ? base : base.preview(stack).catch(asBaseError),
    preview({ projectDir, stack }).catch(asFailure),
  ]);
  const common = {
    ...frame(request),
    unknowns: [notLive],
    reproduce: `npx slipway diff ${stack} --base ${request.base}`,
  };
  if ("kind" in after) return { ...common, failure: after };
  const old = before instanceof BaseError ? undefined : before;
  const regions = {
    before: old && !(base instanceof BaseError) ? readStack(base.projectDir, stack).config["aws:region"] : undefined,
    after: after.region,
  };
  return {
    ...common,
    project: after.plan.project,
    ...(before instanceof BaseError && { failure: { kind: "base" as const, message: before.message } }),
    plan: difference(old ?? { ...after.plan, resources: [], diagnostics: [] }, after.plan, movedProviders(regions)),
    policies: after.policies,
    ...(old && { policiesBefore: evaluatePlan(old, after.settings.policies ?? {}, { today: new Date() }) }),
    cost: costOf(after, old, regions.before),
  };
}

/** The plan does not hold the default providers. Of AWS's, the region is what makes all resources new ones. */
function movedProviders({ before, after }: { readonly before?: string; readonly after?: string }): ProviderChanges {
  if (before === undefined || after === undefined || before === after) return {};
  return { aws: [{ path: "region", kind: "update", before, after }] };
}

function costOf({ region = "", settings, plan }: Preview, old: Plan | undefined, oldRegion = region): CostChange {
  const assumptions = settings.costs;
  return {
    after: estimate(plan, { region, assumptions }),
    ...(old && { before: estimate(old, { region: oldRegion, assumptions }) }),
  };
}

/** The review of one run of the engine. @public Loaded late. */
export async function reviewOfEvents(
  request: Common & { readonly stack: string; readonly events: string },
): Promise<Review> {
  const { stack, projectDir } = request;
  const { plan, before, failure, violations } = readEvents(request.events);
  const { config, secretKeys } = readStack(projectDir, stack);
  const settings = settingsFrom(stack, config, (key) => secretKeys.includes(key));
  const options = { region: config["aws:region"] ?? "", assumptions: settings.costs };
  const policies = withViolations(evaluatePlan(plan, settings.policies ?? {}, { today: new Date() }), violations);
  return {
    ...frame(request),
    project: plan.project,
    plan,
    policies,
    cost: { before: estimate(before, options), after: estimate(plan, options) },
    ...(failure && { failure }),
    unknowns: [
      "Whether a secret changed: the engine does not tell.",
      "What depends on what: the engine's events do not say.",
    ],
    reproduce: `npx slipway diff ${stack} --engine`,
  };
}

/** What packs of the engine found and Slipway's own rules did not. */
function withViolations(report: PolicyReport, violations: readonly Verdict[]): PolicyReport {
  const known = new Set(report.verdicts.map(({ rule, resource }) => `${rule} ${resource}`));
  const more = violations.filter(({ rule, resource }) => !known.has(`${rule} ${resource}`));
  if (more.length === 0) return report;
  const fail = report.counts.fail + new Set(more.map(({ rule }) => rule)).size;
  return { ...report, verdicts: [...more, ...report.verdicts], counts: { ...report.counts, fail } };
}

function frame({
  stack,
  commit,
}: {
  readonly stack: string;
  readonly commit: string;
}): Pick<Review, "version" | "project" | "stack" | "run"> {
  return { version: 1, project: "", stack, run: localRun(commit) };
}

/** `slipway comment` puts the pipeline's own run in its place. */
function localRun(commit: string): Run {
  return { number: 0, attempt: 1, commit, at: new Date().toISOString() };
}

function asBaseError(error: unknown): BaseError {
  if (error instanceof BaseError) return error;
  throw error;
}

function asFailure(error: unknown): Failure {
  const settings = error instanceof SettingsError || error instanceof StackFileError;
  const message = error instanceof Error ? (settings ? error.message : (error.stack ?? error.message)) : String(error);
  return { kind: settings ? "settings" : "program", message };
}
