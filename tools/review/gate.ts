import { failing } from "../judge/policy/report";
import { isCertain } from "../judge/relaxed/relaxed";
import { summarize } from "./changes";
import type { Review } from "./review";

/** What a pipeline can be made to fail on, in the order of the sentence that says so. */
export const gates = ["policies", "refused", "guards", "data", "outage", "relaxed", "changes"] as const;
export type Gate = (typeof gates)[number];
/** What stops a deployment anyway, and what a team has forbidden itself. */
export const defaultGates: readonly Gate[] = ["policies", "refused", "guards"];

const shut: Readonly<Record<Gate, (review: Review) => boolean>> = {
  policies: ({ policies }) => policies !== undefined && failing(policies).stopping > 0,
  refused: (review) => finds(review, "refused") || destroyed(review).some(({ refused }) => refused),
  guards: ({ guards = [] }) => guards.length > 0,
  data: (review) =>
    finds(review, "data") || destroyed(review).some(({ lost, startsEmpty }) => lost !== undefined || startsEmpty),
  outage: (review) => finds(review, "outage"),
  relaxed: ({ relaxed = [] }) => relaxed.some(isCertain),
  changes: ({ plan, failure }) =>
    plan !== undefined && failure?.kind !== "base" && summarize(plan).components.length > 0,
};

/** Those of the asked gates that a review does not pass. */
export function shutGates(review: Review, asked: readonly Gate[]): Gate[] {
  return gates.filter((gate) => asked.includes(gate) && shut[gate](review));
}

/** One line beside a commit, which a branch protection can require. */
export interface CommitStatus {
  /** Full id. */
  readonly commit: string;
  /** Names it: `slipway/preview`. */
  readonly context: string;
  readonly passed: boolean;
  /** At most 140 characters. */
  readonly description: string;
  readonly url?: string;
}

/** One status for all stacks. A preview that failed never passes. */
export function statusOf(
  reviews: readonly Review[],
  { failOn, key, commit }: { readonly failOn: readonly Gate[]; readonly key: string; readonly commit: string },
): CommitStatus {
  const stopped = reviews.flatMap((review) => {
    const why = [...(review.failure ? ["no preview"] : []), ...shutGates(review, failOn)];
    return why.length > 0 ? [`${review.stack}: ${why.join(", ")}`] : [];
  });
  const text = stopped.length > 0 ? stopped.join("; ") : "Nothing that this repository stops a change for.";
  const url = reviews[0]?.run.url;
  return {
    commit,
    context: `slipway/${key}`,
    passed: stopped.length === 0,
    // GitHub takes 140 characters.
    description: text.length > 140 ? `${text.slice(0, 139)}…` : text,
    ...(url !== undefined && { url }),
  };
}

function finds({ findings }: Review, severity: string): boolean {
  return findings?.findings.some((one) => one.severity === severity) ?? false;
}

function destroyed({ plan, failure }: Review) {
  return plan && failure?.kind !== "base" ? summarize(plan).destroyed : [];
}
