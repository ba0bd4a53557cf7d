import { evaluate, findRule, type PolicyConfiguration, refusals, sentence } from "../../../policy/index";
import type { Plan } from "../../plan/plan";
import { toResources } from "../policy/resources";
import type { FindingReport } from "./finding";

/** Judges a desired state by every documented rule of its target's API. */
export function refusalsOf(plan: Plan, configuration: PolicyConfiguration, { today }: { today: Date }): FindingReport {
  const { verdicts, counts } = evaluate(toResources(plan), refusals, { configuration, today });
  const { stack } = plan;
  const about = verdicts.map((verdict) => ({
    ...verdict,
    id: verdict.rule,
    stack,
    urn: verdict.resource,
    link: findRule(verdict.rule)?.references[0] ?? "",
  }));
  return {
    passed: counts.pass,
    findings: about
      .filter(({ outcome }) => outcome === "fail")
      .map(({ id, urn, link, property, message, fix }) => ({
        id,
        stack,
        urn,
        severity: "refused",
        message: sentence(findRule(id)!, { message, property }),
        remedy: fix,
        link,
      })),
    notEvaluated: about
      .filter(({ outcome }) => outcome === "not-evaluated")
      .map(({ id, urn, link, reason, message }) => ({ id, stack, urn, link, reason: reason ?? message })),
  };
}
