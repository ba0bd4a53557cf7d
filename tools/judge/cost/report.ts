/** What a plan costs a month, and how sure that is. Every amount is in US dollars before tax and discounts. */
export interface CostReport {
  readonly version: 1;
  readonly stack: string;
  readonly region: string;
  /** Every price was AWS's on that day or later, `YYYY-MM-DD`. */
  readonly pricesAsOf: string;
  readonly currency: "USD";
  readonly monthlyUsd: number;
  /** With every autoscaler at its maximum; absent where nothing scales, or the settings say how many replicas run. */
  readonly mostUsd?: number;
  /** The most expensive first. A component that costs nothing is not listed. */
  readonly components: readonly ComponentCost[];
  /** In the order of the plan. */
  readonly lines: readonly CostLine[];
  /** Usage that no plan can know, as assumed here, and what was read of it from the settings. */
  readonly assumptions: readonly Assumption[];
  /** Resources that never cost anything themselves, by type. */
  readonly free: readonly ResourceCount[];
  /** Resources that run on a cluster or host which somebody pays for outside this plan, by type. */
  readonly elsewhere: readonly ResourceCount[];
  /** Resources whose price is not known here: they may cost something. */
  readonly unpriced: readonly Unpriced[];
}

export interface ComponentCost {
  /** URN of the top-level component, or of the resource itself when it has none. */
  readonly urn: string;
  /** `database`, as in `slipway:database:AwsRdsPostgres`. */
  readonly component: string;
  readonly monthlyUsd: number;
}

/** Quantity times unit price. */
export interface CostLine {
  readonly urn: string;
  /** URN of the component it is counted under, as in {@link ComponentCost.urn}. */
  readonly component: string;
  /** `db.t4g.medium, Multi-AZ`. */
  readonly what: string;
  readonly quantity: number;
  /** What one of the quantity is: `hour`, `GB-month`, `million requests`. */
  readonly unit: string;
  readonly unitUsd: number;
  readonly monthlyUsd: number;
  /** Keys of the {@link Assumption}s that the quantity rests on. */
  readonly assumes: readonly string[];
  readonly source: PriceSource;
}

export interface PriceSource {
  /** AWS's page with the price of today. */
  readonly page: string;
  /** Address of the record that the unit price was read from. */
  readonly taken: string;
  /** The day on which it was AWS's price, `YYYY-MM-DD`. */
  readonly on: string;
}

export interface Assumption {
  /** As in the settings: `cost.requestsMillions`. */
  readonly key: string;
  readonly value: number;
  readonly unit: string;
  readonly meaning: string;
  readonly from: "default" | "settings";
}

export interface ResourceCount {
  readonly type: string;
  readonly count: number;
}

export interface Unpriced {
  readonly urn: string;
  readonly type: string;
  /** Name of the component that it belongs to, as in {@link ComponentCost.component}. */
  readonly component: string;
  /** Why there is no price: no estimator for the type, a size missing in the table, a property unknown before deployment. */
  readonly reason: string;
}

/** The report before a change and after it. */
export interface CostChange {
  /** Absent for a new stack, and when the base could not be previewed. */
  readonly before?: CostReport;
  readonly after: CostReport;
}
