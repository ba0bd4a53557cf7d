import { documentation } from "../../../components/shared/documentation";
import type { AssumptionKey } from "../../../stacks/settings/cost-assumptions";
import type { PlanResource } from "../../plan/plan";
import type { Estimator } from "./estimator";
import { auroraCluster, auroraServer } from "./estimators/aurora";
import { distribution, edgeFunction, webAcl } from "./estimators/edge";
import { replicationGroup } from "./estimators/elasticache";
import { fargateService } from "./estimators/fargate";
import { assumed, each, healthCheck, metricAlarm } from "./estimators/flat";
import { loadBalancer } from "./estimators/load-balancer";
import { ec2Instance, elasticIp, natGateway, vpcEndpoint } from "./estimators/network";
import { rdsInstance, rdsProxy } from "./estimators/rds";
import { asOf, type Price } from "./prices";

export const estimators: Readonly<Record<string, Estimator>> = {
  "aws:backup/vault:Vault": () => ({
    unpriced: "paid by the GB of its backups and of their copies, of which no program says how many",
  }),
  "aws:cloudfront/distribution:Distribution": distribution,
  "aws:cloudfront/function:Function": edgeFunction,
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": each("composite alarm", "cloudwatch.composite"),
  "aws:cloudwatch/dashboard:Dashboard": each("dashboard", "cloudwatch.dashboard"),
  "aws:cloudwatch/logGroup:LogGroup": assumed("log lines", "logs.gb", "logs.gbPerMonth"),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": each("custom metric", "cloudwatch.metric"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarm,
  "aws:ec2/eip:Eip": elasticIp,
  "aws:ec2/instance:Instance": ec2Instance,
  "aws:ec2/natGateway:NatGateway": natGateway,
  "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
  "aws:ecr/repository:Repository": assumed("images", "ecr.gb", "image.gb"),
  "aws:ecs/service:Service": fargateService,
  "aws:elasticache/replicationGroup:ReplicationGroup": replicationGroup,
  "aws:kms/key:Key": each("encryption key", "kms.month"),
  "aws:kms/replicaKey:ReplicaKey": each("copy of an encryption key", "kms.month"),
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:rds/cluster:Cluster": auroraCluster,
  "aws:rds/clusterInstance:ClusterInstance": auroraServer,
  "aws:rds/instance:Instance": rdsInstance,
  "aws:rds/proxy:Proxy": rdsProxy,
  "aws:route53/healthCheck:HealthCheck": healthCheck,
  "aws:route53/zone:Zone": each("hosted zone", "route53.zone"),
  "aws:s3/bucket:Bucket": assumed("objects", "s3.gb", "storage.gb"),
  "aws:secretsmanager/secret:Secret": each("secret", "secret.month"),
  "aws:wafv2/webAcl:WebAcl": webAcl,
};

/** Never costs anything itself: what these configure is paid for where it runs. */
const freeTypes = new RegExp(
  `^(${[
    "random:",
    "tls:",
    "vercel:index/(?!project:)",
    "aws:acm/",
    "aws:appautoscaling/",
    "aws:backup/(plan:|selection|vaultLock|vaultPolicy|vaultNotifications)",
    "aws:budgets/budget:",
    "aws:cloudfront/(originAccessControl|cachePolicy|originRequestPolicy|responseHeadersPolicy|vpcOrigin)",
    "aws:cloudwatch/(event|logDelivery|logResourcePolicy)",
    "aws:ec2/(vpc:|subnet|route|internetGateway|securityGroup|defaultSecurityGroup|networkAcl|flowLog)",
    "aws:ecr/lifecyclePolicy",
    "aws:ecr/repositoryPolicy",
    "aws:ecs/(cluster|clusterCapacityProviders|taskDefinition)",
    "aws:elasticache/(subnetGroup|parameterGroup|user:|userGroup:)",
    "aws:iam/",
    "aws:kms/alias",
    "aws:lambda/(?!provisionedConcurrencyConfig)",
    "aws:lb/(listener|targetGroup)",
    "aws:rds/(subnetGroup|parameterGroup|clusterParameterGroup|eventSubscription|proxyDefaultTargetGroup|proxyTarget)",
    "aws:route53/record",
    "aws:s3/bucket[A-Z]",
    "aws:scheduler/",
    "aws:secretsmanager/secret[A-Z]",
    "aws:sns/topic",
    "aws:sqs/",
    "aws:vpc/",
    "aws:wafv2/ipSet",
    "aws:wafv2/webAcl[A-Z]",
  ].join("|")})`,
);

/**
 * Paid by what goes through it, which no program says. Of Slipway's own components it is known to be next to nothing: mail
 * through SNS is free to a thousand a month, and a release invokes functions for less than a cent.
 */
export const byUse: Readonly<Record<string, Use>> = {
  "aws:cloudwatch/eventBus:EventBus": { why: "paid by events, of which no program says how many" },
  "aws:lambda/function:Function": {
    why: "paid by requests and by GB-seconds, of which no program says how many",
    pricedBy: /^(memorySize|architectures|ephemeralStorage|snapStart)\b/,
  },
  "aws:sns/topic:Topic": { why: "paid by messages and where they go, of which no program says how many" },
  "aws:sqs/queue:Queue": { why: "paid by requests, of which no program says how many" },
};

interface Use {
  /** Why nobody can tell the price. */
  readonly why: string;
  /** Properties that say what a unit of use costs; absent where none does. */
  readonly pricedBy?: RegExp;
}

/** Runs on a cluster or a host that is paid for whether or not this plan exists. */
const elsewhereTypes = /^(kubernetes|docker|docker-build|command):/;

/** What is paid for by a plan with the provider: no list of resources tells what it comes to. */
const plans: Readonly<Record<string, string>> = {
  "vercel:index/project:Project": "Vercel bills seats and usage by the team's plan: vercel.com/pricing",
};

/** Why no price of a resource can be told, whatever its properties. */
export function unpricedBecause(
  { type, urn }: PlanResource,
  assumptions: Readonly<Partial<Record<AssumptionKey, number | undefined>>> = {},
): string | undefined {
  const known = isOwn(urn) || assumptions["use.usdPerMonth"] !== undefined;
  return plans[type] ?? (known ? undefined : byUse[type]?.why);
}

/** What the stack file says of a resource that is paid by use. */
export const assumedUse: Estimator = (_resource, { assume }) => [
  { what: "use, as assumed", quantity: assume("use.usdPerMonth"), price: use, assumes: ["use.usdPerMonth"] },
];

const use: Price = {
  unit: "US dollars",
  usd: 1,
  page: documentation("cost.md"),
  taken: { from: "slipway:costs", on: asOf },
};

export function isFree(resource: PlanResource): boolean {
  return freeTypes.test(resource.type) && unpricedBecause(resource) === undefined;
}

/** The type of each component that a resource is in is part of its URN. */
function isOwn(urn: string): boolean {
  return (urn.split("::")[2] ?? "").startsWith("slipway:");
}

export function isElsewhere(type: string): boolean {
  return elsewhereTypes.test(type);
}
