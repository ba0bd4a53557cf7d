import { deepEqual } from "node:assert/strict";

import { limitRules } from "../../../policy/deployability/aws/limits";
import { findRule, refusals } from "../../../policy/index";
import { given, partly, specify, unknown, urnOf } from "../spec";
import { specifiedHere as ofBackups } from "./backup";
import { specifiedHere } from "./capacity-and-names";

const service = "aws:ecs/service:Service";
const task = "aws:ecs/taskDefinition:TaskDefinition";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const group = "aws:lb/targetGroup:TargetGroup";
const listener = "aws:lb/listener:Listener";
const listenerRule = "aws:lb/listenerRule:ListenerRule";
const instance = "aws:rds/instance:Instance";
const parameterGroup = "aws:rds/parameterGroup:ParameterGroup";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const subnet = "aws:ec2/subnet:Subnet";
const vpc = "aws:ec2/vpc:Vpc";
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const distribution = "aws:cloudfront/distribution:Distribution";
const certificate = "aws:acm/certificate:Certificate";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topic = "aws:sns/topic:Topic";

const specified = new Set<string>([...specifiedHere, ...ofBackups]);
const spec = (id: string, cases: Parameters<typeof specify>[1]) => {
  specified.add(id);
  specify(findRule(id)!, cases);
};
const idOf = (type: string, name: string) => unknown(`${urnOf(type, name)}#id`);
const containers = (...all: object[]) => JSON.stringify(all);
const zone = (name: string, availabilityZone: unknown) => given(subnet, { availabilityZone }, { name });
const subnets = (...names: string[]) => names.map((name) => idOf(subnet, name));

spec("fargate-size", {
  passes: {
    "a quarter of a CPU and 512 MB": given(task, { requiresCompatibilities: ["FARGATE"], cpu: "256", memory: "512" }),
    "16 CPUs and 120 GB": given(task, { requiresCompatibilities: ["FARGATE"], cpu: "16384", memory: "122880" }),
    "any pair on EC2": given(task, { requiresCompatibilities: ["EC2"], cpu: "500", memory: "300" }),
  },
  fails: {
    "a CPU between two sizes": [
      given(task, { requiresCompatibilities: ["FARGATE"], cpu: "500", memory: "1024" }),
      "cpu",
    ],
    "too little memory": [given(task, { requiresCompatibilities: ["FARGATE"], cpu: "512", memory: "512" }), "memory"],
    "a step of 1 GB at 8 CPUs": [
      given(task, { requiresCompatibilities: ["FARGATE"], cpu: "8192", memory: "17408" }),
      "memory",
    ],
  },
  open: {
    "a size that is not known": [
      given(task, { requiresCompatibilities: ["FARGATE"], cpu: unknown(), memory: "512" }),
      "cpu",
    ],
  },
});

spec("ecs-container-timings", {
  passes: {
    "the last values": given(task, {
      containerDefinitions: containers({
        name: "a",
        stopTimeout: 120,
        healthCheck: { interval: 5, timeout: 60, retries: 10, startPeriod: 300 },
      }),
    }),
  },
  fails: {
    "121 s to stop": [
      given(task, { containerDefinitions: containers({ name: "a", stopTimeout: 121 }) }),
      "containerDefinitions[0].stopTimeout",
    ],
    "a start of more than 300 s": [
      given(task, { containerDefinitions: containers({ name: "a", healthCheck: { startPeriod: 301 } }) }),
      "containerDefinitions[0].healthCheck.startPeriod",
    ],
  },
});

spec("ecs-container-order", {
  passes: {
    "a migration first": given(task, {
      containerDefinitions: containers(
        { name: "a", dependsOn: [{ containerName: "m", condition: "SUCCESS" }] },
        { name: "m", essential: false },
      ),
    }),
  },
  fails: {
    "a name that is not there": [
      given(task, {
        containerDefinitions: containers({ name: "a", dependsOn: [{ containerName: "x", condition: "START" }] }),
      }),
      "containerDefinitions[0].dependsOn[0]",
    ],
    "the health of one that is not checked": [
      given(task, {
        containerDefinitions: containers(
          { name: "a", dependsOn: [{ containerName: "m", condition: "HEALTHY" }] },
          { name: "m" },
        ),
      }),
      "containerDefinitions[0].dependsOn[0].condition",
    ],
    "the end of an essential one": [
      given(task, {
        containerDefinitions: containers(
          { name: "a", dependsOn: [{ containerName: "m", condition: "COMPLETE" }] },
          { name: "m" },
        ),
      }),
      "containerDefinitions[0].dependsOn[0].condition",
    ],
  },
});

spec("ecs-strategy", {
  passes: {
    "a rolling one with its circuit breaker": given(service, { deploymentCircuitBreaker: { enable: true } }),
    "a linear one": given(service, {
      deploymentConfiguration: { strategy: "LINEAR", linearConfiguration: { stepPercent: 10 } },
    }),
  },
  fails: {
    "steps of a canary": [
      given(service, { deploymentConfiguration: { strategy: "CANARY", linearConfiguration: { stepPercent: 10 } } }),
      "deploymentConfiguration.linearConfiguration",
    ],
    "a circuit breaker beside blue-green": [
      given(service, {
        deploymentConfiguration: { strategy: "BLUE_GREEN" },
        deploymentCircuitBreaker: { enable: true },
      }),
      "deploymentCircuitBreaker",
    ],
  },
});

const advanced = { alternateTargetGroupArn: "a", productionListenerRule: "b", roleArn: "c" };
spec("ecs-alternate-target-group", {
  passes: {
    "a rolling one without": given(service, { loadBalancers: [{}] }),
    "blue-green with all three": given(service, {
      deploymentConfiguration: { strategy: "BLUE_GREEN" },
      loadBalancers: [{ advancedConfiguration: advanced }],
    }),
  },
  fails: {
    "a canary without a role": [
      given(service, {
        deploymentConfiguration: { strategy: "CANARY" },
        loadBalancers: [{ advancedConfiguration: { ...advanced, roleArn: undefined } }],
      }),
      "loadBalancers[0]",
    ],
  },
});

spec("ecs-deployment-room", {
  passes: {
    "twice as many": given(service, { deploymentMaximumPercent: 200, deploymentMinimumHealthyPercent: 100 }),
    "half as many": given(service, { deploymentMaximumPercent: 100, deploymentMinimumHealthyPercent: 50 }),
  },
  fails: {
    "neither more nor fewer": [
      given(service, { deploymentMaximumPercent: 100, deploymentMinimumHealthyPercent: 100 }),
      "deploymentMaximumPercent",
    ],
    "rebalancing without room": [
      given(service, {
        deploymentMaximumPercent: 100,
        deploymentMinimumHealthyPercent: 50,
        availabilityZoneRebalancing: "ENABLED",
      }),
      "deploymentMaximumPercent",
    ],
  },
});

