import { isUnknown, type Plan } from "../tools/plan/plan";

/** The names of the application's variables and secrets, wherever its target keeps them: `NAME` also for `NAME_FILE`. */
export function variablesOf(plan: Plan): Set<string> {
  const text = plan.resources
    .filter(
      ({ type, name }) =>
        /Container$|TaskDefinition$|:Deployment$|EnvironmentVariable$/.test(type) && !/database|cache/.test(name),
    )
    .map(({ inputs }) =>
      JSON.stringify(inputs, (_, value: unknown) => (isUnknown(value) ? (value.template ?? "") : value)),
    )
    .join("\n");
  return new Set((text.match(/\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b/g) ?? []).map((name) => name.replace(/_FILE$/, "")));
}
