import { edgeFunctions, feed, invalidations, nat, type Taken } from "./sources";

/** One price everywhere, or one for each region in the order of `regions`. */
export type Usd = number | readonly number[];

export interface Service {
  /** What the price is for. */
  readonly unit: string;
  readonly usd: Usd;
  /** AWS's page with the price of today, below https://aws.amazon.com, without `/pricing/`. */
  readonly page: string;
  readonly taken: Taken;
}

/** CloudFront: visitors in Europe; in North America a million requests is 1.00. */
export const services = {
  "fargate.vcpu": {
    unit: "vCPU-hour",
    usd: [0.04048, 0.04048, 0.04048, 0.04456, 0.04048, 0.04656, 0.04656, 0.0445, 0.05056, 0.04856, 0.05056],
    page: "fargate",
    taken: feed("ecs.json", "2025-12-03"),
  },
  "fargate.gb": {
    unit: "GB-hour",
    usd: [0.004445, 0.004445, 0.004445, 0.004865, 0.004445, 0.00511, 0.00511, 0.0049, 0.00553, 0.00532, 0.00553],
    page: "fargate",
    taken: feed("ecs.json", "2025-12-03"),
  },
  "fargate.arm.vcpu": {
    unit: "vCPU-hour",
    usd: [0.03238, 0.03238, 0.03238, 0.03565, 0.03238, 0.03725, 0.03725, 0.0356, 0.04045, 0.03885, 0.04045],
    page: "fargate",
    taken: feed("ecs.json", "2025-12-03"),
  },
  "fargate.arm.gb": {
    unit: "GB-hour",
    usd: [0.00356, 0.00356, 0.00356, 0.00389, 0.00356, 0.00409, 0.00409, 0.00392, 0.00442, 0.00426, 0.00442],
    page: "fargate",
    taken: feed("ecs.json", "2025-12-03"),
  },

  "nat.hour": {
    unit: "hour",
    usd: [0.045, 0.045, 0.045, 0.05, 0.048, 0.05, 0.052, 0.046, 0.059, 0.059, 0.062],
    page: "vpc",
    taken: nat,
  },
  "nat.gb": {
    unit: "GB",
    usd: [0.045, 0.045, 0.045, 0.05, 0.048, 0.05, 0.052, 0.046, 0.059, 0.059, 0.062],
    page: "vpc",
    taken: nat,
  },
  "ipv4.hour": { unit: "hour", usd: 0.005, page: "vpc", taken: feed("vpc.json", "2025-11-19") },
  "ec2.t4g.nano": {
    unit: "instance-hour",
    usd: [0.0042, 0.0042, 0.0042, 0.0046, 0.0046, 0.0047, 0.0048, 0.0043, 0.0053, 0.0053, 0.0054],
    page: "ec2/on-demand",
    taken: nat,
  },
  "ebs.gp3.gb": {
    unit: "GB-month",
    usd: [0.08, 0.08, 0.08, 0.088, 0.088, 0.0928, 0.0952, 0.0836, 0.096, 0.096, 0.096],
    page: "ebs",
    taken: nat,
  },
  "endpoint.hour": {
    unit: "zone-hour",
    usd: [0.01, 0.01, 0.01, 0.011, 0.011, 0.011, 0.012, 0.0105, 0.013, 0.013, 0.014],
    page: "privatelink",
    taken: feed("vpc.json", "2025-11-19"),
  },
  "endpoint.gb": { unit: "GB", usd: 0.01, page: "privatelink", taken: feed("vpc.json", "2025-11-19") },

  "alb.hour": {
    unit: "hour",
    usd: [0.0225, 0.0225, 0.0225, 0.02475, 0.0252, 0.02646, 0.027, 0.02394, 0.0252, 0.0252, 0.0243],
    page: "elasticloadbalancing",
    taken: feed("elb.json", "2025-11-03"),
  },
  "alb.capacity": {
    unit: "capacity-unit-hour",
    usd: [0.008, 0.008, 0.008, 0.0088, 0.008, 0.0084, 0.008, 0.0076, 0.008, 0.008, 0.008],
    page: "elasticloadbalancing",
    taken: feed("elb.json", "2025-11-03"),
  },

  "rds.gp3.gb": {
    unit: "GB-month",
    usd: [0.115, 0.115, 0.115, 0.127, 0.127, 0.133, 0.137, 0.12, 0.138, 0.138, 0.138],
    page: "rds/postgresql",
    taken: feed("rds-postgresql-ondemand.json", "2025-12-05"),
  },
  "rds.proxy.vcpu": {
    unit: "vCPU-hour",
    usd: [0.015, 0.015, 0.015, 0.016, 0.016, 0.017, 0.018, 0.017, 0.018, 0.018, 0.018],
    page: "rds/proxy",
    taken: feed("rds-proxy.json", "2025-12-05"),
  },

  "aurora.acu": {
    unit: "ACU-hour",
    usd: [0.12, 0.12, 0.12, 0.14, 0.14, 0.14, 0.14, 0.14, 0.2, 0.2, 0.15],
    page: "rds/aurora",
    taken: feed("rds-aurora-storage.json", "2025-08-28"),
  },
  "aurora.gb": {
    unit: "GB-month",
    usd: [0.1, 0.1, 0.1, 0.11, 0.11, 0.1, 0.119, 0.11, 0.11, 0.11, 0.12],
    page: "rds/aurora",
    taken: feed("rds-aurora-storage.json", "2025-08-28"),
  },
  "aurora.io": {
    unit: "million requests",
    usd: [0.2, 0.2, 0.2, 0.22, 0.22, 0.2, 0.22, 0.21, 0.22, 0.22, 0.24],
    page: "rds/aurora",
    taken: feed("rds-aurora-storage.json", "2025-08-28"),
  },

  "cloudfront.gb": { unit: "GB", usd: 0.085, page: "cloudfront", taken: feed("cloudfront.json", "2025-09-12") },
  "cloudfront.requests": {
    unit: "million requests",
    usd: 1.2,
    page: "cloudfront",
    taken: feed("cloudfront.json", "2025-09-12"),
  },
  "cloudfront.functions": { unit: "million invocations", usd: 0.1, page: "cloudfront", taken: edgeFunctions },
  "cloudfront.invalidations": { unit: "path", usd: 0.005, page: "cloudfront", taken: invalidations },
  "waf.acl": { unit: "month", usd: 5, page: "waf", taken: feed("waf.json", "2025-10-03") },
  "waf.rule": { unit: "rule-month", usd: 1, page: "waf", taken: feed("waf.json", "2025-10-03") },
  "waf.requests": { unit: "million requests", usd: 0.6, page: "waf", taken: feed("waf.json", "2025-10-03") },

  "logs.gb": {
    unit: "GB taken in",
    usd: [0.5, 0.5, 0.5, 0.55, 0.57, 0.5985, 0.63, 0.54, 0.7, 0.67, 0.76],
    page: "cloudwatch",
    taken: feed("cloudwatch.json", "2025-12-03"),
  },
  "cloudwatch.alarm": {
    unit: "alarm-month",
    usd: 0.1,
    page: "cloudwatch",
    taken: feed("cloudwatch.json", "2025-12-03"),
  },
  "cloudwatch.composite": {
    unit: "alarm-month",
    usd: 0.5,
    page: "cloudwatch",
    taken: feed("cloudwatch.json", "2025-12-03"),
  },
  "cloudwatch.metric": {
    unit: "metric-month",
    usd: 0.3,
    page: "cloudwatch",
    taken: feed("cloudwatch.json", "2025-12-03"),
  },
  "cloudwatch.dashboard": { unit: "month", usd: 3, page: "cloudwatch", taken: feed("cloudwatch.json", "2025-12-03") },

  "secret.month": {
    unit: "secret-month",
    usd: 0.4,
    page: "secrets-manager",
    taken: feed("secretsmanager.json", "2025-09-09"),
  },
  "kms.month": { unit: "key-month", usd: 1, page: "kms", taken: feed("kms.json", "2025-09-09") },
  "s3.gb": {
    unit: "GB-month",
    usd: [0.023, 0.023, 0.023, 0.025, 0.023, 0.024, 0.0245, 0.023, 0.025, 0.025, 0.025],
    page: "s3",
    taken: feed("s3.json", "2025-12-02"),
  },
  "ecr.gb": { unit: "GB-month", usd: 0.1, page: "ecr", taken: feed("ecr.json", "2025-11-21") },
  "route53.check": { unit: "check-month", usd: 0.5, page: "route53", taken: feed("route53.json", "2025-09-16") },
  "route53.checkOption": { unit: "option-month", usd: 1, page: "route53", taken: feed("route53.json", "2025-09-16") },
  "route53.zone": { unit: "zone-month", usd: 0.5, page: "route53", taken: feed("route53.json", "2025-09-16") },
} as const satisfies Readonly<Record<string, Service>>;
