import type { PolicyReport } from "../../policy/report";
import type { Settings } from "../../stacks/settings/settings";
import { estimate } from "../judge/cost/estimate";
import type { CostReport } from "../judge/cost/report";
import type { Plan } from "../plan/plan";
import { evaluatePlan } from "../judge/policy/evaluate-plan";
import type { FindingReport } from "../judge/refusals/finding";
import { refusalsOf } from "../judge/refusals/states";
import { previewStack } from "../sources/in-process/in-process";
import { readStack, requireNodeProgram } from "../sources/in-process/stack-file";
import { type PlanSummary, summarise } from "./concerns";
import { type StackSettings, stackSettings } from "./stack-settings";

/** Everything a reader of one stack's preview is shown, whatever the form. */
export interface Preview {
  /** Absent for a program that is not Slipway's. */
  readonly settings?: Settings;
  readonly judgedBy: StackSettings;
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

/** The plan of one stack, and how it wants to be judged. Throws SettingsError before anything runs when the stack file is wrong. */
export async function planned(request: PreviewRequest): Promise<Pick<Preview, "judgedBy" | "plan">> {
  const configuration = readStack(request.projectDir, request.stack);
  requireNodeProgram(configuration);
  const judgedBy = stackSettings(configuration);
  const plan = await previewStack({ ...request, configuration, argument: judgedBy.settings });
  return { judgedBy, plan };
}

/** The same with settings, policies and cost. */
export async function preview(request: PreviewRequest): Promise<Preview> {
  const { judgedBy, plan } = await planned(request);
  return judgedPreview(plan, judgedBy, request.today);
}

/** A plan with all that its rules, its target and the price list say of it. */
export function judgedPreview(plan: Plan, judgedBy: StackSettings, today?: Date): Preview {
  const { settings, region } = judgedBy;
  return {
    ...(settings && { settings }),
    judgedBy,
    region,
    plan,
    summary: summarise(plan),
    ...judged(plan, judgedBy, today),
  };
}

/** What a stack's rules, its target and the price list say of a plan. */
export function judged(
  plan: Plan,
  { policies, assumptions, region = "" }: StackSettings,
  today = new Date(),
): Pick<Preview, "policies" | "findings" | "cost"> {
  return {
    policies: evaluatePlan(plan, policies, { today }),
    findings: refusalsOf(plan, policies, { today }),
    cost: estimate(plan, { region, assumptions }),
  };
}
