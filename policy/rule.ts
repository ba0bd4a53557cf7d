import type { Remediation } from "./remediation";
import type { Resource } from "./resource";
import type { Stack, TypeMatcher } from "./stack";
import type { Level, Severity } from "./verdict";
import type { Value } from "./value";

/** A setting of one rule: under `slipway:policies.rules.<id>` in a stack file. */
export type Parameter =
  | { readonly type: "integer"; readonly default: number; readonly minimum?: number; readonly description: string }
  | { readonly type: "strings"; readonly default: readonly string[]; readonly description: string };

export type Parameters = Readonly<Record<string, Parameter>>;
export type ParameterValues<P extends Parameters = Parameters> = {
  readonly [K in keyof P]: P[K]["type"] extends "integer" ? number : readonly string[];
};

/** What a rule is given to judge with. */
export interface RuleContext<P extends Parameters = Parameters> {
  /** Reports a fault. The message is a sentence about the property; it must not repeat a value. */
  fail(property: Value, message: string): void;
  /** Says that a property cannot be judged, for a reason of the rule's own. */
  cannotJudge(property: Value, reason: string): void;
  /** Judges each item by itself, so that one that is not known does not hide the others. */
  each<T>(items: Iterable<T>, judge: (item: T) => void): void;
  /** Judges parts that have nothing to do with each other, so that neither hides the other. */
  separately(...parts: readonly (() => void)[]): void;
  readonly parameters: ParameterValues<P>;
  /** The whole stack, for rules of scope `stack`; empty for the others. */
  readonly stack: Stack;
}

export interface RuleMetadata<P extends Parameters = Parameters> {
  /** Kebab-case, unique, and the name of its file. */
  readonly id: string;
  readonly title: string;
  /** `security`: is it safe. `deployability`: does the target's API take it. */
  readonly family: "security" | "deployability";
  readonly severity: Severity;
  /** The level unless a stack says otherwise. */
  readonly level: Exclude<Level, "disabled" | "remediate">;
  /** `resource`: the resource alone decides. `stack`: others in the stack have a say. */
  readonly scope: "resource" | "stack";
  readonly appliesTo: readonly TypeMatcher[];
  /** Public controls that ask for the same: `FSBP ECS.2`, `CIS AWS 2.2.3`, `CKV_AWS_333`, `PSS restricted`. */
  readonly references: readonly string[];
  /** What can happen otherwise: one or two sentences. */
  readonly why: string;
  /** What to change, as an instruction. */
  readonly fix: string;
  readonly parameters?: P;
}

/** One rule. It throws nothing but what {@link Value} throws for it, and keeps no state. */
export interface Rule<P extends Parameters = Parameters> extends RuleMetadata<P> {
  judge(resource: Resource, context: RuleContext<P>): void;
  /** Properties to set so that the rule holds. Present only where setting them can break nothing that worked. */
  remediate?(resource: Resource): readonly Remediation[];
}

type RuleDefinition<P extends Parameters> = Omit<Rule<P>, "scope" | "family"> &
  Partial<Pick<Rule<P>, "scope" | "family">>;

/** Completes a rule and forgets the names of its parameters, so that rules of all kinds make one list. */
export function defineRule<const P extends Parameters = Record<never, never>>(definition: RuleDefinition<P>): Rule {
  return { scope: "resource", family: "security", ...definition } as unknown as Rule;
}

export function defaultParameters(rule: Rule): ParameterValues {
  const entries = Object.entries(rule.parameters ?? {}).map(([name, parameter]) => [name, parameter.default]);
  return Object.fromEntries(entries) as ParameterValues;
}
