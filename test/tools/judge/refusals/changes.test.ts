import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { PlanValue } from "../../../../tools/plan/plan";
import { consequencesOf, propertyRows, resourceRows } from "../../../../tools/judge/refusals/changes";
import { difference } from "../../../../tools/sources/difference/difference";
import { plan, resource } from "../../plans";

type Inputs = Readonly<Record<string, PlanValue>>;

const instance = "aws:rds/instance:Instance";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const group = "aws:lb/targetGroup:TargetGroup";
const service = "aws:ecs/service:Service";
const subnet = "aws:ec2/subnet:Subnet";
const pgCluster = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const claim = "kubernetes:core/v1:PersistentVolumeClaim";
const set = "kubernetes:apps/v1:StatefulSet";
const container = "docker:index/container:Container";
const table = "aws:dynamodb/table:Table";
const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const ofClaims = (storage: string) => ({
  spec: { volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { resources: { requests: { storage } } } }] },
});
const pgImage = (version: string) => ({
  spec: { imageName: `ghcr.io/cloudnative-pg/postgresql:${version}-standard-trixie` },
});
const distribution = "aws:cloudfront/distribution:Distribution";

/** What two versions of one resource give, and nothing else that would hide it. */
function found(type: string, before: Inputs | undefined, after: Inputs | undefined, options = {}): string[] {
  const side = (inputs: Inputs | undefined) => plan(...(inputs ? [resource(type, "it", inputs, { options })] : []));
  return consequencesOf(difference(side(before), side(after))).map(({ id, severity }) => `${id} ${severity}`);
}

