import { isSecret, isUnknown, type PlanValue } from "../../plan/plan";

/** The value without what is secret or unknown; a line for each of these goes to `leftOut`. */
export function known(value: PlanValue, path: string, leftOut: string[]): PlanValue | undefined {
  if (isSecret(value)) {
    leftOut.push(`${path}: a secret`);
    return undefined;
  }
  if (isUnknown(value)) {
    leftOut.push(`${path}${value.$unknown.length === 0 ? "" : `: from ${value.$unknown.map(shortName).join(", ")}`}`);
    return undefined;
  }
  if (Array.isArray(value)) {
    const items = value as readonly PlanValue[];
    return items.flatMap((item, index) => known(item, `${path}[${index}]`, leftOut) ?? []);
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Readonly<Record<string, PlanValue>>).map(
    ([key, item]) => [key, known(item, path === "" ? key : `${path}.${key}`, leftOut)] as const,
  );
  return Object.fromEntries(entries.filter((entry): entry is [string, PlanValue] => entry[1] !== undefined));
}

/** `secrets-version#hex` of a full URN. */
function shortName(source: string): string {
  return source.slice(source.lastIndexOf("::") + 2);
}
