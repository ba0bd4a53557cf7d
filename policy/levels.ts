import type { Exemption } from "./exemption";
import { defaultParameters, type ParameterValues, type Rule } from "./rule";
import type { Level } from "./verdict";

/**
 * How strict the rules are for one stack: `slipway:policies` in its file. The engine takes the same
 * with `--policy-pack-config`, in the form that {@link packConfiguration} gives it.
 */
export interface PolicyConfiguration {
  /** A ceiling for the rules' own levels: `advisory` reports everything and stops nothing. Default: `mandatory`. */
  readonly level?: "mandatory" | "advisory";
  /** By id: the level, which no ceiling lowers, and the parameters of that rule. */
  readonly rules?: Readonly<Record<string, RuleConfiguration | undefined>>;
  readonly exemptions?: readonly Exemption[];
}

export interface RuleConfiguration {
  readonly level?: Level;
  readonly [parameter: string]: unknown;
}

export function effectiveLevel(rule: Rule, configuration: PolicyConfiguration): Level {
  return configuration.rules?.[rule.id]?.level ?? (configuration.level === "advisory" ? "advisory" : rule.level);
}

export function parametersOf(rule: Rule, configuration: PolicyConfiguration): ParameterValues {
  const { level: _, ...parameters } = configuration.rules?.[rule.id] ?? {};
  return { ...defaultParameters(rule), ...(parameters as ParameterValues) };
}
