import type { AssumptionKey } from "../../../stacks/settings/cost-assumptions";
import type { PlanResource, PlanValue } from "../../plan/plan";
import type { Region } from "./price-list/regions";
import type { Price, PriceKey } from "./prices";

/** Hours of a month as AWS counts them: 8,760 / 12. */
export const hours = 730;

/** What one resource costs, item by item; or why nobody here can say. An empty list is free. */
export type Estimator = (resource: PlanResource, context: Context) => readonly Item[] | Unknowable;

export interface Item {
  readonly what: string;
  readonly quantity: number;
  readonly price: PriceKey | Price;
  readonly assumes?: readonly AssumptionKey[];
}

interface Unknowable {
  readonly unpriced: string;
}

export interface Context {
  readonly region: Region;
  assume(key: AssumptionKey): number;
  /** How many replicas an autoscaler runs: its minimum, or its maximum. */
  readonly scaledTo: "least" | "most";
  /** The resource that an input's value comes from, by type. */
  source(value: PlanValue | undefined, type: string): PlanResource | undefined;
  /** Every resource of a type whose value at `input` comes from this one. */
  readers(resource: PlanResource, type: string, input: string): readonly PlanResource[];
  ofType(type: string): readonly PlanResource[];
}

export function text(value: PlanValue | undefined, otherwise = ""): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : otherwise;
}

/** Numbers, and numbers in strings, as in the CPU of a task definition. */
export function amount(value: PlanValue | undefined, otherwise = 0): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : otherwise;
}

export function count(value: PlanValue | undefined): number {
  return Array.isArray(value) ? value.length : 0;
}
