import type { Verdict } from "../../policy/verdict";
import { estimate } from "../judge/cost/estimate";
import { evaluatePlan } from "../judge/policy/evaluate-plan";
import type { PolicyReport } from "../judge/policy/report";
import { refusalsOf } from "../judge/refusals/states";
import { lostProtections } from "../judge/relaxed/protections";
import type { Plan } from "../plan/plan";
import { type EngineRun, NotEvents, readEvents } from "../sources/engine/events";
import { ProgramError } from "../sources/in-process/failure";
import { hasProject, hasStack, readProject, shortStackName } from "../sources/in-process/project";
import { readStack } from "../sources/in-process/stack-file";
import { summarise } from "./concerns";
import { found } from "./found";
import { guarded } from "./guarded";
import type { Preview } from "./preview";
import { type Review, frame } from "./review";
import { type StackSettings, stackSettings } from "./stack-settings";

interface OfEvents {
  readonly projectDir: string;
  readonly stack: string;
  /** What one run of the engine printed, of a program in whatever language. */
  readonly events: string;
}

/** The review of one run of the engine: what stands, by the stack's state, against what would. @public Loaded late. */
export async function reviewOfEvents(
  request: OfEvents & { readonly commit: string; readonly labels?: readonly string[] },
): Promise<Review> {
  const { run, judgedBy } = read(request);
  const { plan, before, failure, violations } = run;
  const { policies: configuration, assumptions, guards, region = "" } = judgedBy;
  const options = { region, assumptions };
  const today = new Date();
  const review: Review = {
    ...frame(request),
    project: plan.project,
    plan,
    // Of a program that failed before it registered any, nothing was judged.
    ...((violations.length > 0 || plan.resources.some(({ custom }) => custom) || !failure) && {
      policies: withViolations(evaluatePlan(plan, configuration, { today }), violations),
    }),
    policiesBefore: evaluatePlan(before, configuration, { today }),
    relaxed: lostProtections(plan),
    findings: found(plan, refusalsOf(plan, configuration, { today })),
    cost: { before: estimate(before, options), after: estimate(plan, options) },
    ...(failure && { failure }),
    unknowns: [
      "Whether a secret changed: the engine does not tell.",
      "What depends on what: the engine's events do not say.",
    ],
    reproduce: `npx slipway diff ${request.stack} --engine`,
  };
  return guarded(review, [guards], request.labels ?? []);
}

/** What the run would leave behind, as a preview of the program shows it. @public Loaded late. */
export function previewOfEvents(request: OfEvents): Preview {
  const { run, judgedBy } = read(request);
  if (run.failure) throw new ProgramError(run.failure);
  const { settings, policies, assumptions, region } = judgedBy;
  const plan: Plan = { ...run.plan, resources: run.plan.resources.filter(({ operation }) => operation !== "delete") };
  const day = { today: new Date() };
  return {
    ...(settings && { settings }),
    judgedBy,
    region,
    plan,
    summary: summarise(plan),
    policies: withViolations(evaluatePlan(plan, policies, day), run.violations),
    findings: refusalsOf(plan, policies, day),
    cost: estimate(plan, { region: region ?? "", assumptions }),
  };
}

interface Read {
  readonly run: EngineRun;
  readonly judgedBy: StackSettings;
}

function read({ projectDir, stack, events }: OfEvents): Read {
  const run = readEvents(events);
  const { project, file } = stackHere(projectDir, stack, run);
  const name = stack.split("/").at(-1)!;
  // Else they would be judged by another stack's levels, prices and guards. A run that failed early names none.
  const { plan } = run;
  if (plan.stack !== "" && (plan.stack !== name || plan.project !== project)) {
    throw new NotEvents(
      `These are events of the stack ${plan.stack} of ${plan.project}, and what is asked for is ${name} of ${project}.`,
    );
  }
  return { run: { ...run, plan: { ...plan, stack: name, project } }, judgedBy: stackSettings(file) };
}

/** The stack's file; of one that has none, and of a program that the Automation API runs, what the engine was told. */
function stackHere(projectDir: string, stack: string, { config, plan }: EngineRun) {
  const told = { stack, config, secretKeys: [], remarks: [], mistyped: [] };
  if (!hasProject(projectDir)) return { project: plan.project, file: { ...told, project: plan.project } };
  const project = readProject(projectDir);
  shortStackName(project, stack);
  const file = hasStack(project.folder, stack) ? readStack(projectDir, stack) : { ...told, project: project.name };
  return { project: project.name, file };
}

/** What packs of the engine found and Slipway's own rules did not. */
function withViolations(report: PolicyReport, violations: readonly Verdict[]): PolicyReport {
  const known = new Set(report.verdicts.map(({ rule, resource }) => `${rule} ${resource}`));
  const more = violations.filter(({ rule, resource }) => !known.has(`${rule} ${resource}`));
  if (more.length === 0) return report;
  const fail = report.counts.fail + new Set(more.map(({ rule }) => rule)).size;
  return { ...report, verdicts: [...more, ...report.verdicts], counts: { ...report.counts, fail } };
}
