import type { AssumptionKey } from "../../../../stacks/settings/cost-assumptions";
import type { Estimator } from "../estimator";
import type { PriceKey } from "../prices";

/** One of a kind, one price a month. */
export function each(what: string, price: PriceKey): Estimator {
  return () => [{ what, quantity: 1, price }];
}

/** Paid by an amount that only usage knows. */
export function assumed(what: string, price: PriceKey, key: AssumptionKey): Estimator {
  return (_resource, { assume }) => [{ what, quantity: assume(key), price, assumes: [key] }];
}
