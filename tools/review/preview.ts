import type { PolicyReport } from "../../policy/report";
import { settingsFrom } from "../../stacks/settings/load";
import type { Settings } from "../../stacks/settings/settings";
import { definitionOf } from "../../stacks/targets";
import { estimate } from "../judge/cost/estimate";
import type { CostReport } from "../judge/cost/report";
import type { Plan } from "../plan/plan";
import { evaluatePlan } from "../judge/policy/evaluate-plan";
import type { FindingReport } from "../judge/refusals/finding";
import { refusalsOf } from "../judge/refusals/states";
import { previewStack } from "../sources/in-process/in-process";
import { readStack } from "../sources/in-process/stack-file";
import { type PlanSummary, summarise } from "./concerns";

/** Everything a reader of one stack's preview is shown, whatever the form. */
export interface Preview {
  readonly settings: Settings;
  /** `eu-central-1`; absent where the target has none. */
  readonly region?: string;
  readonly plan: Plan;
  readonly summary: PlanSummary;
  readonly policies: PolicyReport;
  /** What the target's API would refuse of this state. */
  readonly findings: FindingReport;
  readonly cost: CostReport;
}

export interface PreviewRequest {
  readonly projectDir: string;
  readonly stack: string;
  /** Day on which exemptions from policies are measured. Default: today. */
  readonly today?: Date;
  readonly onResource?: (count: number) => void;
}

/** Settings, plan, policies and cost of one stack. Throws SettingsError before anything runs when the stack file is wrong. */
export async function preview(request: PreviewRequest): Promise<Preview> {
  const configuration = readStack(request.projectDir, request.stack);
  const { config, secretKeys, stack, project, remarks, mistyped: problems } = configuration;
  const settings = settingsFrom(stack, config, (key) => secretKeys.includes(key), { project, remarks, problems });
  const plan = await previewStack({ ...request, configuration, argument: settings });
  const region = definitionOf(settings).regional ? config["aws:region"] : undefined;
  const rules = settings.policies ?? {};
  const day = { today: request.today ?? new Date() };
  return {
    settings,
    region,
    plan,
    summary: summarise(plan),
    policies: evaluatePlan(plan, rules, day),
    findings: refusalsOf(plan, rules, day),
    cost: estimate(plan, { region: region ?? "", assumptions: settings.costs }),
  };
}
