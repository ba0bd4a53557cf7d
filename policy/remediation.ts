/** A repair: one property set to a safe value. */
export interface Remediation {
  /** Path of the property: `dropInvalidHeaderFields`, `imageScanningConfiguration.scanOnPush`. */
  readonly property: string;
  /** The value it gets. */
  readonly value: boolean | number | string;
}

/** Sets the properties in a copy; what the paths do not touch is shared with the original. */
export function applyRemediations<T extends object>(properties: T, remediations: readonly Remediation[]): T {
  return remediations.reduce((result, { property, value }) => set(result, steps(property), value) as T, properties);
}

/** Sets one property in place, which is how the engine learns of it without the secrets beside it being touched. */
export function assign(target: object, property: string, value: Remediation["value"]): void {
  const path = steps(property);
  const last = path.pop();
  let place = target as Record<string | number, unknown>;
  path.forEach((step, index) => {
    const next = path[index + 1] ?? last;
    place[step] ??= typeof next === "number" ? [] : {};
    place = place[step] as Record<string | number, unknown>;
  });
  if (last !== undefined) place[last] = value;
}

function set(target: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  const copy = typeof step === "number" ? (Array.isArray(target) ? [...target] : []) : { ...asObject(target) };
  Object.assign(copy, { [step]: set(asObject(target)[step], rest, value) });
  return copy;
}

/** `a.b[0].c` as `a`, `b`, 0, `c`. */
function steps(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([name, index]) => (index === undefined ? name : Number(index)));
}

function asObject(value: unknown): Record<string | number, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string | number, unknown>) : {};
}