/** Row: [type, before, after, what is said]. An empty list says that the twin of a row says nothing. */
const cases: readonly (readonly [
  id: string,
  type: string,
  before: Inputs | undefined,
  after: Inputs | undefined,
  said: readonly string[],
])[] = [
  [
    "rds-storage-shrinks",
    instance,
    { allocatedStorage: 50 },
    { allocatedStorage: 49 },
    ["rds-storage-shrinks refused"],
  ],
  ["vpc-ipv6-off", "aws:ec2/vpc:Vpc", { assignGeneratedIpv6CidrBlock: true }, {}, ["vpc-ipv6-off refused"]],
  ["vpc-ipv6-off", "aws:ec2/vpc:Vpc", {}, { assignGeneratedIpv6CidrBlock: true }, []],
  ["rds-storage-grows", instance, { allocatedStorage: 50 }, { allocatedStorage: 51 }, ["rds-storage-grows harmless"]],
  [
    "rds-storage-below-grown",
    instance,
    { maxAllocatedStorage: 200 },
    { maxAllocatedStorage: 100 },
    ["rds-storage-below-grown refused"],
  ],
  ["cnpg-major-upgrade", pgCluster, pgImage("16"), pgImage("17"), ["cnpg-major-upgrade outage"]],
  ["cnpg-major-downgrade", pgCluster, pgImage("18"), pgImage("17"), ["cnpg-major-downgrade refused"]],
  [
    "claim-shrinks",
    claim,
    { spec: { resources: { requests: { storage: "20Gi" } } } },
    { spec: { resources: { requests: { storage: "20480M" } } } },
    ["claim-shrinks refused"],
  ],
  [
    "claim-grows",
    claim,
    { spec: { resources: { requests: { storage: "20Gi" } } } },
    { spec: { resources: { requests: { storage: "0.1Ti" } } } },
    ["claim-grows harmless"],
  ],
  ["statefulset-claims", set, ofClaims("20Gi"), ofClaims("30Gi"), ["statefulset-claims outage"]],
  [
    "statefulset-exchanged",
    set,
    { spec: { serviceName: "a" } },
    { spec: { serviceName: "b" } },
    ["statefulset-exchanged outage"],
  ],
  [
    "docker-volume-exchanged",
    container,
    { volumes: [{ volumeName: "pg", containerPath: "/data" }] },
    { volumes: [{ volumeName: "pg2", containerPath: "/data" }] },
    ["docker-volume-exchanged data"],
  ],
  [
    "docker-volume-exchanged",
    container,
    { volumes: [{ volumeName: "pg", containerPath: "/data" }] },
    {},
    ["docker-volume-exchanged data"],
  ],
  [
    "the same volume elsewhere",
    container,
    { volumes: [{ volumeName: "pg", containerPath: "/data" }] },
    { volumes: [{ volumeName: "pg", containerPath: "/var/data" }] },
    [],
  ],
  ["ebs-volume-shrinks", "aws:ebs/volume:Volume", { size: 100 }, { size: 50 }, ["ebs-volume-shrinks refused"]],
  ["a larger volume", "aws:ebs/volume:Volume", { size: 50 }, { size: 100 }, []],
  [
    "fsx-storage-shrinks",
    "aws:fsx/windowsFileSystem:WindowsFileSystem",
    { storageCapacity: 300 },
    { storageCapacity: 200 },
    ["fsx-storage-shrinks refused"],
  ],
  ["dynamodb-ttl-on", table, {}, { ttl: { enabled: true, attributeName: "until" } }, ["dynamodb-ttl-on data"]],
  ["dynamodb-ttl off", table, { ttl: { enabled: true } }, {}, []],
  [
    "s3-expiry-added",
    lifecycle,
    { bucket: "b", rules: [] },
    { bucket: "b", rules: [{ id: "all", expiration: { days: 1 } }] },
    ["s3-expiry-added data"],
  ],
  [
    "s3-inline-expiry-added",
    "aws:s3/bucket:Bucket",
    {},
    { lifecycleRules: [{ enabled: true, noncurrentVersionExpiration: { days: 1 } }] },
    ["s3-inline-expiry-added data"],
  ],
  [
    "s3-expiry-comes",
    lifecycle,
    undefined,
    { bucket: "b", rules: [{ id: "all", expiration: { days: 1 } }] },
    ["s3-expiry-comes data"],
  ],
  ["a transition", lifecycle, undefined, { bucket: "b", rules: [{ transitions: [{ days: 1 }] }] }, []],
  ["kms-key-disabled", "aws:kms/key:Key", {}, { isEnabled: false }, ["kms-key-disabled outage"]],
  [
    "sqs-retention-shortened",
    "aws:sqs/queue:Queue",
    { messageRetentionSeconds: 86400 },
    { messageRetentionSeconds: 60 },
    ["sqs-retention-shortened data"],
  ],
  [
    "kinesis-retention-shortened",
    "aws:kinesis/stream:Stream",
    { retentionPeriod: 48 },
    { retentionPeriod: 24 },
    ["kinesis-retention-shortened data"],
  ],
  [
    "a downgrade of Aurora",
    "aws:rds/cluster:Cluster",
    { engineVersion: "8.0.mysql_aurora.3.05.2" },
    { engineVersion: "5.7.mysql_aurora.2.11.1" },
    ["rds-engine-downgrade refused"],
  ],
  [
    "fewer backups of DocumentDB",
    "aws:docdb/cluster:Cluster",
    { backupRetentionPeriod: 7 },
    { backupRetentionPeriod: 1 },
    ["rds-backups-shortened data"],
  ],
  ["a patch of an image", pgCluster, pgImage("17.4"), pgImage("17.5"), []],
  [
    "cnpg-storage-shrinks",
    pgCluster,
    { spec: { storage: { size: "50Gi" } } },
    { spec: { storage: { size: "20Gi" } } },
    ["cnpg-storage-shrinks refused"],
  ],
  [
    "docker-postgres-major",
    "docker:index/remoteImage:RemoteImage",
    { name: "mirror.example.com/library/postgres:17.6" },
    { name: "postgres:18.0" },
    ["docker-postgres-major refused"],
  ],
  [
    "a patch of PostgreSQL on Docker",
    "docker:index/remoteImage:RemoteImage",
    { name: "postgres:17.5" },
    { name: "postgres:17.6@sha256:0" },
    [],
  ],
  ["a larger volume", pgCluster, { spec: { storage: { size: "20Gi" } } }, { spec: { storage: { size: "50Gi" } } }, []],
  ["a higher maximum", instance, { maxAllocatedStorage: 100 }, { maxAllocatedStorage: 200 }, []],
  [
    "rds-engine-downgrade",
    instance,
    { engineVersion: "17.4" },
    { engineVersion: "17.2" },
    ["rds-engine-downgrade refused"],
  ],
  [
    "a downgrade of a major version",
    instance,
    { engineVersion: "17" },
    { engineVersion: "16" },
    ["rds-engine-downgrade refused"],
  ],
  ["a version written shorter", instance, { engineVersion: "17.4" }, { engineVersion: "17" }, []],
  [
    "rds-major-upgrade-flag",
    instance,
    { engineVersion: "16" },
    { engineVersion: "17" },
    ["rds-major-upgrade-flag refused"],
  ],
  [
    "rds-major-upgrade-outage",
    instance,
    { engineVersion: "16", allowMajorVersionUpgrade: true },
    { engineVersion: "17", allowMajorVersionUpgrade: true },
    ["rds-major-upgrade-outage outage"],
  ],
  [
    "rds-minor-upgrade-outage",
    instance,
    { engineVersion: "17.9" },
    { engineVersion: "17.10" },
    ["rds-minor-upgrade-outage outage"],
  ],
  [
    "rds-class-restart",
    instance,
    { instanceClass: "db.t4g.small" },
    { instanceClass: "db.t4g.medium" },
    ["rds-class-restart outage"],
  ],
  [
    "rds-subnet-group-moves",
    instance,
    { dbSubnetGroupName: "a" },
    { dbSubnetGroupName: "b" },
    ["rds-subnet-group-moves refused"],
  ],
  ["rds-port-restart", instance, { port: 5432 }, { port: 5433 }, ["rds-port-restart outage"]],
  ["rds-backups-off", instance, { backupRetentionPeriod: 7 }, { backupRetentionPeriod: 0 }, ["rds-backups-off data"]],
  [
    "rds-backups-shortened",
    instance,
    { backupRetentionPeriod: 14 },
    { backupRetentionPeriod: 13 },
    ["rds-backups-shortened data"],
  ],
  ["longer backups", instance, { backupRetentionPeriod: 13 }, { backupRetentionPeriod: 14 }, []],
  ["rds-backups-on", instance, { backupRetentionPeriod: 0 }, { backupRetentionPeriod: 7 }, ["rds-backups-on outage"]],
  ["rds-standby-removed", instance, { multiAz: true }, { multiAz: false }, ["rds-standby-removed harmless"]],
  ["a standby more", instance, { multiAz: false }, { multiAz: true }, []],
  ["rds-storage-type", instance, { storageType: "gp2" }, { storageType: "gp3" }, ["rds-storage-type outage"]],
  [
    "rds-password-mode",
    instance,
    { manageMasterUserPassword: true },
    { manageMasterUserPassword: false },
    ["rds-password-mode outage"],
  ],
  [
    "rds-storage-encryption",
    instance,
    { storageEncrypted: false },
    { storageEncrypted: true },
    ["rds-storage-encryption data", "rds-source-goes data"],
  ],
  ["rds-source-goes", instance, { availabilityZone: "a" }, { availabilityZone: "b" }, ["rds-source-goes data"]],
  ["rds-deletion-protection", instance, { deletionProtection: true }, undefined, ["rds-deletion-protection refused"]],
  [
    "rds-parameters-pending",
    "aws:rds/parameterGroup:ParameterGroup",
    { parameters: [{ name: "a", value: "1" }] },
    { parameters: [{ name: "a", value: "2" }] },
    ["rds-parameters-pending harmless"],
  ],
  [
    "elasticache-engine-downgrade",
    cache,
    { engineVersion: "8.1" },
    { engineVersion: "7.2" },
    ["elasticache-engine-downgrade refused"],
  ],
  [
    "elasticache-encryption",
    cache,
    { atRestEncryptionEnabled: false },
    { atRestEncryptionEnabled: true },
    ["elasticache-encryption data"],
  ],
  [
    "elasticache-node-type",
    cache,
    { nodeType: "cache.t4g.small" },
    { nodeType: "cache.t4g.medium" },
    ["elasticache-node-type outage"],
  ],
  ...[1, 2].map(
    (numCacheClusters) =>
      [
        `elasticache-node-type, of ${numCacheClusters}`,
        cache,
        { nodeType: "cache.t4g.small", numCacheClusters },
        { nodeType: "cache.t4g.medium", numCacheClusters },
        ["elasticache-node-type outage"],
      ] as const,
  ),
  [
    "elasticache-snapshots-shortened",
    cache,
    { snapshotRetentionLimit: 7 },
    { snapshotRetentionLimit: 1 },
    ["elasticache-snapshots-shortened data"],
  ],
  [
    "elasticache-auth-to-rbac",
    cache,
    { authToken: "x", authTokenUpdateStrategy: "ROTATE" },
    { userGroupIds: ["shop"], authTokenUpdateStrategy: "DELETE" },
    ["elasticache-auth-to-rbac outage"],
  ],
  [
    "elasticache-rbac-to-auth",
    cache,
    { userGroupIds: ["shop"], authTokenUpdateStrategy: "DELETE" },
    { authToken: "x", authTokenUpdateStrategy: "ROTATE" },
    ["elasticache-rbac-to-auth outage"],
  ],
  ["another user group", cache, { userGroupIds: ["shop"] }, { userGroupIds: ["shop-2"] }, []],
  [
    "elasticache-user-password",
    "aws:elasticache/user:User",
    { authenticationMode: { type: "password", passwords: ["a"] } },
    { authenticationMode: { type: "password", passwords: ["b"] } },
    ["elasticache-user-password outage"],
  ],
  [
    "elasticache-user-rights",
    "aws:elasticache/user:User",
    { accessString: "on ~* +@all" },
    { accessString: "on ~shop:* +@read" },
    ["elasticache-user-rights harmless"],
  ],
  ...(
    [
      ["aurora-max-lowered harmless", [0.5, 8], [0.5, 4]],
      ["aurora-max-raised harmless", [0.5, 8], [0.5, 16]],
      ["aurora-pauses outage", [0.5, 8], [0, 8]],
    ] as const
  ).map(([said, before, after]) => {
    const range = ([minCapacity, maxCapacity]: readonly [number, number]) => ({
      serverlessv2ScalingConfiguration: { minCapacity, maxCapacity },
    });
    return [said.split(" ")[0]!, "aws:rds/cluster:Cluster", range(before), range(after), [said]] as const;
  }),
  [
    "aurora-password-mode",
    "aws:rds/cluster:Cluster",
    { manageMasterUserPassword: true },
    { manageMasterUserPassword: false },
    ["aurora-password-mode outage"],
  ],
  [
    "aurora-class-restart",
    "aws:rds/clusterInstance:ClusterInstance",
    { instanceClass: "db.serverless" },
    { instanceClass: "db.r7g.large" },
    ["aurora-class-restart outage"],
  ],
  [
    "aurora-deletion-protection",
    "aws:rds/cluster:Cluster",
    { deletionProtection: true },
    undefined,
    ["aurora-deletion-protection refused"],
  ],
  ["aurora-replaced", "aws:rds/cluster:Cluster", { kmsKeyId: "a" }, { kmsKeyId: "b" }, ["aurora-replaced data"]],
  ["aurora-server-goes", "aws:rds/clusterInstance:ClusterInstance", {}, undefined, ["aurora-server-goes outage"]],
  [
    "s3-versioning-off",
    "aws:s3/bucketVersioning:BucketVersioning",
    { versioningConfiguration: { status: "Enabled" } },
    { versioningConfiguration: { status: "Disabled" } },
    ["s3-versioning-off refused"],
  ],
  [
    "s3-expiry-shortened",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    { rules: [{ expiration: { days: 30 } }] },
    { rules: [{ expiration: { days: 7 } }] },
    ["s3-expiry-shortened data"],
  ],
  [
    "logs-shortened",
    "aws:cloudwatch/logGroup:LogGroup",
    { retentionInDays: 90 },
    { retentionInDays: 30 },
    ["logs-shortened data"],
  ],
  [
    "elasticache-standby-removed",
    cache,
    { numCacheClusters: 2 },
    { numCacheClusters: 1 },
    ["elasticache-standby-removed harmless"],
  ],
  [
    "ecs-back-to-rolling",
    service,
    { deploymentConfiguration: { strategy: "CANARY" } },
    { deploymentConfiguration: { strategy: "ROLLING" } },
    ["ecs-back-to-rolling outage"],
  ],
  [
    "dns-record-goes",
    "aws:route53/record:Record",
    { name: "shop.example.com", type: "AAAA" },
    undefined,
    ["dns-record-goes outage"],
  ],
  [
    "a record of validation",
    "aws:route53/record:Record",
    { name: "_a.shop.example.com", type: "CNAME" },
    undefined,
    [],
  ],
  ["bucket-not-empty", "aws:s3/bucket:Bucket", { forceDestroy: false }, undefined, ["bucket-not-empty refused"]],
  ["a bucket that may go", "aws:s3/bucket:Bucket", { forceDestroy: true }, undefined, []],
  ["repository-not-empty", "aws:ecr/repository:Repository", {}, undefined, ["repository-not-empty refused"]],
  ["key-goes", "aws:kms/key:Key", { deletionWindowInDays: 7 }, undefined, ["key-goes data"]],
  [
    "secret-name-taken",
    "aws:secretsmanager/secret:Secret",
    { name: "a" },
    { name: "b" },
    ["secret-name-taken refused"],
  ],
  ["alb-scheme", balancer, { internal: true }, { internal: false }, ["alb-scheme refused", "alb-replaced outage"]],
  ["alb-replaced", balancer, { name: "a" }, { name: "b" }, ["alb-replaced outage"]],
  [
    "alb-deletion-protection",
    balancer,
    { enableDeletionProtection: true },
    undefined,
    ["alb-deletion-protection refused"],
  ],
  [
    "alb-subnets-removed",
    balancer,
    { subnets: ["a", "b", "c"] },
    { subnets: ["a", "b"] },
    ["alb-subnets-removed outage"],
  ],
  ["target-group-port", group, { port: 3000 }, { port: 8080 }, ["target-group-port refused"]],
  ["target-group-protocol", group, { protocol: "HTTP" }, { protocol: "HTTPS" }, ["target-group-protocol refused"]],
  [
    "target-group-check",
    group,
    { healthCheck: { path: "/a" } },
    { healthCheck: { path: "/b" } },
    ["target-group-check harmless"],
  ],
  [
    "ecs-strategy-change",
    service,
    { deploymentConfiguration: { strategy: "ROLLING" } },
    { deploymentConfiguration: { strategy: "CANARY" } },
    ["ecs-strategy-change outage"],
  ],
  [
    "ecs-scheduling",
    service,
    { launchType: "EC2" },
    { launchType: "FARGATE" },
    ["ecs-scheduling outage", "ecs-service-replaced outage"],
  ],
  [
    "ecs-capacity-providers",
    service,
    { launchType: "FARGATE" },
    { capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }], forceNewDeployment: true },
    ["ecs-capacity-providers harmless"],
  ],
  [
    "back to a launch type",
    service,
    { capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }], forceNewDeployment: true },
    { launchType: "FARGATE" },
    ["ecs-scheduling outage", "ecs-service-replaced outage"],
  ],
  ["ecs-cluster", service, { cluster: "a" }, { cluster: "b" }, ["ecs-cluster outage", "ecs-service-replaced outage"]],
  ["ecs-service-replaced", service, { name: "a" }, { name: "b" }, ["ecs-service-replaced outage"]],
  ["ecs-desired-zero", service, { desiredCount: 2 }, { desiredCount: 0 }, ["ecs-desired-zero outage"]],
  ["vpc-block", "aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }, { cidrBlock: "10.1.0.0/16" }, ["vpc-block refused"]],
  ["subnet-block", subnet, { cidrBlock: "10.0.0.0/24" }, { cidrBlock: "10.0.1.0/24" }, ["subnet-block refused"]],
  ["subnet-zone", subnet, { availabilityZone: "a" }, { availabilityZone: "b" }, ["subnet-zone refused"]],
  ["subnet-goes", subnet, {}, undefined, ["subnet-goes refused"]],
  ["nat-gone", "aws:ec2/natGateway:NatGateway", {}, undefined, ["nat-gone outage"]],
  ["nat-goes", "aws:ec2/natGateway:NatGateway", { subnetId: "a" }, { subnetId: "b" }, ["nat-goes outage"]],
  ["a NAT instance", "aws:ec2/instance:Instance", { sourceDestCheck: false }, undefined, ["nat-gone outage"]],
  ["any other instance", "aws:ec2/instance:Instance", { sourceDestCheck: true }, undefined, []],
  [
    "security-group-vpc",
    "aws:ec2/securityGroup:SecurityGroup",
    { vpcId: "vpc-1" },
    { vpcId: "vpc-2" },
    ["security-group-vpc refused"],
  ],
  ["target-group-vpc", group, { vpcId: "vpc-1" }, { vpcId: "vpc-2" }, ["target-group-vpc refused"]],
  [
    "subnet-group-exchanged",
    "aws:rds/subnetGroup:SubnetGroup",
    { subnetIds: ["a", "b"] },
    { subnetIds: ["c", "d"] },
    ["subnet-group-exchanged refused"],
  ],
  [
    "a subnet group of which one stays",
    "aws:elasticache/subnetGroup:SubnetGroup",
    { subnetIds: ["a", "b"] },
    { subnetIds: ["a", "d"] },
    [],
  ],
  [
    "dns-record-zone",
    "aws:route53/record:Record",
    { name: "shop.example.com", type: "A", zoneId: "Z1" },
    { name: "shop.example.com", type: "A", zoneId: "Z2" },
    ["dns-record-zone outage"],
  ],
  [
    "a record of validation in another zone",
    "aws:route53/record:Record",
    { name: "_a.shop.example.com", type: "CNAME", zoneId: "Z1" },
    { name: "_a.shop.example.com", type: "CNAME", zoneId: "Z2" },
    [],
  ],
  [
    "elasticache-back-to-redis",
    cache,
    { engine: "valkey" },
    { engine: "redis" },
    ["elasticache-back-to-redis refused"],
  ],
  ["to valkey", cache, { engine: "redis" }, { engine: "valkey" }, []],
  [
    "elasticache-tls-off",
    cache,
    { transitEncryptionEnabled: true },
    { transitEncryptionEnabled: false },
    ["elasticache-tls-off refused"],
  ],
  [
    "the second step of that",
    cache,
    { transitEncryptionEnabled: true, transitEncryptionMode: "preferred" },
    { transitEncryptionEnabled: false },
    [],
  ],
  ["rds-iops", instance, { iops: 12_000 }, { iops: 13_000 }, ["rds-iops harmless"]],
  [
    "cloudfront-alias-removed",
    distribution,
    { aliases: ["a", "b"] },
    { aliases: ["a"] },
    ["cloudfront-alias-removed outage"],
  ],
  ["another name", distribution, { aliases: ["a"] }, { aliases: ["b"] }, ["cloudfront-alias-removed outage"]],
  ["names in another order", distribution, { aliases: ["a", "b"] }, { aliases: ["b", "a"] }, []],
  ["distribution-goes", distribution, {}, undefined, ["distribution-goes outage"]],
  ["acm-name", "aws:acm/certificate:Certificate", { domainName: "a" }, { domainName: "b" }, ["acm-name harmless"]],
  [
    "waf-rule-added",
    "aws:wafv2/webAcl:WebAcl",
    { rules: [{ name: "a" }] },
    { rules: [{ name: "a" }, { name: "b" }] },
    ["waf-rule-added harmless"],
  ],
  ["a tag", instance, { tags: { a: "1" } }, { tags: { a: "2" } }, []],
];