const linear = {
  strategy: "LINEAR",
  bakeTimeInMinutes: "5",
  linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 5 },
};
spec("ecs-release-wait", {
  passes: {
    "fifty minutes and an hour": given(
      service,
      { waitForSteadyState: true, deploymentConfiguration: linear },
      { timeouts: { update: 3600 } },
    ),
    "a rolling one": given(service, { waitForSteadyState: true }),
    "nobody who waits": given(service, { deploymentConfiguration: linear }),
  },
  fails: {
    "fifty minutes and the provider's twenty": [
      given(service, { waitForSteadyState: true, deploymentConfiguration: linear }),
      "deploymentConfiguration",
    ],
    "exactly as long": [
      given(service, { waitForSteadyState: true, deploymentConfiguration: linear }, { timeouts: { update: 3000 } }),
      "deploymentConfiguration",
    ],
    "a long canary": [
      given(service, {
        waitForSteadyState: true,
        deploymentConfiguration: {
          strategy: "CANARY",
          canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 30 },
        },
      }),
      "deploymentConfiguration",
    ],
  },
});

const ecr = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1";
const holder = given(role, {}, { name: "execution" });
const taskWith = (definition: object) =>
  given(task, {
    executionRoleArn: unknown(`${urnOf(role, "execution")}#arn`),
    containerDefinitions: containers(definition),
  });
const inline = (Action: string | string[]) =>
  given(
    rolePolicy,
    {
      role: idOf(role, "execution"),
      policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] }),
    },
    { name: "inline" },
  );
spec("ecs-image-pull", {
  passes: {
    "an image from elsewhere": [taskWith({ image: "ghcr.io/acme/shop:1" }), holder],
    "a role that may pull": [taskWith({ image: ecr }), holder, inline(["ecr:BatchGetImage"])],
    "a role with everything of ECR": [taskWith({ image: ecr }), holder, inline("ecr:*")],
    "a managed policy": [
      taskWith({ image: ecr }),
      holder,
      given(attachment, {
        role: idOf(role, "execution"),
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
      }),
    ],
  },
  fails: {
    "a role that may only log": [
      [taskWith({ image: ecr }), holder, inline("logs:PutLogEvents")],
      "containerDefinitions[0].image",
    ],
    "China's registry": [
      [taskWith({ image: ecr.replace(".com/", ".com.cn/") }), holder],
      "containerDefinitions[0].image",
    ],
  },
});

spec("ecs-secret-readable", {
  passes: {
    "a role that may read": [
      taskWith({ secrets: [{ name: "A", valueFrom: "arn" }] }),
      holder,
      inline("secretsmanager:GetSecretValue"),
    ],
  },
  fails: {
    "a role that may not": [
      [taskWith({ secrets: [{ name: "A", valueFrom: "arn" }] }), holder],
      "containerDefinitions[0].secrets[0]",
    ],
  },
});

spec("alb-two-zones", {
  passes: {
    "two zones": [
      given(balancer, { subnets: subnets("a", "b") }),
      zone("a", "eu-central-1a"),
      zone("b", "eu-central-1b"),
    ],
    "subnets from elsewhere, which nobody knows": given(balancer, { subnets: ["subnet-1", "subnet-2"] }),
  },
  fails: {
    "two subnets of one zone": [
      [given(balancer, { subnets: subnets("a", "b") }), zone("a", "eu-central-1a"), zone("b", "eu-central-1a")],
      "subnets",
    ],
  },
});

const v6 = (name: string, more: object = {}) => given(subnet, { ipv6CidrBlock: "2001:db8::/64", ...more }, { name });
const dual = given(balancer, { ipAddressType: "dualstack", subnets: subnets("a", "b") });
spec("alb-dual-stack-subnets", {
  passes: {
    "both on IPv6": [dual, v6("a"), v6("b", { ipv6CidrBlock: unknown() })],
    "IPv4 alone": [given(balancer, { subnets: subnets("a") }), zone("a", "eu-central-1a")],
    "subnets from elsewhere": given(balancer, { ipAddressType: "dualstack", subnets: ["subnet-1", "subnet-2"] }),
  },
  fails: { "one of them not": [[dual, v6("a"), zone("b", "eu-central-1b")], "subnets"] },
});

spec("target-group-check-order", {
  passes: { "5 of 10 seconds": given(group, { healthCheck: { timeout: 5, interval: 10 } }) },
  fails: { "10 of 10 seconds": [given(group, { healthCheck: { timeout: 10, interval: 10 } }), "healthCheck.timeout"] },
});

const onListener = (name: string, priority: number) =>
  given(
    listenerRule,
    { listenerArn: unknown(`${urnOf(listener, "https")}#arn`), priority },
    { name, urn: urnOf(listenerRule, name) },
  );
spec("listener-rule-unique", {
  passes: { "two priorities": [onListener("b", 2), onListener("a", 1)] },
  fails: { "one priority twice": [[onListener("b", 1), onListener("a", 1)], "priority"] },
});

const lb = (name: string) => given(balancer, {}, { name, urn: urnOf(balancer, name) });
const https = (name: string, of: string) =>
  given(listener, { loadBalancerArn: unknown(`${urnOf(balancer, of)}#arn`) }, { name, urn: urnOf(listener, name) });
const forward = (name: string, on: string) =>
  given(
    listenerRule,
    { listenerArn: unknown(`${urnOf(listener, on)}#arn`), priority: 1 },
    { name, urn: urnOf(listenerRule, name), references: { actions: [urnOf(group)] } },
  );
spec("target-group-one-balancer", {
  passes: {
    "two rules of one load balancer": [
      given(group, {}),
      lb("a"),
      https("x", "a"),
      https("y", "a"),
      forward("r", "x"),
      forward("s", "y"),
    ],
  },
  fails: {
    "rules of two load balancers": [
      [given(group, {}), lb("a"), lb("b"), https("x", "a"), https("y", "b"), forward("r", "x"), forward("s", "y")],
      "",
    ],
  },
});

spec("listener-certificate", {
  passes: {
    "plain HTTP": given(listener, { protocol: "HTTP" }),
    "HTTPS with one": given(listener, { protocol: "HTTPS", certificateArn: unknown() }),
  },
  fails: { "HTTPS without": [given(listener, { protocol: "HTTPS" }), ""] },
});

