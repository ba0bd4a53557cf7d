import type { Verdict } from "../../policy/verdict";
import type { PolicyReport } from "../judge/policy/report";
import { lostProtections } from "../judge/relaxed/protections";
import type { Plan } from "../plan/plan";
import { type EngineRun, NotEvents, readEvents } from "../sources/engine/events";
import { ProgramError } from "../sources/in-process/failure";
import { hasProject, hasStack, readProject, shortStackName } from "../sources/in-process/project";
import { type Configuration, readStack } from "../sources/in-process/stack-file";
import { found } from "./found";
import { guarded } from "./guarded";
import { judged, judgedPreview, type Preview } from "./preview";
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
  const [standing, planned] = [judged(before, judgedBy), judged(plan, judgedBy)];
  const review: Review = {
    ...frame(request),
    project: plan.project,
    plan,
    // Of a program that failed before it registered any, nothing was judged.
    ...((violations.length > 0 || plan.resources.some(({ custom }) => custom) || !failure) && {
      policies: withViolations(planned.policies, violations),
    }),
    policiesBefore: standing.policies,
    relaxed: lostProtections(plan),
    findings: found(plan, planned.findings),
    cost: { before: standing.cost, after: planned.cost },
    ...(failure && { failure }),
    unknowns: [
      "Whether a secret changed: the engine does not tell.",
      "What depends on what: the engine's events do not say.",
    ],
    reproduce: `npx slipway diff ${request.stack} --engine`,
  };
  return guarded(review, [judgedBy], request.labels ?? []);
}

/** What the run would leave behind, as a preview of the program shows it. @public Loaded late. */
export function previewOfEvents(request: OfEvents): Preview {
  const { run, judgedBy } = read(request);
  if (run.failure) throw new ProgramError(run.failure);
  const plan: Plan = { ...run.plan, resources: run.plan.resources.filter(({ operation }) => operation !== "delete") };
  const preview = judgedPreview(plan, judgedBy);
  return { ...preview, policies: withViolations(preview.policies, run.violations) };
}

interface Read {
  readonly run: EngineRun;
  readonly judgedBy: StackSettings;
}

function read({ projectDir, stack, events }: OfEvents): Read {
  const run = readEvents(events);
  const file = stackHere(projectDir, stack, run);
  const { project, stack: name } = file;
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
function stackHere(projectDir: string, reference: string, { config, plan }: EngineRun): Configuration {
  const told = { config, secretKeys: [], remarks: [], mistyped: [] };
  if (!hasProject(projectDir)) return { ...told, project: plan.project, stack: reference.split("/").at(-1)! };
  const project = readProject(projectDir);
  const stack = shortStackName(project, reference);
  return hasStack(project.folder, stack) ? readStack(projectDir, stack) : { ...told, project: project.name, stack };
}

/** What packs of the engine found and Slipway's own rules did not. */
function withViolations(report: PolicyReport, violations: readonly Verdict[]): PolicyReport {
  const known = new Set(report.verdicts.map(({ rule, resource }) => `${rule} ${resource}`));
  const more = violations.filter(({ rule, resource }) => !known.has(`${rule} ${resource}`));
  if (more.length === 0) return report;
  const fail = report.counts.fail + new Set(more.map(({ rule }) => rule)).size;
  return { ...report, verdicts: [...more, ...report.verdicts], counts: { ...report.counts, fail } };
}
