import { z } from "zod";

import { everyRule } from "./catalogue";
import type { PolicyConfiguration } from "./levels";
import type { Parameter, Rule } from "./rule";
import { levels } from "./verdict";

export type { PolicyConfiguration } from "./levels";

const ruleIds = everyRule.map(({ id }) => id) as [string, ...string[]];

/** The engine reads a date without quotes as a moment, and hands it over as `2027-03-31 00:00:00 +0000 UTC`. */
function withoutMidnight(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/ 00:00:00 \+0000 UTC$/, "") : value;
}

const exemption = z.strictObject({
  rule: z.enum(ruleIds).describe("Id of the rule."),
  resource: z
    .string()
    .min(1)
    .describe("Name of the resource, or its URN when it starts with `urn:`. `*` stands for any run of characters."),
  reason: z
    .string()
    .min(10, "say why, in 10 characters or more: the person who renews it decides on this")
    .describe("Why the resource may break the rule, and who said so."),
  expires: z
    .preprocess(withoutMidnight, z.iso.date("expected a date: YYYY-MM-DD"))
    .describe("The last day on which it holds. After it the resource fails again."),
});

/** `slipway:policies` of a stack file. Names of rules and of their parameters are checked, so that a typo turns nothing off. */
export const policyConfiguration: z.ZodType<PolicyConfiguration> = z.strictObject({
  level: z
    .enum(["mandatory", "advisory"])
    .optional()
    .describe("A ceiling for the rules' own levels: `advisory` reports everything and stops nothing."),
  rules: z
    .strictObject(Object.fromEntries(everyRule.map((rule) => [rule.id, ruleSchema(rule).optional()])))
    .optional()
    .describe("By id: the level of a rule, which no ceiling lowers, and its parameters."),
  exemptions: z.array(exemption).optional().describe("Resources that may break a rule until a day."),
});

/** Every key of it, dotted, with the rules and their parameters: a mistyped one gets the nearest as an answer. */
export function policyKeys(): string[] {
  const rules = everyRule.flatMap(({ id, parameters }) => [
    id,
    ...["level", ...Object.keys(parameters ?? {})].map((key) => `${id}.${key}`),
  ]);
  return ["level", "rules", "exemptions", ...rules.map((key) => `rules.${key}`)];
}

function ruleSchema(rule: Rule) {
  const parameters = Object.entries(rule.parameters ?? {}).map(([name, parameter]) => [
    name,
    parameterSchema(parameter),
  ]);
  return z.strictObject({ level: z.enum(levels).optional(), ...Object.fromEntries(parameters) });
}

function parameterSchema(parameter: Parameter) {
  const schema = parameter.type === "integer" ? z.int().min(parameter.minimum ?? 0) : z.array(z.string());
  return schema.optional().describe(parameter.description);
}
