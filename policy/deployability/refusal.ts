import type { Resource } from "../resource";
import { type RuleContext, defineRule, type Rule } from "../rule";
import type { TypeMatcher } from "../stack";
import type { Value } from "../value";

/** What the target's API refuses, with the place where the target says so. */
export interface Refusal {
  readonly id: string;
  readonly title: string;
  readonly appliesTo: readonly TypeMatcher[];
  /** The target's own documentation of the rule. */
  readonly source: string;
  /** What the API answers, or when it notices. */
  readonly why: string;
  readonly fix: string;
  /** `stack`: others in the stack have a say. Default: `resource`. */
  readonly scope?: "resource" | "stack";
  judge(resource: Resource, context: RuleContext): void;
}

export function refusal({ source, ...definition }: Refusal): Rule {
  return defineRule({
    ...definition,
    family: "deployability",
    severity: "high",
    level: "mandatory",
    references: [source],
  });
}

/** One property and the values that the API takes. A row without the property on a resource passes: the API has a default. */
export interface Limit {
  readonly id: string;
  readonly type: string;
  /** Dotted; `[]` stands for each member of a list: `origins[].customOriginConfig.originReadTimeout`. */
  readonly property: string;
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly (string | number)[];
  readonly pattern?: RegExp;
  /** In words, for the message: `3 to 100 percent`, `1, 5 or 7`. */
  readonly expected: string;
  readonly source: string;
}

export function limit({ id, type, property, expected, source, ...bounds }: Limit): Rule {
  return refusal({
    id,
    title: `${property.replaceAll("[]", "")}: ${expected}`,
    appliesTo: [type],
    source,
    why: "The API refuses anything else when the resource is created or updated.",
    fix: `Set \`${property.replaceAll("[]", "")}\` to ${expected}.`,
    judge: (resource, { each, fail }) =>
      each(valuesAt(resource.root, property), (value) => {
        if (value.present && !within(value, bounds)) fail(value, `is not ${expected}`);
      }),
  });
}

function within(
  value: Value,
  { min, max, values, pattern }: Pick<Limit, "min" | "max" | "values" | "pattern">,
): boolean {
  if (values !== undefined) return value.is(...values);
  if (pattern !== undefined) return pattern.test(value.string() ?? "");
  const number = value.number();
  return number !== undefined && number >= (min ?? -Infinity) && number <= (max ?? Infinity);
}

/** The values at a dotted path, lists opened where the path says `[]`. */
function valuesAt(root: Value, path: string): Value[] {
  return path.split(".").reduce<Value[]>(
    (values, step) => {
      const name = step.replace(/\[\]$/, "");
      const found = values.map((value) => value.get(name));
      return step.endsWith("[]") ? found.flatMap((value) => value.items()) : found;
    },
    [root],
  );
}