const replica = given(
  instance,
  { replicateSourceDb: unknown(`${urnOf(instance, "primary")}#identifier`) },
  { name: "replica", urn: urnOf(instance, "replica") },
);
const primary = (properties: object) => given(instance, { ...properties }, { name: "primary" });
spec("rds-replica-managed-password", {
  passes: { "a source with a password of its own": [replica, primary({ backupRetentionPeriod: 7 })] },
  fails: {
    "a source whose password RDS manages": [
      [replica, primary({ manageMasterUserPassword: true })],
      "replicateSourceDb",
    ],
  },
});
spec("rds-replica-backups", {
  passes: { "a source with backups": [replica, primary({ backupRetentionPeriod: 1 })] },
  fails: {
    "a source without": [[replica, primary({ backupRetentionPeriod: 0 })], "replicateSourceDb"],
    "a source that says nothing": [[replica, primary({})], "replicateSourceDb"],
  },
});
spec("rds-storage-size", {
  passes: {
    "20 GiB of gp3": given(instance, { storageType: "gp3", allocatedStorage: 20 }),
    "100 GiB of io1": given(instance, { storageType: "io1", allocatedStorage: 100 }),
  },
  fails: {
    "19 GiB of gp3": [given(instance, { storageType: "gp3", allocatedStorage: 19 }), "allocatedStorage"],
    "99 GiB of io1": [given(instance, { storageType: "io1", allocatedStorage: 99 }), "allocatedStorage"],
  },
});
spec("rds-instance-class", {
  passes: {
    "a burstable class": given(instance, { engine: "postgres", instanceClass: "db.t4g.medium" }),
    "the largest of its family": given(instance, { engine: "postgres", instanceClass: "db.r8g.48xlarge" }),
    "another engine": given(instance, { engine: "oracle-ee", instanceClass: "db.r5.large.tpc1.mem2x" }),
  },
  fails: {
    "a typing error": [given(instance, { engine: "postgres", instanceClass: "db.t4g.mediun" }), "instanceClass"],
    "a family that PostgreSQL 17 has left": [
      given(instance, { engine: "postgres", instanceClass: "db.t2.micro" }),
      "instanceClass",
    ],
    "a size that its family has not": [
      given(instance, { engine: "postgres", instanceClass: "db.m7g.24xlarge" }),
      "instanceClass",
    ],
    "the cache's": [given(instance, { engine: "postgres", instanceClass: "cache.t4g.medium" }), "instanceClass"],
  },
  open: {
    "a class that is not known": [given(instance, { engine: "postgres", instanceClass: unknown() }), "instanceClass"],
  },
});
spec("elasticache-node-type", {
  passes: {
    "a small one": given(cache, { nodeType: "cache.t4g.micro" }),
    "one with data tiering": given(cache, { nodeType: "cache.r6gd.xlarge", dataTieringEnabled: true }),
  },
  fails: {
    "a size that there is not": [given(cache, { nodeType: "cache.t4g.mega" }), "nodeType"],
    "a family that is gone": [given(cache, { nodeType: "cache.m3.medium" }), "nodeType"],
    "a family of which there are no new ones": [given(cache, { nodeType: "cache.t2.small" }), "nodeType"],
    "data tiering that is off": [given(cache, { nodeType: "cache.r6gd.xlarge" }), "nodeType"],
  },
});
spec("ecs-task-definition-size", {
  passes: {
    "64 KiB": given(task, { containerDefinitions: containers({ name: "a", image: "x".repeat(64 * 1024 - 25) }) }),
  },
  fails: {
    "a byte more": [
      given(task, { containerDefinitions: containers({ name: "a", image: "x".repeat(64 * 1024 - 24) }) }),
      "containerDefinitions",
    ],
  },
});
spec("rds-gp3-performance", {
  passes: {
    "400 GiB": given(instance, { engine: "postgres", storageType: "gp3", allocatedStorage: 400, iops: 12000 }),
  },
  fails: {
    "399 GiB": [
      given(instance, { engine: "postgres", storageType: "gp3", allocatedStorage: 399, storageThroughput: 500 }),
      "storageThroughput",
    ],
  },
});
spec("rds-storage-growth", {
  passes: {
    "a tenth more": given(instance, { allocatedStorage: 100, maxAllocatedStorage: 110 }),
    "no growth": given(instance, { allocatedStorage: 100, maxAllocatedStorage: 0 }),
  },
  fails: {
    "a little less than that": [
      given(instance, { allocatedStorage: 100, maxAllocatedStorage: 109 }),
      "maxAllocatedStorage",
    ],
    "more than an instance has": [
      given(instance, { allocatedStorage: 20000, maxAllocatedStorage: 65537 }),
      "maxAllocatedStorage",
    ],
  },
});
spec("rds-windows", {
  passes: {
    "one after the other": given(instance, { backupWindow: "03:00-03:30", maintenanceWindow: "sun:03:30-sun:04:30" }),
  },
  fails: {
    "one in the other": [
      given(instance, { backupWindow: "03:00-04:00", maintenanceWindow: "sun:03:30-sun:04:30" }),
      "maintenanceWindow",
    ],
    "over midnight": [
      given(instance, { backupWindow: "23:45-00:15", maintenanceWindow: "sat:23:30-sun:00:30" }),
      "maintenanceWindow",
    ],
    "29 minutes": [given(instance, { backupWindow: "03:00-03:29" }), "backupWindow"],
  },
});
spec("rds-password-once", {
  passes: { "RDS's": given(instance, { manageMasterUserPassword: true }) },
  fails: { both: [given(instance, { manageMasterUserPassword: true, password: "x" }), "password"] },
});
spec("rds-monitoring-role", {
  passes: {
    neither: given(instance, {}),
    both: given(instance, { monitoringInterval: 60, monitoringRoleArn: unknown() }),
  },
  fails: {
    "no role": [given(instance, { monitoringInterval: 60 }), "monitoringInterval"],
    "no interval": [given(instance, { monitoringRoleArn: "arn" }), "monitoringRoleArn"],
  },
});
spec("rds-final-snapshot-name", {
  passes: {
    "a name": given(instance, { finalSnapshotIdentifier: "last" }),
    "none wanted": given(instance, { skipFinalSnapshot: true }),
    "a replica": given(instance, { replicateSourceDb: "a" }),
  },
  fails: { "no name": [given(instance, { skipFinalSnapshot: false }), "finalSnapshotIdentifier"] },
});
const familyOf = (family: string) => given(parameterGroup, { family }, { name: "parameters" });
const withGroup = given(instance, {
  engine: "postgres",
  engineVersion: "17.4",
  parameterGroupName: unknown(`${urnOf(parameterGroup, "parameters")}#name`),
});
spec("rds-parameter-family", {
  passes: { "postgres17 for 17.4": [withGroup, familyOf("postgres17")] },
  fails: { "postgres16 for 17.4": [[withGroup, familyOf("postgres16")], "parameterGroupName"] },
});
spec("rds-two-zones", {
  passes: {
    two: [
      given("aws:rds/subnetGroup:SubnetGroup", { subnetIds: subnets("a", "b") }),
      zone("a", "x-1a"),
      zone("b", "x-1b"),
    ],
    "a zone that is not known": [
      given("aws:rds/subnetGroup:SubnetGroup", { subnetIds: subnets("a") }),
      zone("a", unknown()),
    ],
  },
  fails: {
    one: [[given("aws:rds/subnetGroup:SubnetGroup", { subnetIds: subnets("a") }), zone("a", "x-1a")], "subnetIds"],
  },
});

