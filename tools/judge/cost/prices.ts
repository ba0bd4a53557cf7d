import { rdsPostgres } from "./price-list/rds-postgres";
import { regions, type Region } from "./price-list/regions";
import { services, type Service } from "./price-list/services";
import { feed, type Taken } from "./price-list/sources";
import { valkey } from "./price-list/valkey";

/**
 * On-demand list prices in US dollars, before tax, discounts and free tiers, which belong to an account. Prices were
 * read by programs from what AWS publishes (price-list/sources.ts); test/tools/judge/cost/prices.test.ts holds them against
 * copies that others took. docs/cost.md#refresh says how to bring them up to date.
 */
export interface Price {
  /** `vCPU-hour`, `GB-month`. */
  readonly unit: string;
  readonly usd: number;
  /** AWS's page that has the price of today. */
  readonly page: string;
  readonly taken: Taken;
}

export type PriceKey = keyof typeof services;

export function price(key: PriceKey, region: Region): Price {
  const { unit, usd, page, taken }: Service = services[key];
  return { unit, usd: typeof usd === "number" ? usd : usd[regions.indexOf(region)]!, page: pageOf(page), taken };
}

/** Instances by the hour: text as in the table, AWS's page, and the copy it was read from. */
const instances = {
  rds: {
    usd: read(rdsPostgres),
    page: "rds/postgresql",
    unit: "instance-hour",
    taken: feed("rds-postgresql-ondemand.json", "2025-12-05"),
  },
  valkey: {
    usd: read(valkey),
    page: "elasticache",
    unit: "node-hour",
    taken: feed("elasticache.json", "2025-12-05"),
  },
} as const;
export type InstanceKind = keyof typeof instances;

/** By the hour; undefined for a class that is not in the table, such as `db.t4g.4xlarge`, which AWS does not offer. */
export function instancePrice(kind: InstanceKind, instanceClass: string, region: Region): Price | undefined {
  const { usd, page, unit, taken } = instances[kind];
  const row = usd.get(instanceClass);
  return row && { unit, usd: row[regions.indexOf(region)]!, page: pageOf(page), taken };
}

export const instanceClasses = (kind: InstanceKind): string[] => [...instances[kind].usd.keys()];

/** The oldest day in the list: every price in it was AWS's on that day or later. */
export const asOf = [...Object.values(services), ...Object.values(instances)].map(({ taken }) => taken.on).sort()[0]!;

/** A table of text: a heading with the regions, then a class and its prices on each line. */
function read(table: string): Map<string, number[]> {
  const [heading = [], ...rows] = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/));
  const columns = regions.map((region) => heading.indexOf(region));
  return new Map(rows.map((row) => [row[0]!, columns.map((column) => Number(row[column]))]));
}

const pageOf = (name: string) => `https://aws.amazon.com/${name}/pricing/`;