/** Every sentence that a reviewer reads, with its case. `UPDATE_SENTENCES=1` writes it; a person reads the difference. */
const sentences = join(__dirname, "sentences.txt");

describe("what AWS makes of a change", () => {
  it("says it in sentences that a person has read", () => {
    const said = cases.map(([title, type, before, after]) => {
      const side = (inputs: Inputs | undefined) => plan(...(inputs ? [resource(type, "it", inputs)] : []));
      const lines = consequencesOf(difference(side(before), side(after))).map(
        ({ id, lasts, message, severity, stack, urn }) => {
          deepEqual([stack, urn?.endsWith("::it")], ["prod", true]);
          return `  ${severity}${lasts === undefined ? "" : `, ${lasts}`}  ${id}: ${message}`;
        },
      );
      return [title, ...lines].join("\n");
    });
    const text = `${said.join("\n")}\n`;
    if (process.env["UPDATE_SENTENCES"] !== undefined) writeFileSync(sentences, text);
    equal(text, readFileSync(sentences, "utf8"));
  });

  for (const [title, type, before, after, said] of cases) {
    it(title, () => deepEqual(found(type, before, after), said));
  }

  it("says first that what is protected cannot go", () => {
    deepEqual(found(instance, { deletionProtection: true }, undefined, { protect: true }), ["protected-goes refused"]);
  });

  it("says it whether the old one would be deleted or left alone: the engine looks at the protection first", () => {
    const kept = { protect: true, retainOnDelete: true };
    deepEqual(found("aws:s3/bucket:Bucket", {}, undefined, kept), ["protected-goes refused"]);
    deepEqual(found(instance, { kmsKeyId: "a" }, { kmsKeyId: "b" }, kept), [
      "protected-goes refused",
      "rds-source-goes data",
    ]);
  });

  it("looks at the protection in the state, not at what the program says now", () => {
    const [before, after] = [{ protect: true }, {}].map((options, index) =>
      plan(resource(instance, "it", { kmsKeyId: String(index) }, { options })),
    );
    deepEqual(
      consequencesOf(difference(before!, after!)).map(({ id }) => id),
      ["protected-goes", "rds-source-goes"],
    );
  });

  it("says that a record is in the way of one that takes its name", () => {
    const record = (name: string) =>
      plan(resource("aws:route53/record:Record", name, { name: "a.example.com", type: "A" }));
    deepEqual(
      consequencesOf(difference(record("old"), record("new"))).map(({ id }) => id),
      ["dns-record-exists"],
    );
  });

  it("says nothing of what stays when it leaves the program", () => {
    deepEqual(found("aws:s3/bucket:Bucket", {}, undefined, { retainOnDelete: true }), []);
  });

  it("has a case for every row, and tells where AWS says so", () => {
    const seen = new Set([
      ...cases.flatMap(([, , , , said]) => said.map((one) => one.split(" ")[0])),
      "protected-goes",
      "dns-record-exists",
    ]);
    const rows = [...propertyRows, ...resourceRows];
    deepEqual(
      rows.map(({ id }) => id).filter((id) => !seen.has(id)),
      [],
    );
    ok(rows.length > 40, String(rows.length));
    for (const { link, remedy } of rows) {
      match(link, /^https:\/\//);
      match(remedy, /[.]$/);
    }
  });
});