const aurora = "aws:rds/cluster:Cluster";
const reader = "aws:rds/clusterInstance:ClusterInstance";
const range = (minCapacity: number, maxCapacity: number, more: object = {}) => ({
  serverlessv2ScalingConfiguration: { minCapacity, maxCapacity, ...more },
});
spec("aurora-capacity", {
  passes: {
    "half an ACU to 256": given(aurora, range(0.5, 256)),
    "a pause": given(aurora, range(0, 1, { secondsUntilAutoPause: 86_400 })),
    "one size": given(aurora, range(8, 8)),
    "none at all": given(aurora, { engine: "aurora-postgresql" }),
  },
  fails: {
    "a quarter": [given(aurora, range(0.25, 8)), "serverlessv2ScalingConfiguration.minCapacity"],
    "more than there is": [given(aurora, range(1, 256.5)), "serverlessv2ScalingConfiguration.maxCapacity"],
    "less than one at most": [given(aurora, range(0.5, 0.5)), "serverlessv2ScalingConfiguration.maxCapacity"],
    backwards: [given(aurora, range(8, 4)), "serverlessv2ScalingConfiguration.maxCapacity"],
    "a pause after seconds": [
      given(aurora, range(0, 1, { secondsUntilAutoPause: 299 })),
      "serverlessv2ScalingConfiguration.secondsUntilAutoPause",
    ],
    "a pause above zero": [
      given(aurora, range(0.5, 1, { secondsUntilAutoPause: 300 })),
      "serverlessv2ScalingConfiguration.secondsUntilAutoPause",
    ],
  },
});
const ofVersion = (engineVersion: string, least = 0.5, most = 8) =>
  given(aurora, { engine: "aurora-postgresql", engineVersion, ...range(least, most) });
spec("aurora-serverless-version", {
  passes: {
    "a major version": ofVersion("13", 0, 256),
    "the first with it": ofVersion("16.1"),
    "the first with 256": ofVersion("15.5", 0.5, 256),
    "the first that pauses": ofVersion("15.7", 0),
    "one that is new here": ofVersion("19.1", 0, 256),
    "an old one without": given(aurora, { engine: "aurora-postgresql", engineVersion: "12.4" }),
  },
  fails: {
    "PostgreSQL 12": [ofVersion("12.9"), "engineVersion"],
    "14.2": [ofVersion("14.2"), "engineVersion"],
    "256 of 15.4": [ofVersion("15.4", 0.5, 256), "engineVersion"],
    "a pause of 14.9": [ofVersion("14.9", 0), "engineVersion"],
  },
});
const serverless = given(reader, {
  instanceClass: "db.serverless",
  clusterIdentifier: unknown(`${urnOf(aurora, "main")}#id`),
});
spec("aurora-serverless-cluster", {
  passes: {
    "a range": [serverless, given(aurora, range(0.5, 8), { name: "main" })],
    "a class of its own": given(reader, { instanceClass: "db.r7g.large" }),
  },
  fails: {
    "no range": [[serverless, given(aurora, {}, { name: "main" })], "instanceClass"],
    "Serverless v1": [
      [serverless, given(aurora, { ...range(1, 2), engineMode: "serverless" }, { name: "main" })],
      "instanceClass",
    ],
  },
});
const clusterParameters = "aws:rds/clusterParameterGroup:ClusterParameterGroup";
const withClusterGroup = given(aurora, {
  engine: "aurora-postgresql",
  engineVersion: "17",
  dbClusterParameterGroupName: unknown(`${urnOf(clusterParameters, "parameters")}#name`),
});
spec("aurora-parameter-family", {
  passes: {
    "aurora-postgresql17 for 17": [
      withClusterGroup,
      given(clusterParameters, { family: "aurora-postgresql17" }, { name: "parameters" }),
    ],
    "another stack's": withClusterGroup,
  },
  fails: {
    "postgres17 for 17": [
      [withClusterGroup, given(clusterParameters, { family: "postgres17" }, { name: "parameters" })],
      "dbClusterParameterGroupName",
    ],
  },
});
spec("aurora-password-once", {
  passes: { "RDS's": given(aurora, { manageMasterUserPassword: true }) },
  fails: { both: [given(aurora, { manageMasterUserPassword: true, masterPassword: "x" }), "masterPassword"] },
});
spec("aurora-final-snapshot-name", {
  passes: {
    "a name": given(aurora, { finalSnapshotIdentifier: "last" }),
    "none wanted": given(aurora, { skipFinalSnapshot: true }),
  },
  fails: { "no name": [given(aurora, {}), "finalSnapshotIdentifier"] },
});
spec("aurora-windows", {
  passes: {
    apart: given(aurora, {
      preferredBackupWindow: "03:00-03:30",
      preferredMaintenanceWindow: "sun:04:00-sun:05:00",
    }),
  },
  fails: {
    together: [
      given(aurora, { preferredBackupWindow: "04:30-05:00", preferredMaintenanceWindow: "sun:04:00-sun:05:00" }),
      "preferredMaintenanceWindow",
    ],
    short: [given(aurora, { preferredBackupWindow: "03:00-03:29" }), "preferredBackupWindow"],
  },
});
spec("aurora-storage", {
  passes: {
    "by I/O": given(aurora, { engine: "aurora-postgresql", storageType: "aurora-iopt1" }),
    "of another engine": given(aurora, { engine: "postgres", allocatedStorage: 100, storageType: "gp3" }),
  },
  fails: {
    "a size": [given(aurora, { engine: "aurora-postgresql", allocatedStorage: 100 }), "allocatedStorage"],
    gp3: [given(aurora, { engine: "aurora-postgresql", storageType: "gp3" }), "storageType"],
  },
});
spec("elasticache-failover-nodes", {
  passes: {
    "two nodes": given(cache, { automaticFailoverEnabled: true, numCacheClusters: 2, multiAzEnabled: true }),
    shards: given(cache, { automaticFailoverEnabled: true, replicasPerNodeGroup: 1 }),
  },
  fails: {
    "one node": [given(cache, { automaticFailoverEnabled: true, numCacheClusters: 1 }), "numCacheClusters"],
    "two zones without failover": [given(cache, { multiAzEnabled: true }), "multiAzEnabled"],
  },
});
spec("elasticache-token-tls", {
  passes: { "over TLS": given(cache, { authToken: "x", transitEncryptionEnabled: true }) },
  fails: { "in the clear": [given(cache, { authToken: "x" }), "authToken"] },
});
const users = "aws:elasticache/userGroup:UserGroup";
const someone = "aws:elasticache/user:User";
const tls = { engine: "valkey", engineVersion: "8.1", transitEncryptionEnabled: true };
const withUsers = { ...tls, userGroupIds: [idOf(users, "users")] };
const references = { userGroupIds: [urnOf(users, "users")] };
spec("elasticache-auth-or-rbac", {
  passes: {
    "a password": given(cache, { ...tls, authToken: "x", authTokenUpdateStrategy: "ROTATE" }),
    users: given(cache, { ...withUsers, authTokenUpdateStrategy: "DELETE" }),
  },
  fails: {
    both: [given(cache, { ...withUsers, authToken: "x" }), "userGroupIds"],
    "a password that is taken away": [
      given(cache, { authToken: "x", authTokenUpdateStrategy: "DELETE" }),
      "authTokenUpdateStrategy",
    ],
  },
});
spec("elasticache-rbac-tls", {
  passes: { "over TLS": given(cache, withUsers), nobody: given(cache, { userGroupIds: [] }) },
  fails: { "in the clear": [given(cache, { userGroupIds: ["shop"] }), "userGroupIds"] },
});
const groupOf = (engine: string) => given(users, { engine }, { name: "users" });
spec("elasticache-rbac-engine", {
  passes: {
    "Valkey 7.2": [given(cache, { ...withUsers, engineVersion: "7.2" }, { references }), groupOf("valkey")],
    "Redis OSS 6.0": [
      given(cache, { ...withUsers, engine: "redis", engineVersion: "6.0" }, { references }),
      groupOf("redis"),
    ],
    "Valkey with Redis' group": [given(cache, withUsers, { references }), groupOf("redis")],
    "an old one without users": given(cache, { engine: "redis", engineVersion: "5.0.6" }),
  },
  fails: {
    "Redis OSS 5": [given(cache, { ...withUsers, engine: "redis", engineVersion: "5.0.6" }), "engineVersion"],
    "Valkey 7.1": [given(cache, { ...withUsers, engineVersion: "7.1" }), "engineVersion"],
    "Redis OSS with Valkey's group": [
      [given(cache, { ...withUsers, engine: "redis", engineVersion: "7.1" }, { references }), groupOf("valkey")],
      "userGroupIds",
    ],
  },
});
spec("elasticache-one-user-group", {
  passes: { one: given(cache, withUsers), none: given(cache, tls) },
  fails: { two: [given(cache, { ...tls, userGroupIds: ["a", "b"] }), "userGroupIds"] },
});
const memberOf = (engine: string, ...names: string[]) =>
  given(
    users,
    { engine, userIds: names.map((name) => idOf(someone, name)) },
    { references: { userIds: names.map((name) => urnOf(someone, name)) } },
  );
