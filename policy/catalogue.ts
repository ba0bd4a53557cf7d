import type { Rule } from "./rule";
import { awsRules } from "./rules/aws";
import { dockerRules } from "./rules/docker";
import { kubernetesRules } from "./rules/kubernetes";

/** Every rule of the pack. */
export const catalogue: readonly Rule[] = [...awsRules, ...kubernetesRules, ...dockerRules];

export function findRule(id: string): Rule | undefined {
  return catalogue.find((rule) => rule.id === id);
}
