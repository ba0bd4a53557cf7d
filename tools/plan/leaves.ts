import { isSecret, isUnknown, type PlanValue, type PropertyChange } from "./plan";

/**
 * A change, and what it means further down: a block that comes or goes brings or takes each of its properties. So
 * `pointInTimeRecovery` that is removed is also `pointInTimeRecovery.enabled` that is.
 */
export function withLeaves(changes: readonly PropertyChange[]): PropertyChange[] {
  return changes.flatMap((change) => [change, ...below(change)]);
}

function below(change: PropertyChange): PropertyChange[] {
  const { before, after } = change;
  if ((before !== undefined && !isContainer(before)) || (after !== undefined && !isContainer(after))) return [];
  const [old, now] = [entries(before), entries(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const one = { ...change, path: change.path + key, before: old.get(key), after: now.get(key) };
    return JSON.stringify(one.before) === JSON.stringify(one.after) ? [] : withLeaves([one]);
  });
}

function isContainer(value: PlanValue): boolean {
  return typeof value === "object" && value !== null && !isSecret(value) && !isUnknown(value);
}

function entries(value: PlanValue | undefined): Map<string, PlanValue> {
  if (typeof value !== "object" || value === null) return new Map();
  if (Array.isArray(value)) return new Map(value.map((item: PlanValue, index) => [`[${index}]`, item]));
  return new Map(
    Object.entries(value as Record<string, PlanValue>).map(([key, item]) => [
      /^[\w$-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
      item,
    ]),
  );
}
