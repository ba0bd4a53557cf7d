import { deepEqual, match, ok } from "node:assert/strict";

import { Resource, type ResourceFacts, type Rule, Secret, Unknown } from "../../policy/index";
import { judge } from "../../policy/judge";
import { Stack } from "../../policy/stack";

/** The resource to judge, or it and the others of its stack. */
type Given = Resource | readonly [Resource, ...Resource[]];

export interface Cases {
  readonly passes: Readonly<Record<string, Given>>;
  /** With the path of the property that the verdict must name; empty for the resource as a whole. */
  readonly fails: Readonly<Record<string, readonly [Given, string]>>;
  readonly open?: Readonly<Record<string, readonly [Given, string]>>;
}

/** Describes a rule by what it says of real resources. */
export function specify(rule: Rule, { passes = {}, fails = {}, open = {} }: Partial<Cases>): void {
  describe(rule.id, () => {
    for (const [title, given] of Object.entries(passes)) {
      it(`passes ${title}`, () => deepEqual(findings(rule, given), []));
    }
    for (const [title, [given, property]] of Object.entries(fails)) {
      it(`fails ${title}`, () => names(findings(rule, given), "fail", property, said[rule.family]));
    }
    for (const [title, [given, property]] of Object.entries(open)) {
      it(`does not evaluate ${title}`, () => names(findings(rule, given), "not-evaluated", property, reason));
    }
  });
}

function findings(rule: Rule, given: Given) {
  const [subject, ...others] = given instanceof Resource ? [given] : given;
  const applies = new Stack([subject]).ofType(...rule.appliesTo);
  ok(applies.length === 1, `${rule.id} does not apply to ${subject.type}`);
  return judge(rule, subject, new Stack([subject, ...others]));
}

function names(found: ReturnType<typeof judge>, outcome: string, property: string, form: RegExp): void {
  const answers = found.filter((finding) => finding.outcome === outcome && (finding.property ?? "") === property);
  ok(answers.length > 0, `expected ${outcome} on "${property}", found ${JSON.stringify(found)}`);
  for (const { message } of answers) match(message, form);
}

/** Rules of safety say a sentence; a refusal says what is wrong with the property that it names. */
const said = { security: /^[A-Z\d].* .*[^ ,][.]$/s, deployability: /^[a-z].* .*[^ ,.]$/s } as const;
const reason = /^not evaluated: [^ ].* .*[^ .]$/;

export function given(type: string, properties: Record<string, unknown>, facts: Partial<ResourceFacts> = {}): Resource {
  const name = facts.name ?? "subject";
  return new Resource({ urn: urnOf(type, name), type, name, properties, ...facts });
}

export function urnOf(type: string, name = "subject"): string {
  return `urn:pulumi:prod::shop::${type}::${name}`;
}

/** A value that only the deployment brings, for example `unknown("urn#arn")`. */
export function unknown(...sources: string[]): Unknown {
  return new Unknown(sources);
}

/** A string of which the output at `{0}` is not known. */
export function partly(template: string, ...sources: string[]): Unknown {
  return new Unknown(sources, template);
}

export const secret = new Secret();
