import { deepEqual, equal, ok } from "node:assert/strict";
import { losses } from "../../../../tools/judge/losses/rows";
import { estimators } from "../../../../tools/judge/cost/estimators";
import {
  graveness,
  isRead,
  isRevision,
  mayHoldData,
  whatIsLost,
  whatItHolds,
  whatOutlives,
} from "../../../../tools/judge/losses/stateful";
import { estimate } from "../../../../tools/judge/cost/estimate";
import type { PlanResource } from "../../../../tools/plan/plan";
import { plan, resource } from "../../plans";

type Inputs = PlanResource["inputs"];

/** One case a row of the table, in its order; a row with two answers has two. */
const cases: readonly (readonly [type: string, lost: string, inputs?: Inputs])[] = [
  ["aws:rds/instance:Instance", "all data since the final snapshot"],
  ["aws:rds/cluster:Cluster", "all data: no final snapshot is taken", { skipFinalSnapshot: true }],
  ["aws:rds/globalCluster:GlobalCluster", "all data since the final snapshot", { skipFinalSnapshot: false }],
  ["aws:docdb/cluster:Cluster", "all data since the final snapshot"],
  ["aws:redshift/cluster:Cluster", "all data: no final snapshot is taken", { skipFinalSnapshot: true }],
  ["aws:lightsail/database:Database", "all data"],
  ["aws:memorydb/cluster:Cluster", "all data"],
  ["aws:redshiftserverless/namespace:Namespace", "all data"],
  ["gcp:sql/databaseInstance:DatabaseInstance", "all data"],
  ["azure-native:dbforpostgresql/v20240801:FlexibleServer", "all data"],
  ["azure-native:dbforpostgresql:Server", "all data"],
  ["azure:postgresql/flexibleServer:FlexibleServer", "all data"],
  ["digitalocean:index/databaseCluster:DatabaseCluster", "all data"],
  ["mongodbatlas:index/advancedCluster:AdvancedCluster", "all data"],
  ["kubernetes:postgresql.cnpg.io/v1:Cluster", "all data since the last backup"],
  ["kubernetes:mysql.oracle.com/v2:InnoDBCluster", "all data, unless its operator keeps the volumes"],
  ["kubernetes:kafka.strimzi.io/v1:Kafka", "all data, unless its operator keeps the volumes"],
  ["aws:dynamodb/table:Table", "every item of the table"],
  ["aws:dynamodb/globalTable:GlobalTable", "every item of the table"],
  ["aws:opensearch/domain:Domain", "every index since the last snapshot"],
  ["aws:elasticsearch/domain:Domain", "every index since the last snapshot"],
  ["aws:opensearch/serverlessCollection:ServerlessCollection", "every index"],
  ["aws:s3/bucket:Bucket", "every object: AWS refuses while there are any"],
  ["aws:s3/bucketV2:BucketV2", "every object", { forceDestroy: true }],
  ["aws:s3tables/tableBucket:TableBucket", "every object"],
  ["gcp:storage/bucket:Bucket", "everything stored in it"],
  ["cloudflare:index/r2Bucket:R2Bucket", "everything stored in it"],
  ["kubernetes:core/v1:Namespace", "everything in the namespace, volumes included"],
  ["docker:index/volume:Volume", "everything on the volume"],
  ["kubernetes:core/v1:PersistentVolumeClaim", "everything on the volume, unless its class retains it"],
  ["kubernetes:core/v1:PersistentVolume", "everything on the volume, unless its class retains it"],
  [
    "kubernetes:apps/v1:StatefulSet",
    "everything on its volumes: its claims are deleted with it, as `persistentVolumeClaimRetentionPolicy` says",
    {
      spec: {
        volumeClaimTemplates: [{ metadata: { name: "data" } }],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" },
      },
    },
  ],
  ["aws:efs/fileSystem:FileSystem", "every file"],
  ["aws:fsx/lustreFileSystem:LustreFileSystem", "every file since the last backup"],
  ["aws:fsx/ontapVolume:OntapVolume", "every file since the last backup"],
  ["aws:finspace/kxVolume:KxVolume", "every file in it"],
  ["aws:ebs/volume:Volume", "everything on the volume"],
  ["hcloud:index/volume:Volume", "everything on the volume"],
  ["aws:cognito/userPool:UserPool", "every user account"],
  ["aws:backup/vault:Vault", "every recovery point in it: AWS refuses while there are any"],
  ["aws:rds/snapshot:Snapshot", "the snapshot"],
  ["aws:ebs/snapshot:Snapshot", "the snapshot"],
  ["aws:kms/key:Key", "everything encrypted with it, after 30 days"],
  ["aws:kms/key:Key", "everything encrypted with it, after 7 days", { deletionWindowInDays: 7 }],
  ["kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "every object of that kind in the cluster"],
  ["aws:eks/cluster:Cluster", "everything that runs in the cluster"],
  ["aws:secretsmanager/secret:Secret", "the secret, after 30 days"],
  ["aws:secretsmanager/secret:Secret", "the secret, after 7 days", { recoveryWindowInDays: 7 }],
  ["aws:secretsmanager/secret:Secret", "the secret, at once", { recoveryWindowInDays: 0 }],
  ["aws:ssm/parameter:Parameter", "the value and its history"],
  ["random:index/randomPassword:RandomPassword", "the generated value: what it opens gets a new one"],
  ["random:index/randomBytes:RandomBytes", "the generated value: what it opens gets a new one"],
  ["random:index/randomString:RandomString", "the generated value: what it opens gets a new one"],
  ["tls:index/privateKey:PrivateKey", "the key: what trusts it must be given the new one"],
  ["aws:route53/zone:Zone", "every record, and the name servers the registrar points at"],
  ["aws:codecommit/repository:Repository", "everything in the repository"],
  ["aws:ecr/repository:Repository", "every image, those to roll back to among them"],
  ["aws:sqs/queue:Queue", "every message waiting"],
  ["aws:mq/broker:Broker", "every message waiting"],
  ["aws:kinesis/stream:Stream", "every record not read yet"],
  ["aws:msk/cluster:Cluster", "every record not read yet"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "everything cached: sessions, rate limits, queues"],
  ["aws:elasticache/serverlessCache:ServerlessCache", "everything cached: sessions, rate limits, queues"],
  ["aws:ec2/instance:Instance", "everything on its root volume"],
  ["aws:cloudwatch/logGroup:LogGroup", "every log line kept so far"],
  ["aws:amp/workspace:Workspace", "every metric and dashboard kept so far"],
];

/** Near to a row, and nothing that anybody misses. */
const harmless = [
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "kubernetes:core/v1:NamespaceList",
  "kubernetes:core/v1:Service",
  "random:index/randomId:RandomId",
  "docker:index/container:Container",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:kafka.strimzi.io/v1:KafkaTopic",
  "xaws:rds/instance:Instance",
  "xkubernetes:core/v1:Namespace",
];

describe("what is lost with a resource", () => {
  for (const [type, lost, inputs] of cases)
    it(`${type}${inputs === undefined ? "" : ` ${JSON.stringify(inputs)}`}: ${lost}`, () =>
      equal(whatIsLost(resource(type, "it", inputs)), lost));

  for (const type of harmless) it(`${type}: nothing`, () => equal(whatIsLost(resource(type, "it")), undefined));

  it("has a case for every row, and they stand in the order of their gravity", () => {
    const rows = cases.map(([type, , inputs]) => graveness(resource(type, "it", inputs)));
    deepEqual(
      [...new Set(rows)],
      losses.map((_, index) => index),
    );
    deepEqual(
      rows,
      [...rows].sort((left, right) => left - right),
    );
    equal(graveness(resource("docker:index/container:Container", "it")), losses.length);
  });

  it("may be something where the provider is not known here, and the name is that of things with data", () => {
    for (const type of [
      "acme:index:Database",
      "oci:Database/dbSystem:DbSystemInstance",
      "kubernetes:helm.sh/v3:Release",
    ])
      ok(mayHoldData(resource(type, "it")), type);
    for (const type of [
      "aws:ecs/cluster:Cluster",
      "aws:rds/instance:Instance",
      "kubernetes:core/v1:Namespace",
      "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup",
      "acme:index:DatabaseUser",
      "cloudflare:index/record:Record",
    ])
      ok(!mayHoldData(resource(type, "it")), type);
  });

  it("is told by what it holds where it stays, however it would end", () => {
    equal(whatItHolds(resource("aws:rds/cluster:Cluster", "it", { skipFinalSnapshot: true })), "all data");
    equal(whatItHolds(resource("aws:kms/key:Key", "it")), "everything encrypted with it");
    equal(whatItHolds(resource("docker:index/container:Container", "it")), undefined);
  });

  it("leaves claims behind that nobody manages, unless they go with their StatefulSet", () => {
    const set = (spec: Inputs) => resource("kubernetes:apps/v1:StatefulSet", "it", { spec });
    const templates = { volumeClaimTemplates: [{ metadata: { name: "data" } }] };
    const outlives = [
      set(templates),
      set({ ...templates, persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain" } }),
      set({ ...templates, persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } }),
      set({ volumeClaimTemplates: [] }),
      set({}),
      resource("kubernetes:apps/v1:Deployment", "it", { spec: templates }),
    ].map(whatOutlives);
    deepEqual(outlives, [
      "its PersistentVolumeClaims",
      "its PersistentVolumeClaims",
      ...Array<undefined>(4).fill(undefined),
    ]);
  });

  it("is read by something that would start on an empty one, or is a key, a log, a copy", () => {
    const read = (type: string) => isRead(resource(type, "it"));
    deepEqual(
      ["aws:rds/instance:Instance", "docker:index/volume:Volume", "aws:elasticache/cluster:Cluster"].map(read),
      [true, true, true],
    );
    deepEqual(
      ["aws:kms/key:Key", "aws:cloudwatch/logGroup:LogGroup", "aws:rds/snapshot:Snapshot", "aws:sqs/queue:Queue"].map(
        read,
      ),
      [false, false, false, false],
    );
    equal(read("docker:index/container:Container"), true);
  });

  it("may be anything in what a package makes", () => {
    ok(mayHoldData({ ...resource("aws:ecs/cluster:Cluster", "it"), remote: true }));
  });

  it("is nothing where a new one is the next revision", () => {
    const revisions = [
      "aws:ecs/taskDefinition:TaskDefinition",
      "aws:secretsmanager/secretVersion:SecretVersion",
      "docker:index/remoteImage:RemoteImage",
      "kubernetes:batch/v1:Job",
      "kubernetes:core/v1:ConfigMap",
    ];
    for (const type of revisions) ok(isRevision(resource(type, "it")), type);
    for (const type of ["aws:ecs/service:Service", "kubernetes:batch/v1:CronJob", "kubernetes:core/v1:Secret"])
      ok(!isRevision(resource(type, "it")), type);
  });
});

/** Least inputs with which each has a price. */
const priced: Readonly<Record<string, Inputs>> = {
  "aws:backup/vault:Vault": {},
  "aws:cloudfront/distribution:Distribution": {},
  "aws:cloudfront/function:Function": {},
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {},
  "aws:cloudwatch/dashboard:Dashboard": {},
  "aws:cloudwatch/logGroup:LogGroup": {},
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {},
  "aws:cloudwatch/metricAlarm:MetricAlarm": {},
  "aws:ec2/eip:Eip": {},
  "aws:ec2/instance:Instance": { instanceType: "t4g.nano" },
  "aws:ec2/natGateway:NatGateway": {},
  "aws:ec2/vpcEndpoint:VpcEndpoint": { vpcEndpointType: "Interface", subnetIds: ["a", "b"] },
  "aws:ecr/repository:Repository": {},
  "aws:ecs/service:Service": {},
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    nodeType: "cache.t4g.micro",
    engine: "valkey",
    numCacheClusters: 2,
  },
  "aws:kms/key:Key": {},
  "aws:kms/replicaKey:ReplicaKey": {},
  "aws:lb/loadBalancer:LoadBalancer": { loadBalancerType: "application" },
  "aws:rds/cluster:Cluster": { engine: "aurora-postgresql" },
  "aws:rds/clusterInstance:ClusterInstance": { instanceClass: "db.serverless" },
  "aws:rds/instance:Instance": { instanceClass: "db.t4g.micro", allocatedStorage: 20 },
  "aws:rds/proxy:Proxy": {},
  "aws:route53/healthCheck:HealthCheck": { type: "HTTPS" },
  "aws:route53/zone:Zone": {},
  "aws:s3/bucket:Bucket": {},
  "aws:secretsmanager/secret:Secret": {},
  "aws:wafv2/webAcl:WebAcl": {},
};

describe("the estimators", () => {
  it("each have a case, and each says a price or why there is none", () => {
    const silent = Object.keys(estimators).filter((type) => {
      const inputs = priced[type];
      if (inputs === undefined) return true;
      const { lines, unpriced, free } = estimate(plan(resource(type, "it", inputs)), { region: "eu-central-1" });
      return lines.length + unpriced.length === 0 || free.length > 0;
    });
    deepEqual(silent, []);
  });
});
