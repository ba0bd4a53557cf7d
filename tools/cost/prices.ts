/**
 * On-demand list prices in US dollars, before tax, discounts and free tiers, which belong to an account.
 *
 * Written from memory of AWS's public list prices as of `asOf`, not copied from the pages named under `source`. Rows with
 * `checked` agree with prices that Infracost recorded from AWS's price list, on that day, in us-east-1:
 * test/tools/cost/prices.test.ts has the figures. The rest, and the other regions, nobody has checked since: refresh the
 * table before a budget hangs on it (docs/cost.md#refresh).
 */
export const asOf = "2025-06-30";

export const regions = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1"] as const;
export type Region = (typeof regions)[number];

/** In the order of `regions`; a single number is the price everywhere. */
type Row = number | readonly [number, number, number, number, number];

/** Unit and source of each price. */
interface Price {
  readonly unit: string;
  readonly usd: Row;
  /** AWS's page that has the price now. */
  readonly source: string;
  /** Day of Infracost's record that has the same price for us-east-1. */
  readonly checked?: string;
}

const aws = (page: string) => `https://aws.amazon.com/${page}/pricing/`;

const rows = {
  "fargate.vcpu": {
    unit: "vCPU-hour",
    usd: [0.04048, 0.04048, 0.04048, 0.04656, 0.05056],
    source: aws("fargate"),
    checked: "2025-07-04",
  },
  "fargate.gb": {
    unit: "GB-hour",
    usd: [0.004445, 0.004445, 0.004445, 0.00511, 0.00553],
    source: aws("fargate"),
    checked: "2025-07-04",
  },
  "fargate.arm.vcpu": { unit: "vCPU-hour", usd: [0.03238, 0.03238, 0.03238, 0.03725, 0.04045], source: aws("fargate") },
  "fargate.arm.gb": { unit: "GB-hour", usd: [0.00356, 0.00356, 0.00356, 0.00409, 0.00442], source: aws("fargate") },

  "nat.hour": { unit: "hour", usd: [0.045, 0.045, 0.048, 0.052, 0.059], source: aws("vpc"), checked: "2024-07-01" },
  "nat.gb": { unit: "GB", usd: [0.045, 0.045, 0.048, 0.052, 0.059], source: aws("vpc"), checked: "2024-07-01" },
  "ipv4.hour": { unit: "hour", usd: 0.005, source: aws("vpc") },
  "endpoint.hour": {
    unit: "zone-hour",
    usd: [0.01, 0.01, 0.011, 0.012, 0.013],
    source: aws("privatelink"),
    checked: "2024-10-18",
  },
  "endpoint.gb": { unit: "GB", usd: 0.01, source: aws("privatelink"), checked: "2024-10-18" },

  "alb.hour": {
    unit: "hour",
    usd: [0.0225, 0.0225, 0.0252, 0.027, 0.0252],
    source: aws("elasticloadbalancing"),
    checked: "2024-07-01",
  },
  "alb.capacity": {
    unit: "capacity-unit-hour",
    usd: 0.008,
    source: aws("elasticloadbalancing"),
    checked: "2024-07-01",
  },

  "rds.gp3.gb": {
    unit: "GB-month",
    usd: [0.115, 0.115, 0.127, 0.137, 0.138],
    source: aws("rds/postgresql"),
    checked: "2026-05-03",
  },
  "rds.proxy.vcpu": { unit: "vCPU-hour", usd: [0.015, 0.015, 0.017, 0.018, 0.02], source: aws("rds/proxy") },

  "cloudfront.gb": { unit: "GB", usd: 0.085, source: aws("cloudfront"), checked: "2024-07-01" },
  "cloudfront.requests": { unit: "million requests", usd: 1.2, source: aws("cloudfront"), checked: "2024-07-01" },
  "cloudfront.functions": { unit: "million invocations", usd: 0.1, source: aws("cloudfront"), checked: "2024-07-01" },
  "waf.acl": { unit: "month", usd: 5, source: aws("waf"), checked: "2024-07-01" },
  "waf.rule": { unit: "rule-month", usd: 1, source: aws("waf"), checked: "2024-07-01" },
  "waf.requests": { unit: "million requests", usd: 0.6, source: aws("waf"), checked: "2024-07-01" },

  "logs.gb": {
    unit: "GB taken in",
    usd: [0.5, 0.5, 0.57, 0.63, 0.7],
    source: aws("cloudwatch"),
    checked: "2024-07-01",
  },
  "cloudwatch.alarm": { unit: "alarm-month", usd: 0.1, source: aws("cloudwatch"), checked: "2024-07-01" },
  "cloudwatch.composite": { unit: "alarm-month", usd: 0.5, source: aws("cloudwatch") },
  "cloudwatch.dashboard": { unit: "month", usd: 3, source: aws("cloudwatch"), checked: "2024-07-01" },

  "secret.month": { unit: "secret-month", usd: 0.4, source: aws("secrets-manager"), checked: "2024-07-01" },
  "kms.month": { unit: "key-month", usd: 1, source: aws("kms"), checked: "2024-07-01" },
  "s3.gb": { unit: "GB-month", usd: [0.023, 0.023, 0.023, 0.0245, 0.025], source: aws("s3"), checked: "2025-07-04" },
  "ecr.gb": { unit: "GB-month", usd: 0.1, source: aws("ecr"), checked: "2024-07-01" },
  "route53.zone": { unit: "zone-month", usd: 0.5, source: aws("route53"), checked: "2024-07-01" },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceKey = keyof typeof rows;

/** Rows that agree with somebody else's record, and the day of it. */
export const checked: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries<Price>(rows).flatMap(([key, row]) => (row.checked === undefined ? [] : [[key, row.checked]])),
);

