/**
 * How bad it is: the target refuses it; the site is down or degraded meanwhile; data or restore points are lost; or it
 * only looks alarming, and the reader should know that it is harmless.
 */
export const findingSeverities = ["refused", "data", "outage", "harmless"] as const;
export type FindingSeverity = (typeof findingSeverities)[number];

/** What the target would refuse, or what a change would do to the site, as one row says it of one stack. */
export interface Finding {
  /** Id of the row, kebab-case: `rds-storage-shrinks`. */
  readonly id: string;
  readonly stack: string;
  /** URN of the resource it is about. Absent when the stack as a whole is. */
  readonly urn?: string;
  /** The setting that leads there, without `slipway:`: `database.storageGb`. */
  readonly setting?: string;
  readonly severity: FindingSeverity;
  /** Of an outage. Default: `minutes`. `hours`: or until somebody acts. */
  readonly lasts?: "seconds" | "minutes" | "hours";
  /** One sentence: what happens, how long it takes, what is lost. */
  readonly message: string;
  /** How to reach the same properly, as an instruction. */
  readonly remedy: string;
  /** The target's own documentation of it, https. */
  readonly link: string;
}

/** A row that could not be judged. It is never counted as passed. */
export interface UnjudgedFinding extends Pick<Finding, "id" | "stack" | "urn" | "setting" | "link"> {
  /** What would have to be known: `its engine version is not known until deployment`. */
  readonly reason: string;
}

/** Three answers, as of the policies: found, not evaluated, and nothing found, which is only counted. */
export interface FindingReport {
  readonly findings: readonly Finding[];
  readonly notEvaluated: readonly UnjudgedFinding[];
  /** Rows that were judged and found nothing. */
  readonly passed: number;
}

/** The worst first; of equals, the order of the rows. */
export function bySeverity(left: Finding, right: Finding): number {
  return findingSeverities.indexOf(left.severity) - findingSeverities.indexOf(right.severity);
}