const called = (userName: string, name = userName) => given(someone, { userName }, { name });
spec("elasticache-user-group-members", {
  passes: {
    "Valkey, without a default user": [memberOf("valkey", "app"), called("app")],
    "Redis OSS with one": [memberOf("redis", "app", "default"), called("app"), called("default")],
    "Redis OSS with one from elsewhere": [memberOf("redis", "app", "another"), called("app")],
  },
  fails: {
    "Redis OSS without one": [[memberOf("redis", "app"), called("app")], "userIds"],
    "two of one name": [[memberOf("valkey", "a", "b"), called("app", "a"), called("app", "b")], "userIds"],
  },
});
spec("elasticache-user-authentication", {
  passes: {
    "two passwords": given(someone, {
      engine: "valkey",
      authenticationMode: { type: "password", passwords: ["a", "b"] },
    }),
    IAM: given(someone, { userId: "shop", userName: "shop", authenticationMode: { type: "iam" } }),
    "nobody's password on Redis OSS": given(someone, { engine: "redis", noPasswordRequired: true }),
  },
  fails: {
    "no password on Valkey": [given(someone, { engine: "valkey", noPasswordRequired: true }), "noPasswordRequired"],
    "no password on Valkey, by its mode": [
      given(someone, { engine: "valkey", authenticationMode: { type: "no-password-required" } }),
      "authenticationMode.type",
    ],
    "two ways": [
      given(someone, { authenticationMode: { type: "password", passwords: ["a"] }, passwords: ["a"] }),
      "passwords",
    ],
    "three passwords": [
      given(someone, { authenticationMode: { type: "password", passwords: ["a", "b", "c"] } }),
      "authenticationMode",
    ],
    "a password that is missing": [
      given(someone, { authenticationMode: { type: "password" } }),
      "authenticationMode.passwords",
    ],
    "IAM by another name": [
      given(someone, { userId: "shop-1", userName: "shop", authenticationMode: { type: "iam" } }),
      "userName",
    ],
  },
});
spec("elasticache-access-string", {
  passes: {
    rules: given(someone, { accessString: "on ~shop:* &shop:* -@all +@read" }),
    "somebody who is off": given(someone, { accessString: "off ~* -@all" }),
  },
  fails: {
    "a password": [given(someone, { accessString: "on >secret ~* +@all" }), "accessString"],
    reset: [given(someone, { accessString: "on reset" }), "accessString"],
  },
});
const cacheParameters = (family: string) =>
  given("aws:elasticache/parameterGroup:ParameterGroup", { family }, { name: "p" });
const valkey = given(cache, {
  engine: "valkey",
  engineVersion: "8.1",
  parameterGroupName: unknown(`${urnOf("aws:elasticache/parameterGroup:ParameterGroup", "p")}#name`),
});
spec("elasticache-parameter-family", {
  passes: { valkey8: [valkey, cacheParameters("valkey8")] },
  fails: {
    redis7: [[valkey, cacheParameters("redis7")], "parameterGroupName"],
    valkey7: [[valkey, cacheParameters("valkey7")], "parameterGroupName"],
  },
});