export function price(
  key: PriceKey,
  region: Region,
): { readonly unit: string; readonly usd: number; readonly source: string } {
  const { unit, usd, source }: Price = rows[key];
  return { unit, source, usd: typeof usd === "number" ? usd : usd[regions.indexOf(region)]! };
}

/**
 * Instances by the hour in us-east-1. Elsewhere the factor of the region applies, which follows the list
 * prices of the t4g and m7g families to about five per cent.
 */
export const instances = {
  rds: {
    source: aws("rds/postgresql"),
    factors: [1, 1, 1.09, 1.14, 1.48],
    hourly: {
      ...sizes("db.t4g", 0.129, { micro: 0.016, small: 0.032, medium: 0.065 }),
      ...sizes("db.t3", 0.145, { micro: 0.018, small: 0.036, medium: 0.072 }),
      ...sizes("db.m6g", 0.159),
      ...sizes("db.m7g", 0.168),
      ...sizes("db.m6i", 0.178),
      ...sizes("db.r6g", 0.225),
      ...sizes("db.r7g", 0.239),
      ...sizes("db.r6i", 0.25),
    },
  },
  /** Of Valkey, a fifth below Redis OSS. */
  valkey: {
    source: aws("elasticache"),
    factors: [1, 1, 1.09, 1.19, 1.25],
    hourly: {
      ...sizes("cache.t4g", undefined, { micro: 0.0128, small: 0.0256, medium: 0.052 }),
      ...sizes("cache.m6g", 0.1192),
      ...sizes("cache.m7g", 0.1264),
      ...sizes("cache.r6g", 0.1648),
      ...sizes("cache.r7g", 0.1752),
    },
  },
} as const;

/** By the hour; undefined for a class that is not in the table. */
export function instancePrice(kind: keyof typeof instances, instanceClass: string, region: Region): number | undefined {
  const { hourly, factors } = instances[kind];
  const base = (hourly as Readonly<Record<string, number>>)[instanceClass];
  return base === undefined ? undefined : base * factors[regions.indexOf(region)]!;
}

/** From `large` on, each size costs in proportion to the one before. */
function sizes(
  family: string,
  large: number | undefined,
  small: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const multiples = { large: 1, xlarge: 2, "2xlarge": 4, "4xlarge": 8, "8xlarge": 16, "12xlarge": 24, "16xlarge": 32 };
  return Object.fromEntries<number>([
    ...Object.entries(small).map(([size, usd]) => [`${family}.${size}`, usd] as const),
    ...(large === undefined
      ? []
      : Object.entries(multiples).map(([size, times]) => [`${family}.${size}`, large * times] as const)),
  ]);
}

export function isKnownRegion(region: string): region is Region {
  return (regions as readonly string[]).includes(region);
}
