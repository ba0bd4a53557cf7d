import type { Resource } from "./resource";
import { defaultParameters, type ParameterValues, type Rule } from "./rule";
import { Stack } from "./stack";
import { NotKnown } from "./value";
import type { Outcome } from "./verdict";

/** One thing a rule said of one resource. */
export interface Finding {
  readonly outcome: Exclude<Outcome, "pass">;
  readonly message: string;
  readonly property?: string;
  readonly reason?: string;
}

const nothing = new Stack([]);

/** Lets one rule judge one resource. No findings: it passed. */
export function judge(
  rule: Rule,
  resource: Resource,
  stack: Stack = nothing,
  parameters: ParameterValues = defaultParameters(rule),
): Finding[] {
  const findings: Finding[] = [];
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      findings.push(notEvaluated(error));
    }
  };
  attempt(() =>
    rule.judge(resource, {
      parameters,
      stack,
      fail: ({ path }, message) => findings.push({ outcome: "fail", property: path || undefined, message }),
      cannotJudge: ({ path }, reason) => findings.push(unanswered(reason, path || undefined)),
      separately: (...parts) => parts.forEach(attempt),
      each: (items, one) => {
        for (const item of items) attempt(() => one(item));
      },
    }),
  );
  return distinct(findings);
}

/** An error of any other kind is a defect of the rule. Its message stays unsaid: it might quote a value. */
function notEvaluated(error: unknown): Finding {
  if (error instanceof NotKnown) return unanswered(error.message, error.property);
  return unanswered("the rule cannot read this resource");
}

function unanswered(reason: string, property?: string): Finding {
  return { outcome: "not-evaluated", message: `not evaluated: ${reason}`, property, reason };
}

function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((finding) => [`${finding.property}\n${finding.message}`, finding]));
  return [...seen.values()];
}

/**
 * A failure as a whole sentence. Rules of safety say one, about the resource; a refusal says of the property what is wrong
 * with it: `is not 5 to 300 seconds`.
 */
export function sentence({ family }: Rule, { message, property }: Pick<Finding, "message" | "property">): string {
  if (family === "security") return property === undefined ? message : `${property}: ${message}`;
  return `${property === undefined ? "It" : `\`${property}\``} ${message}.`;
}