spec("vpc-block-size", {
  passes: { "/16": given(vpc, { cidrBlock: "10.0.0.0/16" }), "/28": given(subnet, { cidrBlock: "10.0.0.0/28" }) },
  fails: {
    "/15": [given(vpc, { cidrBlock: "10.0.0.0/15" }), "cidrBlock"],
    "/29": [given(subnet, { cidrBlock: "10.0.0.0/29" }), "cidrBlock"],
  },
});
const net = given(vpc, { cidrBlock: "10.20.0.0/16" }, { name: "net" });
const part = (name: string, cidrBlock: string) =>
  given(subnet, { cidrBlock, vpcId: idOf(vpc, "net") }, { name, urn: urnOf(subnet, name) });
spec("subnet-inside-vpc", {
  passes: { "side by side": [part("b", "10.20.16.0/20"), part("a", "10.20.0.0/20"), net] },
  fails: {
    outside: [[part("b", "10.21.0.0/20"), net], "cidrBlock"],
    "in another": [[part("b", "10.20.1.0/24"), part("a", "10.20.0.0/20"), net], "cidrBlock"],
  },
});
spec("sg-description", {
  passes: { "plain words": given(securityGroup, { description: "Load balancer: in from CloudFront, out (3000)" }) },
  fails: {
    "an apostrophe": [given(securityGroup, { description: "the application's" }), "description"],
    "256 characters": [given(ingress, { description: "a".repeat(256) }), "description"],
  },
});
spec("sg-ports", {
  passes: {
    "443": given(ingress, { ipProtocol: "tcp", fromPort: 443, toPort: 443 }),
    everything: given(egress, { ipProtocol: "-1" }),
  },
  fails: {
    backwards: [given(ingress, { ipProtocol: "tcp", fromPort: 2, toPort: 1 }), "fromPort"],
    none: [given(ingress, { ipProtocol: "tcp" }), "fromPort"],
    "ports of everything": [given(egress, { ipProtocol: "-1", fromPort: 443 }), "fromPort"],
  },
});
const application = given(securityGroup, {}, { name: "application" });
const database = given(ingress, {
  securityGroupId: idOf(securityGroup, "database"),
  referencedSecurityGroupId: idOf(securityGroup, "application"),
  ipProtocol: "tcp",
  fromPort: 5432,
  toPort: 5432,
});
const out = (properties: object) =>
  given(
    egress,
    { securityGroupId: idOf(securityGroup, "application"), ipProtocol: "tcp", ...properties },
    { name: "out" },
  );
