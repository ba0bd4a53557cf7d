import type { Exemption } from "./exemption";
import { effectiveLevel, type PolicyConfiguration } from "./levels";
import type { Rule } from "./rule";
import type { Level } from "./verdict";

/** What `pulumi preview --policy-pack-config` takes, by rule. */
export type PackConfiguration = Record<
  string,
  {
    readonly enforcementLevel: Level;
    readonly exemptions?: readonly Omit<Exemption, "rule">[];
    readonly [parameter: string]: unknown;
  }
>;

/** The configuration of a stack in the engine's form, so that both ways judge alike. */
export function packConfiguration(configuration: PolicyConfiguration, rules: readonly Rule[]): PackConfiguration {
  return Object.fromEntries(
    rules.map((rule) => {
      const { level: _, ...parameters } = configuration.rules?.[rule.id] ?? {};
      const exemptions = (configuration.exemptions ?? []).flatMap(({ rule: id, ...rest }) =>
        id === rule.id ? [rest] : [],
      );
      const entry = { enforcementLevel: effectiveLevel(rule, configuration), ...parameters };
      return [rule.id, exemptions.length > 0 ? { ...entry, exemptions } : entry];
    }),
  );
}
