import { awsRefusals } from "./deployability/aws/index";
import type { Rule } from "./rule";
import { awsRules } from "./rules/aws";
import { dockerRules } from "./rules/docker";
import { kubernetesRules } from "./rules/kubernetes";

/** Every security rule of the pack. */
export const catalogue: readonly Rule[] = [...awsRules, ...kubernetesRules, ...dockerRules];

/** Every rule of the pack that says what the target's API refuses. */
export const refusals: readonly Rule[] = awsRefusals;

/** Both families: what the engine runs, and what a stack file may configure. */
export const everyRule: readonly Rule[] = [...catalogue, ...refusals];

export function findRule(id: string): Rule | undefined {
  return everyRule.find((rule) => rule.id === id);
}