spec("sg-both-ways", {
  passes: {
    "out to the same group": [
      database,
      application,
      out({ fromPort: 5432, toPort: 5432, referencedSecurityGroupId: idOf(securityGroup, "database") }),
    ],
    "out to a block": [database, application, out({ fromPort: 0, toPort: 65535, cidrIpv4: "10.20.0.0/16" })],
  },
  fails: {
    "nothing out": [[database, application], "referencedSecurityGroupId"],
    "443 alone": [
      [database, application, out({ fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" })],
      "referencedSecurityGroupId",
    ],
    "out to another group": [
      [
        database,
        application,
        out({ fromPort: 5432, toPort: 5432, referencedSecurityGroupId: idOf(securityGroup, "cache") }),
      ],
      "referencedSecurityGroupId",
    ],
  },
});
spec("nat-public-subnet", {
  passes: {
    "an address": given("aws:ec2/natGateway:NatGateway", { allocationId: unknown() }),
    "a private one": given("aws:ec2/natGateway:NatGateway", { connectivityType: "private" }),
  },
  fails: { "no address": [given("aws:ec2/natGateway:NatGateway", {}), ""] },
});
const endpoint = given("aws:ec2/vpcEndpoint:VpcEndpoint", { privateDnsEnabled: true, vpcId: idOf(vpc, "net") });
spec("endpoint-private-dns", {
  passes: { "a VPC with names": [endpoint, given(vpc, { enableDnsHostnames: true }, { name: "net" })] },
  fails: { "a VPC without": [[endpoint, given(vpc, {}, { name: "net" })], "privateDnsEnabled"] },
});

const issued = (properties: object) =>
  given(certificate, { region: "us-east-1", domainName: "shop.example.com", ...properties }, { name: "edge" });
const edge = (aliases: string[], acmCertificateArn: unknown = unknown(`${urnOf(certificate, "edge")}#arn`)) =>
  given(distribution, { aliases, viewerCertificate: { acmCertificateArn } });
spec("cloudfront-certificate-region", {
  passes: {
    "us-east-1": [edge([]), issued({})],
    "an ARN of us-east-1": edge([], "arn:aws:acm:us-east-1:1:certificate/a"),
  },
  fails: {
    Frankfurt: [[edge([]), issued({ region: "eu-central-1" })], "viewerCertificate.acmCertificateArn"],
    "an ARN of Frankfurt": [
      edge([], "arn:aws:acm:eu-central-1:1:certificate/a"),
      "viewerCertificate.acmCertificateArn",
    ],
  },
});
spec("cloudfront-alias-certificate", {
  passes: {
    "its name": [edge(["shop.example.com"]), issued({})],
    "a wildcard": [edge(["shop.example.com"]), issued({ domainName: "*.example.com" })],
  },
  fails: {
    "another name": [[edge(["www.example.com"]), issued({})], "aliases[0]"],
    "no certificate": [given(distribution, { aliases: ["a.example.com"] }), "aliases"],
    "two levels below a wildcard": [[edge(["a.b.example.com"]), issued({ domainName: "*.example.com" })], "aliases[0]"],
  },
});
spec("cloudfront-origin-exists", {
  passes: {
    "an origin and a group": given(distribution, {
      origins: [{ originId: "a" }],
      originGroups: [{ originId: "g" }],
      defaultCacheBehavior: { targetOriginId: "g" },
      orderedCacheBehaviors: [{ targetOriginId: "a" }],
    }),
  },
  fails: {
    "a name that is none": [
      given(distribution, { origins: [{ originId: "a" }], defaultCacheBehavior: { targetOriginId: "b" } }),
      "defaultCacheBehavior.targetOriginId",
    ],
  },
});
spec("cloudfront-ttl-order", {
  passes: { "in order": given("aws:cloudfront/cachePolicy:CachePolicy", { minTtl: 0, defaultTtl: 1, maxTtl: 1 }) },
  fails: {
    "least above usual": [
      given("aws:cloudfront/cachePolicy:CachePolicy", { minTtl: 2, defaultTtl: 1, maxTtl: 3 }),
      "minTtl",
    ],
    "most below usual": [
      given("aws:cloudfront/cachePolicy:CachePolicy", { minTtl: 0, defaultTtl: 2, maxTtl: 1 }),
      "maxTtl",
    ],
  },
});
spec("cloudfront-allowed-methods", {
  passes: { reading: given(distribution, { defaultCacheBehavior: { allowedMethods: ["HEAD", "GET"] } }) },
  fails: {
    "POST without PUT": [
      given(distribution, { defaultCacheBehavior: { allowedMethods: ["GET", "HEAD", "POST"] } }),
      "defaultCacheBehavior.allowedMethods",
    ],
  },
});
const webAcl = "aws:wafv2/webAcl:WebAcl";
spec("waf-cloudfront-region", {
  passes: {
    "us-east-1": given(webAcl, { scope: "CLOUDFRONT", region: "us-east-1" }),
    "a regional one": given(webAcl, { scope: "REGIONAL", region: "eu-central-1" }),
  },
  fails: { Frankfurt: [given(webAcl, { scope: "CLOUDFRONT", region: "eu-central-1" }), "region"] },
});
spec("waf-rule-priorities", {
  passes: { "0 and 1": given(webAcl, { rules: [{ priority: 0 }, { priority: 1 }] }) },
  fails: { "0 twice": [given(webAcl, { rules: [{ priority: 0 }, { priority: 0 }] }), "rules[1].priority"] },
});
const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const logging = given("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {
  logDestinationConfigs: [unknown(`${urnOf(logGroup, "waf")}#arn`)],
});
spec("waf-log-destination", {
  passes: {
    "a prefix": [logging, given(logGroup, { namePrefix: "aws-waf-logs-" }, { name: "waf" })],
    "a name with an unknown end": [
      logging,
      given(logGroup, { name: partly("aws-waf-logs-{0}", "x#y") }, { name: "waf" }),
    ],
  },
  fails: {
    "another name": [[logging, given(logGroup, { name: "waf-logs" }, { name: "waf" })], "logDestinationConfigs[0]"],
    "another ARN": [
      given(logging.type, { logDestinationConfigs: ["arn:aws:logs:us-east-1:1:log-group:waf"] }),
      "logDestinationConfigs[0]",
    ],
  },
});
const source = (region: string) =>
  given("aws:cloudwatch/logDeliverySource:LogDeliverySource", {
    region,
    resourceArn: unknown(`${urnOf(distribution, "cdn")}#arn`),
  });
spec("logs-delivery-region", {
  passes: { "us-east-1": [source("us-east-1"), given(distribution, {}, { name: "cdn" })] },
  fails: { Frankfurt: [[source("eu-central-1"), given(distribution, {}, { name: "cdn" })], "region"] },
});

const counts = (...ids: string[]) => ids.map((id, index) => ({ id, returnData: index === 0, metric: { period: 60 } }));
spec("alarm-span", {
  passes: {
    "a day of minutes": given(alarm, { period: 60, evaluationPeriods: 1440 }),
    "a week of hours": given(alarm, { period: 3600, evaluationPeriods: 168 }),
  },
  fails: {
    "more than a day of minutes": [given(alarm, { period: 60, evaluationPeriods: 1441 }), "evaluationPeriods"],
    "the same inside of a query": [
      given(alarm, { metricQueries: counts("a"), evaluationPeriods: 1441 }),
      "evaluationPeriods",
    ],
  },
});
spec("alarm-datapoints", {
  passes: { "3 of 3": given(alarm, { datapointsToAlarm: 3, evaluationPeriods: 3 }) },
  fails: { "4 of 3": [given(alarm, { datapointsToAlarm: 4, evaluationPeriods: 3 }), "datapointsToAlarm"] },
});
spec("alarm-queries", {
  passes: {
    "one metric": given(alarm, { metricName: "CPU" }),
    "two queries": given(alarm, { metricQueries: counts("a", "b") }),
  },
  fails: {
    neither: [given(alarm, {}), "metricQueries"],
    both: [given(alarm, { metricName: "CPU", metricQueries: counts("a") }), "metricQueries"],
    "two that count": [
      given(alarm, {
        metricQueries: [
          { id: "a", returnData: true },
          { id: "b", returnData: true },
        ],
      }),
      "metricQueries",
    ],
    "a capital": [given(alarm, { metricQueries: counts("A") }), "metricQueries[0].id"],
  },
});
const heard = given(
  alarm,
  { alarmActions: [unknown(`${urnOf(topic, "alerts")}#arn`)], metricName: "a" },
  { name: "alarm", references: { alarmActions: [urnOf(topic, "alerts")] } },
);
const alerts = (kmsMasterKeyId: unknown) =>
  given(topic, { kmsMasterKeyId }, { name: "alerts", urn: urnOf(topic, "alerts") });
const key = (service: string) =>
  given(
    "aws:kms/key:Key",
    {
      policy: JSON.stringify({
        Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "kms:*", Resource: "*" }],
      }),
    },
    { name: "key" },
  );
const composite = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const over = (more: object = {}) =>
  given(composite, { alarmRule: partly('ALARM("{0}")', `${urnOf(alarm, "child")}#name`), ...more });
const childAlarm = (more: Record<string, unknown> = {}) => given(alarm, more, { name: "child" });

spec("composite-alarm-rule", {
  passes: {
    "any of two": given(composite, { alarmRule: 'ALARM("one") OR ALARM(two)' }),
    "one of which the name is not known": over(),
    "all that there is": given(composite, {
      alarmRule: "(ALARM(one) AND NOT (OK(two) OR INSUFFICIENT_DATA(three))) OR FALSE",
    }),
  },
  fails: {
    "a name alone": [given(composite, { alarmRule: "errors" }), "alarmRule"],
    "a parenthesis that stays open": [given(composite, { alarmRule: "(ALARM(one)" }), "alarmRule"],
    "two without a word between": [given(composite, { alarmRule: "ALARM(one) ALARM(two)" }), "alarmRule"],
    "101 alarms": [
      given(composite, { alarmRule: Array.from({ length: 101 }, (_, index) => `ALARM(a${index})`).join(" OR ") }),
      "alarmRule",
    ],
    "501 elements": [
      given(composite, { alarmRule: Array.from({ length: 501 }, () => "TRUE").join(" OR ") }),
      "alarmRule",
    ],
  },
  open: { "a rule that is not known": [given(composite, { alarmRule: unknown() }), "alarmRule"] },
});

