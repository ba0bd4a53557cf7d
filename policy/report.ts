import type { ExemptionStatus, Remediated, Verdict } from "./verdict";

/**
 * What the rules say of a stack. The preview, the pull-request comment and the HTML report show
 * exactly this, and none of them judges anything itself.
 */
export interface PolicyReport {
  /** What failed or could not be judged: failures first, mandatory before advisory, then by severity. Passes are only counted. */
  readonly verdicts: readonly Verdict[];
  readonly counts: PolicyCounts;
  /** Every configured exemption: those in force, those expired, those no longer needed. */
  readonly exemptions: readonly ExemptionStatus[];
  /** What rules at level `remediate` repaired before the others judged. */
  readonly remediations: readonly Remediated[];
  /** Rules that were enabled. Those that found nothing to judge are in no count. */
  readonly rulesRun: number;
}

/**
 * Rules, each counted once, by the worst of its answers: fail, not evaluated, exempt, remediated,
 * pass. A rule with nothing to judge in this stack is not counted.
 */
export interface PolicyCounts {
  readonly pass: number;
  readonly fail: number;
  readonly notEvaluated: number;
  readonly exempt: number;
  readonly remediated: number;
}

/** Rules that fail, each counted once: those that stop a deployment, and those that only advise. */
export function failing(report: PolicyReport): { readonly stopping: number; readonly advising: number } {
  const stopping = new Set(mandatoryFailures(report).map(({ rule }) => rule)).size;
  return { stopping, advising: Math.max(0, report.counts.fail - stopping) };
}

/** The failures that stop a deployment. */
export function mandatoryFailures(report: PolicyReport): readonly Verdict[] {
  return report.verdicts.filter(({ outcome, level }) => outcome === "fail" && level === "mandatory");
}
