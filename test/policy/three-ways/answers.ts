import { packConfiguration, everyRule, findRule, policyConfiguration, sentence } from "../../../policy/index";
import { evaluate } from "../../../policy/evaluate";
import { toResources } from "../../../tools/judge/policy/resources";
import { configuration, toPlan } from "./scenario";

/** What the engine, or a client of the analyzer protocol, is told of a violation. */
export interface Violation {
  readonly rule: string;
  readonly urn: string;
  readonly level: string;
  readonly message: string;
}

/** Everything two ways must agree on, in one line each. */
export function answersOf(violations: readonly Violation[]): string[] {
  return violations
    .map(({ rule, urn, level, message }) => {
      const outcome = message.startsWith("not evaluated") ? "not evaluated" : `fails, ${level}`;
      return [rule, urn.split("::").slice(2).join(" "), outcome, message].join(" | ");
    })
    .sort();
}

/** The same, as the in-process evaluation has it. */
export function answersInProcess(): string[] {
  const { verdicts } = evaluate(toResources(toPlan()), everyRule, {
    configuration: policyConfiguration.parse(configuration),
    today: new Date(),
  });
  return answersOf(
    verdicts.map(({ rule, resource, outcome, level, property, message, fix }) => ({
      rule,
      urn: resource,
      level,
      message: outcome === "fail" ? `${sentence(findRule(rule)!, { message, property })} ${fix}` : message,
    })),
  );
}

export const packSettings = packConfiguration(policyConfiguration.parse(configuration), everyRule);
