import type { PlanResource, PlanValue } from "../plan/plan";

type Inputs = PlanResource["inputs"];
type Fact = (inputs: Inputs) => string | undefined;

/** What a reader wants to know of a resource before its name: one row a type. Repeats are counted. */
const facts: Readonly<Record<string, Fact>> = {
  "aws:ec2/vpc:Vpc": ({ cidrBlock }) => text(cidrBlock),
  "aws:ec2/subnet:Subnet": () => "subnet",
  "aws:ec2/natGateway:NatGateway": () => "NAT gateway",
  "aws:ec2/instance:Instance": ({ instanceType }) => listed([text(instanceType), "instance"]),
  "aws:ec2/vpcEndpoint:VpcEndpoint": () => "endpoint",
  "aws:rds/instance:Instance": ({ instanceClass, multiAz, backupRetentionPeriod, replicateSourceDb }) =>
    replicateSourceDb !== undefined
      ? "read replica"
      : listed([
          text(instanceClass),
          multiAz === true && "Multi-AZ",
          number(backupRetentionPeriod, (days) => `${days} d of backups`),
        ]),
  "aws:rds/cluster:Cluster": ({ serverlessv2ScalingConfiguration: scaling, backupRetentionPeriod }) =>
    listed([
      number(field(scaling, "maxCapacity"), (most) => `${text(field(scaling, "minCapacity"))}-${most} ACUs`),
      number(backupRetentionPeriod, (days) => `${days} d of backups`),
    ]),
  "aws:rds/clusterInstance:ClusterInstance": () => "server",
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ nodeType, numCacheClusters }) =>
    listed([text(nodeType), number(numCacheClusters, (count) => `${count} nodes`)]),
  "aws:ecs/taskDefinition:TaskDefinition": ({ cpu, memory }) =>
    listed([`${text(cpu)} CPU units`, `${text(memory)} MiB`]),
  "aws:ecs/service:Service": ({ deploymentConfiguration }) =>
    text(field(deploymentConfiguration, "strategy"))?.toLowerCase().replaceAll("_", "-") ?? "rolling",
  "aws:appautoscaling/target:Target": ({ minCapacity, maxCapacity }) =>
    `${text(minCapacity)}-${text(maxCapacity)} replicas`,
  "aws:lb/loadBalancer:LoadBalancer": () => "load balancer",
  "aws:backup/vault:Vault": () => "backup vault",
  "aws:backup/plan:Plan": () => "backup plan",
  "aws:cloudfront/distribution:Distribution": ({ priceClass }) => listed(["CloudFront", text(priceClass)]),
  "aws:wafv2/webAcl:WebAcl": () => "WAF",
  "aws:cloudwatch/metricAlarm:MetricAlarm": () => "alarm",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": () => "metric of the log",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": () => "composite alarm",
  "aws:cloudwatch/dashboard:Dashboard": () => "dashboard",
  "aws:route53/healthCheck:HealthCheck": ({ resourcePath }) => `health check of ${text(resourcePath)}`,
  "aws:secretsmanager/secret:Secret": () => "secret",
  "aws:s3/bucket:Bucket": () => "bucket",
  "kubernetes:apps/v1:Deployment": ({ spec }) =>
    listed(["Deployment", number(field(spec, "replicas"), (count) => `${count} replicas`)]),
  "kubernetes:apps/v1:StatefulSet": ({ spec }) =>
    listed(["StatefulSet", number(field(spec, "replicas"), (count) => `${count} replicas`)]),
  "kubernetes:argoproj.io/v1alpha1:Rollout": () => "Rollout",
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": ({ spec }) =>
    `${text(field(spec, "minReplicas"))}-${text(field(spec, "maxReplicas"))} replicas`,
  "kubernetes:keda.sh/v1alpha1:ScaledObject": ({ spec }) =>
    `${text(field(spec, "minReplicaCount"))}-${text(field(spec, "maxReplicaCount"))} replicas`,
  "kubernetes:postgresql.cnpg.io/v1:Cluster": ({ spec }) =>
    listed([
      number(field(spec, "instances"), (count) => plural(count, "instance")),
      text(field(field(spec, "storage"), "size")),
    ]),
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": () => "HTTPRoute",
  "kubernetes:networking.k8s.io/v1:Ingress": () => "Ingress",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": () => "network policy",
  "kubernetes:core/v1:Secret": () => "secret",
  "kubernetes:monitoring.coreos.com/v1:PrometheusRule": () => "rule set",
  "docker:index/container:Container": ({ memory, mustRun }) =>
    mustRun === false ? undefined : listed(["container", number(memory, (mb) => `${mb} MiB`)]),
  "docker:index/network:Network": ({ internal }) => (internal === true ? "internal network" : "network"),
  "docker:index/volume:Volume": () => "volume",
  "random:index/randomBytes:RandomBytes": () => "generated",
};

export function factsOf(resources: readonly PlanResource[]): string[] {
  const counts = new Map<string, number>();
  for (const { type, inputs } of resources) {
    const fact = facts[type]?.(inputs);
    if (fact !== undefined) counts.set(fact, (counts.get(fact) ?? 0) + 1);
  }
  return [...counts].map(([fact, count]) => (count === 1 ? fact : `${count} x ${fact}`));
}

function field(value: PlanValue | undefined, key: string): PlanValue | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, PlanValue>)[key]
    : undefined;
}

function text(value: PlanValue | undefined): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function number(value: PlanValue | undefined, shown: (value: number) => string): string | undefined {
  return typeof value === "number" ? shown(value) : undefined;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function listed(parts: readonly (string | false | undefined)[]): string | undefined {
  const present = parts.filter((part) => typeof part === "string");
  return present.length > 0 ? present.join(", ") : undefined;
}
