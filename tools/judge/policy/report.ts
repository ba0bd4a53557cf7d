export { failing, mandatoryFailures, type PolicyCounts, type PolicyReport } from "../../../policy/report";
export type { ExemptionStatus, Remediated, Verdict } from "../../../policy/verdict";
