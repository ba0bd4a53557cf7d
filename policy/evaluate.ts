import { Exemptions } from "./exemption";
import { type Finding, judge } from "./judge";
import { effectiveLevel, parametersOf, type PolicyConfiguration } from "./levels";
import { applyRemediations, type Remediation } from "./remediation";
import type { PolicyCounts, PolicyReport } from "./report";
import { Resource } from "./resource";
import type { Rule } from "./rule";
import { matchesType, Stack } from "./stack";
import { NotKnown } from "./value";
import { type Level, levels, type Remediated, severities, type Verdict } from "./verdict";

export interface EvaluationOptions {
  readonly configuration?: PolicyConfiguration;
  /** The day on which exemptions are measured. */
  readonly today: Date;
}

/** Lets every enabled rule judge every resource it applies to. */
export function evaluate(
  resources: readonly Resource[],
  rules: readonly Rule[],
  { configuration = {}, today }: EvaluationOptions,
): PolicyReport {
  const enabled = enable(rules, configuration);
  const exemptions = new Exemptions(configuration.exemptions ?? [], today);
  const { repaired, remediations } = remediate(resources, enabled, exemptions);
  const stack = new Stack(repaired);
  const tally = new Tally();
  const verdicts: Verdict[] = [];

  for (const { rule } of remediations) tally.add(rule, "remediated");
  for (const resource of repaired) {
    for (const active of enabled.for(resource)) {
      const findings = judge(active.rule, resource, stack, active.parameters);
      const exemption = findings.length > 0 ? exemptions.find(active.rule.id, resource) : undefined;
      const exempt = exemption?.state === "active";
      tally.add(active.rule.id, exempt ? "exempt" : outcomeOf(findings));
      if (exempt) continue;
      for (const finding of findings) verdicts.push(toVerdict(active, resource, finding, exemption?.expires));
    }
  }

  return {
    verdicts: verdicts.sort(byUrgency),
    counts: tally.counts(),
    exemptions: exemptions.list(),
    remediations,
    rulesRun: enabled.size,
  };
}

interface ActiveRule {
  readonly rule: Rule;
  readonly level: Exclude<Level, "disabled">;
  readonly parameters: ReturnType<typeof parametersOf>;
}

interface EnabledRules {
  readonly size: number;
  /** The rules that apply to a resource. Looked up once for each type of a stack. */
  for(resource: Resource): readonly ActiveRule[];
}

function enable(rules: readonly Rule[], configuration: PolicyConfiguration): EnabledRules {
  const active = rules.flatMap((rule): ActiveRule[] => {
    const level = effectiveLevel(rule, configuration);
    return level === "disabled" ? [] : [{ rule, level, parameters: parametersOf(rule, configuration) }];
  });
  const byType = new Map<string, readonly ActiveRule[]>();
  return {
    size: active.length,
    for: ({ type }) => {
      const known = byType.get(type);
      if (known) return known;
      const found = active.filter(({ rule }) => matchesType(type, rule.appliesTo));
      byType.set(type, found);
      return found;
    },
  };
}

function remediate(resources: readonly Resource[], enabled: EnabledRules, exemptions: Exemptions) {
  const remediations: Remediated[] = [];
  const repaired = resources.map((original) =>
    enabled.for(original).reduce((resource, { rule, level }) => {
      const repairs =
        level === "remediate" && !exemptions.covering(rule.id, resource) ? remediationsOf(rule, resource) : [];
      if (repairs.length === 0) return resource;
      remediations.push(...repairs.map((repair) => ({ rule: rule.id, resource: resource.urn, ...repair })));
      return new Resource({ ...resource.facts, properties: applyRemediations(resource.facts.properties, repairs) });
    }, original),
  );
  return { repaired, remediations };
}

/** What a rule can repair in a resource that breaks it. Where something that matters is not known, nothing is touched. */
export function remediationsOf(rule: Rule, resource: Resource): readonly Remediation[] {
  if (!rule.remediate || !judge(rule, resource).some(isFailure)) return [];
  try {
    return rule.remediate(resource);
  } catch (error) {
    if (error instanceof NotKnown) return [];
    throw error;
  }
}

type Answer = keyof PolicyCounts;

/** From best to worst: a rule is counted by its worst answer. */
const answers: readonly Answer[] = ["pass", "remediated", "exempt", "notEvaluated", "fail"];

class Tally {
  private readonly worst = new Map<string, number>();

  add(rule: string, answer: Answer): void {
    this.worst.set(rule, Math.max(this.worst.get(rule) ?? 0, answers.indexOf(answer)));
  }

  counts(): PolicyCounts {
    const counts = { pass: 0, fail: 0, notEvaluated: 0, exempt: 0, remediated: 0 };
    for (const index of this.worst.values()) counts[answers[index] ?? "pass"]++;
    return counts;
  }
}

function isFailure({ outcome }: Finding): boolean {
  return outcome === "fail";
}

function outcomeOf(findings: readonly Finding[]): Answer {
  if (findings.length === 0) return "pass";
  return findings.some(isFailure) ? "fail" : "notEvaluated";
}

function toVerdict({ rule, level }: ActiveRule, resource: Resource, finding: Finding, expired?: string): Verdict {
  const { id, severity, fix } = rule;
  const expiry = expired && finding.outcome === "fail" ? ` Its exemption expired on ${expired}.` : "";
  return {
    ...finding,
    rule: id,
    resource: resource.urn,
    // Nothing can be repaired twice: what is left after a remediation stops the deployment.
    level: level === "advisory" ? "advisory" : "mandatory",
    severity,
    message: finding.message + expiry,
    fix,
  };
}

function byUrgency(a: Verdict, b: Verdict): number {
  return (
    Number(a.outcome !== "fail") - Number(b.outcome !== "fail") ||
    levels.indexOf(a.level) - levels.indexOf(b.level) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity)
  );
}
