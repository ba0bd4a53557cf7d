import type { AssumptionKey } from "../../../../stacks/settings/cost-assumptions";
import type { PlanValue } from "../../../plan/plan";
import { amount, type Estimator, text } from "../estimator";
import type { PriceKey } from "../prices";

/** One of a kind, one price a month. */
export function each(what: string, price: PriceKey): Estimator {
  return () => [{ what, quantity: 1, price }];
}

/** Paid by an amount that only usage knows. */
export function assumed(what: string, price: PriceKey, key: AssumptionKey): Estimator {
  return (_resource, { assume }) => [{ what, quantity: assume(key), price, assumes: [key] }];
}

/**
 * An alarm is paid for by the metrics that it watches; one on a band of expected values by three. Shorter periods than a
 * minute have a price of their own. https://aws.amazon.com/cloudwatch/pricing/
 */
export const metricAlarm: Estimator = ({ inputs }) => {
  const queries = (inputs["metricQueries"] ?? []) as readonly Query[];
  const metrics = queries.filter(({ metric }) => metric !== undefined && metric !== null);
  const periods = [inputs["period"], ...metrics.map(({ metric }) => metric?.period)];
  if (periods.some((period) => period !== undefined && amount(period, 60) < 60))
    return { unpriced: "alarms on periods below a minute are not in the price table" };
  const band = queries.some(({ expression }) => /ANOMALY_DETECTION_BAND/.test(text(expression)));
  const quantity = band ? 3 : Math.max(1, metrics.length);
  return [{ what: quantity === 1 ? "alarm" : `alarm on ${quantity} metrics`, quantity, price: "cloudwatch.alarm" }];
};

/** Of an endpoint on AWS. HTTPS, a text to find, latency and an interval of 10 s are a dollar each: https://aws.amazon.com/route53/pricing/ */
export const healthCheck: Estimator = ({ inputs }) => {
  const type = text(inputs["type"]);
  const options = [
    type.startsWith("HTTPS"),
    type.endsWith("STR_MATCH"),
    inputs["measureLatency"] === true,
    amount(inputs["requestInterval"], 30) === 10,
  ].filter(Boolean).length;
  return [
    { what: "health check", quantity: 1, price: "route53.check" },
    ...(options === 0
      ? []
      : [{ what: "options of the health check", quantity: options, price: "route53.checkOption" as const }]),
  ];
};

interface Query {
  readonly metric?: { readonly period?: PlanValue } | null;
  readonly expression?: PlanValue;
}