spec("composite-alarm-region", {
  passes: {
    "both where the provider is": [over(), childAlarm()],
    "both in us-east-1": [over({ region: "us-east-1" }), childAlarm({ region: "us-east-1" })],
    "another alarm elsewhere": [over(), childAlarm(), given(alarm, { region: "us-east-1" }, { name: "other" })],
  },
  fails: {
    "a child elsewhere": [[over({ region: "eu-central-1" }), childAlarm({ region: "us-east-1" })], "alarmRule"],
    "a suppressor elsewhere": [
      [
        over({
          region: "eu-central-1",
          actionsSuppressor: { alarm: unknown(`${urnOf(alarm, "other")}#arn`), waitPeriod: 60, extensionPeriod: 60 },
        }),
        childAlarm({ region: "eu-central-1" }),
        given(alarm, { region: "us-east-1" }, { name: "other" }),
      ],
      "actionsSuppressor.alarm",
    ],
  },
  open: {
    "one where the provider is": [[over(), childAlarm({ region: "us-east-1" })], "alarmRule"],
  },
});

const healthCheck = "aws:route53/healthCheck:HealthCheck";

spec("health-check-shape", {
  passes: {
    "a page by HTTPS": given(healthCheck, { type: "HTTPS", fqdn: "shop.example.com" }),
    "a page with a text": given(healthCheck, { type: "HTTPS_STR_MATCH", fqdn: "a.example.com", searchString: "Cart" }),
    "an address": given(healthCheck, { type: "TCP", ipAddress: "192.0.2.1" }),
    "others together": given(healthCheck, { type: "CALCULATED", childHealthchecks: ["a"] }),
    "three regions": given(healthCheck, {
      type: "HTTP",
      fqdn: "a.example.com",
      regions: ["us-east-1", "eu-west-1", "sa-east-1"],
    }),
  },
  fails: {
    "a text to find that is not there": [
      given(healthCheck, { type: "HTTP_STR_MATCH", fqdn: "a.example.com" }),
      "searchString",
    ],
    "a text that nobody looks for": [
      given(healthCheck, { type: "HTTPS", fqdn: "a.example.com", searchString: "Cart" }),
      "searchString",
    ],
    "no address": [given(healthCheck, { type: "HTTPS" }), "fqdn"],
    "two regions": [
      given(healthCheck, { type: "HTTP", fqdn: "a.example.com", regions: ["us-east-1", "eu-west-1"] }),
      "regions",
    ],
  },
  open: { "a type that is not known": [given(healthCheck, { type: unknown(), fqdn: "a.example.com" }), "type"] },
});

spec("sns-alarm-key", {
  passes: {
    "a key that is open to CloudWatch": [
      alerts(idOf("aws:kms/key:Key", "key")),
      heard,
      key("cloudwatch.amazonaws.com"),
    ],
    "no key": [alerts(undefined), heard],
  },
  fails: {
    "AWS's own key": [[alerts("alias/aws/sns"), heard], "kmsMasterKeyId"],
    "a key for logs alone": [
      [alerts(idOf("aws:kms/key:Key", "key")), heard, key("logs.amazonaws.com")],
      "kmsMasterKeyId",
    ],
  },
});
const subscription = "aws:sns/topicSubscription:TopicSubscription";
spec("sns-endpoint", {
  passes: { "an address": given(subscription, { protocol: "email", endpoint: "ops@example.com" }) },
  fails: {
    "no address": [given(subscription, { protocol: "email", endpoint: "ops" }), "endpoint"],
    "http for https": [given(subscription, { protocol: "https", endpoint: "http://a.example" }), "endpoint"],
  },
});
spec("scaling-capacity", {
  passes: { "2 to 2": given("aws:appautoscaling/target:Target", { minCapacity: 2, maxCapacity: 2 }) },
  fails: { "3 to 2": [given("aws:appautoscaling/target:Target", { minCapacity: 3, maxCapacity: 2 }), "minCapacity"] },
});
spec("iam-policy-size", {
  passes: { "10,240 characters and white space": given(rolePolicy, { policy: `${"a".repeat(10_240)}   ` }) },
  fails: {
    "one more": [given(rolePolicy, { policy: "a".repeat(10_241) }), "policy"],
    "a long trust policy": [given(role, { assumeRolePolicy: "a".repeat(2049) }), "assumeRolePolicy"],
  },
});
const record = "aws:route53/record:Record";
spec("route53-record-shape", {
  passes: {
    "an alias": given(record, { type: "A", aliases: [{}] }),
    values: given(record, { type: "CNAME", records: ["a"], ttl: 60 }),
  },
  fails: {
    both: [given(record, { aliases: [{}], records: ["a"] }), "aliases"],
    "no ttl": [given(record, { records: ["a"] }), "records"],
    "an alias as CNAME": [given(record, { type: "CNAME", aliases: [{}] }), "type"],
  },
});
const lifecycle = (...rules: object[]) =>
  given("aws:ecr/lifecyclePolicy:LifecyclePolicy", { policy: JSON.stringify({ rules }) });
spec("ecr-lifecycle-rules", {
  passes: {
    "any last": lifecycle(
      { rulePriority: 1, selection: { tagStatus: "untagged", countNumber: 1 } },
      { rulePriority: 2, selection: { tagStatus: "any", countNumber: 30 } },
    ),
  },
  fails: {
    "any first": [
      lifecycle(
        { rulePriority: 1, selection: { tagStatus: "any" } },
        { rulePriority: 2, selection: { tagStatus: "untagged" } },
      ),
      "policy",
    ],
    "one priority twice": [lifecycle({ rulePriority: 1, selection: {} }, { rulePriority: 1, selection: {} }), "policy"],
    "none kept": [lifecycle({ rulePriority: 1, selection: { countNumber: 0 } }), "policy"],
  },
});
spec("acm-name-count", {
  passes: {
    ten: given(certificate, { subjectAlternativeNames: Array.from({ length: 9 }, (_, n) => `${n}.example.com`) }),
  },
  fails: {
    eleven: [
      given(certificate, { subjectAlternativeNames: Array.from({ length: 10 }, (_, n) => `${n}.example.com`) }),
      "subjectAlternativeNames",
    ],
  },
});

describe("relations between resources", () => {
  it("has cases of every rule here", () => {
    const limits = new Set(limitRules.map(({ id }) => id));
    deepEqual(
      [...specified].sort(),
      refusals
        .map(({ id }) => id)
        .filter((id) => !limits.has(id))
        .sort(),
    );
  });
});
