/** The rules, and what it takes to apply them. The pack that the engine runs is in `pack.ts`. */
export { catalogue, everyRule, findRule, refusals } from "./catalogue";
export { policyConfiguration } from "./configuration";
export { evaluate } from "./evaluate";
export type { Exemption } from "./exemption";
export { effectiveLevel, parametersOf, type PolicyConfiguration, type RuleConfiguration } from "./levels";
export { failing, mandatoryFailures, type PolicyCounts, type PolicyReport } from "./report";
export { sentence } from "./judge";
export { packConfiguration, type PackConfiguration } from "./pack-configuration";
export { Resource, type ResourceFacts } from "./resource";
export type { Parameter, Rule } from "./rule";
export { NotKnown, Secret, Unknown, Value } from "./value";
export {
  levels,
  severities,
  type ExemptionStatus,
  type Level,
  type Outcome,
  type Remediated,
  type Severity,
  type Verdict,
} from "./verdict";
