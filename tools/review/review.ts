import type { Failure } from "../plan/failure";
import type { CostChange } from "../judge/cost/report";
import type { CrossedGuard } from "../judge/guards/guards";
import type { FindingReport } from "../judge/refusals/finding";
import type { Relaxation } from "../judge/relaxed/relaxed";
import type { Plan } from "../plan/plan";
import type { SettingChange } from "../sources/difference/settings";
import type { PolicyReport } from "../judge/policy/report";

/** What every review of a stack begins with. `slipway comment` puts the pipeline's own run in the place of this one. */
export function frame({
  stack,
  commit,
}: {
  readonly stack: string;
  readonly commit: string;
}): Pick<Review, "version" | "project" | "stack" | "run"> {
  return { version: 1, project: "", stack, run: { number: 0, attempt: 1, commit, at: new Date().toISOString() } };
}

/**
 * All that a reviewer learns of one stack. `slipway diff --review FILE` writes it, `slipway comment`
 * and the HTML report read it: the job that holds cloud credentials need not be the one that may write comments.
 */
export interface Review {
  readonly version: 1;
  readonly project: string;
  readonly stack: string;
  /** Present when the preview did not come to its end. `plan` then holds what was seen until there. */
  readonly failure?: Failure;
  /** What was edited in the stack file. */
  readonly settings?: readonly SettingChange[];
  /** A plan of source `difference` or `engine`: its operations are real. */
  readonly plan?: Plan;
  /** The stack file is gone: the plan is that of a destroy. */
  readonly deleted?: boolean;
  /** What would have stopped or caught a change, and is weakened by this one. */
  readonly relaxed?: readonly Relaxation[];
  /** What the team's own guards do not let it do. */
  readonly guards?: readonly CrossedGuard[];
  /** What the target would refuse, and what the change would do to the site. */
  readonly findings?: FindingReport;
  readonly policies?: PolicyReport;
  /** Of the base: what already failed there is not this change's doing. */
  readonly policiesBefore?: PolicyReport;
  readonly cost?: CostChange;
  /** What this source could not know, one sentence each. */
  readonly unknowns: readonly string[];
  readonly run: Run;
  /** The command that shows the same on a developer's machine. */
  readonly reproduce: string;
}

/** What it costs; nothing where one of the sides was not seen to its end, as its sum would have holes. */
export function comparedCost({ cost, failure }: Review): CostChange | undefined {
  return failure ? undefined : cost;
}

export interface Run {
  /** Grows with each run of the pull request; the newer of two is the greater. */
  readonly number: number;
  /** Grows with each retry of the same run. */
  readonly attempt: number;
  /** Full commit id. */
  readonly commit: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly url?: string;
  /** Where the whole review is kept when the comment had to leave parts out. */
  readonly artifactUrl?: string;
}
