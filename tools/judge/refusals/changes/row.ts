import type { Plan, PlanResource, PlanValue, PropertyChange } from "../../../plan/plan";
import type { Finding, FindingSeverity } from "../finding";

/** The two sides of one property of a resource that is updated or replaced. */
export interface Change {
  readonly before: PlanValue | undefined;
  readonly after: PlanValue | undefined;
  readonly path: string;
  readonly resource: PlanResource;
  readonly plan: Plan;
}

/** What one change of one property means, by the target's own documentation. */
export interface PropertyRow {
  readonly id: string;
  readonly type: RegExp;
  /** The property, or what it begins with: `healthCheck` covers `healthCheck.path`. */
  readonly property: string;
  /** Default: any change. */
  when?(change: Change): boolean;
  readonly severity: FindingSeverity;
  /** Of an outage. Default: `minutes`. `hours`: or until somebody acts. */
  readonly lasts?: Finding["lasts"];
  /** One sentence. */
  message(change: Change): string;
  readonly remedy: string;
  readonly link: string;
}

/** What it means that a resource goes, that another takes its place, or that it comes to what is there. */
export interface ResourceRow {
  readonly id: string;
  readonly type: RegExp;
  readonly operation: readonly ("create" | "delete" | "replace")[];
  /** Also where the engine would leave the old one alone, by `retainOnDelete`. Default: false. */
  readonly alsoRetained?: boolean;
  when?(resource: PlanResource, plan: Plan): boolean;
  readonly severity: FindingSeverity;
  /** Of an outage. Default: `minutes`. `hours`: or until somebody acts. */
  readonly lasts?: Finding["lasts"];
  message(resource: PlanResource): string;
  readonly remedy: string;
  readonly link: string;
}

export function concerns(row: PropertyRow, { path }: PropertyChange): boolean {
  return path === row.property || path.startsWith(`${row.property}.`) || path.startsWith(`${row.property}[`);
}

/** A number, also where it is written as text. */
function numeric(value: PlanValue | undefined): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && !Number.isNaN(number) ? number : undefined;
}

/** Both are known, and the new one is less. */
export function lessThanBefore({ before, after }: Change): boolean {
  const [old, now] = [numeric(before), numeric(after)];
  return old !== undefined && now !== undefined && now < old;
}

/** `17.4` as [17, 4], `8.0.mysql_aurora.3.05.2` as [8, 0]; undefined for what is no version. */
export function version(value: PlanValue | undefined): readonly number[] | undefined {
  const text = typeof value === "number" ? String(value) : value;
  const found = typeof text === "string" ? /^\d+(\.\d+)*/.exec(text)?.[0] : undefined;
  return found?.split(".").map(Number);
}

/** Below zero: a downgrade. What one side does not say does not count: `17` and `17.4` are equal. */
export function compareVersions(before: readonly number[], after: readonly number[]): number {
  for (let index = 0; index < Math.min(before.length, after.length); index++) {
    const difference = (after[index] ?? 0) - (before[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function shown(value: PlanValue | undefined): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "a value that is not known yet";
}
