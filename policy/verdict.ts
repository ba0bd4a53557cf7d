import type { Remediation } from "./remediation";

/** What a rule does when a resource breaks it. `remediate` repairs what it can and is mandatory for the rest. */
export const levels = ["mandatory", "advisory", "remediate", "disabled"] as const;
export type Level = (typeof levels)[number];

export const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

/**
 * The three answers. There is no fourth: a rule that cannot judge says so, with the property it
 * lacked, and is never counted as passed.
 */
export type Outcome = "pass" | "fail" | "not-evaluated";

/** One rule's answer about one resource. It never holds the value of a property, only its path. */
export interface Verdict {
  /** Id of the rule: `rds-private`. */
  readonly rule: string;
  /** URN of the resource. */
  readonly resource: string;
  readonly outcome: Outcome;
  /** The level in force after configuration; what `remediate` could not repair is mandatory. */
  readonly level: "mandatory" | "advisory";
  readonly severity: Severity;
  /** One sentence for the person who reads it: what is wrong, or why it could not be judged. */
  readonly message: string;
  /** Path of the property that decided: `containerDefinitions[0].privileged`. */
  readonly property?: string;
  /** Of a failure inside of a list: which item it is about, by what that holds. Comparable within one run. */
  readonly item?: string;
  /** For `not-evaluated`: what would have to be known. */
  readonly reason?: string;
  /** What to change, in the terms of the resource. */
  readonly fix: string;
}

/** A repair that a rule at level `remediate` makes, or would make. */
export interface Remediated extends Remediation {
  readonly rule: string;
  readonly resource: string;
}

/** An exemption as it stands today. */
export interface ExemptionStatus {
  readonly rule: string;
  /** The pattern as configured: a name or a URN, `*` for any run of characters. */
  readonly resource: string;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
  /** An expired exemption covers nothing: what it covered fails again. */
  readonly state: "active" | "expired";
  /** Whole days left, negative once expired. */
  readonly daysLeft: number;
  /** URNs that fail the rule and match the pattern; empty when the exemption is no longer needed. */
  readonly covers: readonly string[];
}
