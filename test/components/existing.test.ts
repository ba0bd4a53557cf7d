import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  AwsAlertTopic,
  AwsCertificate,
  AwsCloudWatch,
  AwsCluster,
  AwsElastiCache,
  AwsEncryptionKey,
  AwsLoadBalancer,
  AwsRdsPostgres,
  AwsS3Storage,
  AwsService,
  AwsVpc,
} from "../../components/aws";
import { DockerNetworks } from "../../components/docker";
import { KubernetesCloudNativePg, KubernetesNamespace } from "../../components/kubernetes";
import type { Plan } from "../../tools/plan/plan";
import { all, only, record } from "../record";
import { json } from "./aws-fixtures";

const aws = "arn:aws";
const loadBalancerArn = `${aws}:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/main/1`;
const region = "eu-central-1";
const subnets = { publicSubnetIds: ["subnet-a", "subnet-b"], privateSubnetIds: ["subnet-c", "subnet-d"] };
const recording = { config: { "aws:region": region } };

/** What a `static get` returned, with outputs taken out of it. */
async function got<Value>(make: () => Value): Promise<pulumi.Unwrap<Value>> {
  let value: pulumi.Unwrap<Value> | undefined;
  await record(() => void pulumi.output(make()).apply((found) => (value = found)), recording);
  return value!;
}

describe("what exists already", () => {
  it("takes one service, with all that it stands on owned by somebody else", async () => {
    const plan = await record(() => {
      const network = AwsVpc.get("network", { vpcId: "vpc-1", ...subnets, outboundPorts: [443, 587] });
      const cluster = AwsCluster.get("main", { clusterName: "main", network, region });
      const loadBalancer = AwsLoadBalancer.get("main", { arn: loadBalancerArn });
      const database = AwsRdsPostgres.get("database", { identifier: "shop" });
      const storage = AwsS3Storage.get("uploads", { bucket: "shop-uploads", region });
      new AwsService("web", {
        cluster,
        process: { image: "ghcr.io/acme/shop:1", environment: { ...database.environment, ...storage.environment } },
        ingress: { domain: "shop.example.com", loadBalancer, priority: 7 },
        permissions: storage.permissions,
      });
    }, recording);

    for (const type of [
      "ec2/vpc:Vpc",
      "ecs/cluster:Cluster",
      "lb/loadBalancer:LoadBalancer",
      "rds/instance:Instance",
    ]) {
      assert.deepEqual(all(plan, `aws:${type}`), [], type);
    }
    const service = only(plan, "aws:ecs/service:Service");
    assert.deepEqual(
      (service.inputs["networkConfiguration"] as { subnets: unknown }).subnets,
      subnets.privateSubnetIds,
    );
    const rule = only(plan, "aws:lb/listenerRule:ListenerRule");
    assert.equal(rule.inputs["priority"], 207);
    const group = only(plan, "aws:ec2/securityGroup:SecurityGroup");
    assert.equal(group.inputs["vpcId"], "vpc-1");
    assert.deepEqual(
      all(plan, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
        .map(({ name }) => name)
        .sort(),
      ["main-out-3000", "network-application-out-443", "network-application-out-587", "network-application-vpc"],
    );
    const roles = all(plan, "aws:iam/rolePolicy:RolePolicy").find(({ name }) => name === "web-task")!;
    assert.ok(JSON.stringify(json(roles.inputs["policy"])).includes("arn:aws:s3:::shop-uploads/*"));
  });

  it("makes no security group where one is named", async () => {
    const plan = await record(
      () => void AwsVpc.get("network", { vpcId: "vpc-1", ...subnets, applicationSecurityGroupId: "sg-1" }),
      recording,
    );
    assert.deepEqual(all(plan, "aws:ec2/securityGroup:SecurityGroup"), []);
    const network = await got(() =>
      AwsVpc.get("network", { vpcId: "vpc-1", ...subnets, applicationSecurityGroupId: "sg-1" }),
    );
    assert.equal(network.applicationSecurityGroupId, "sg-1");
    // Without subnets of their own, database and cache stand beside the tasks.
    assert.deepEqual(network.isolatedSubnetIds, subnets.privateSubnetIds);
  });

  it("refuses one subnet, which has no second zone", async () => {
    await assert.rejects(
      record(() => void AwsVpc.get("network", { vpcId: "vpc-1", privateSubnetIds: ["subnet-a"] }), recording),
      /network: privateSubnetIds: expected at least two subnets/,
    );
  });

  it("refuses two services at one place of a shared load balancer", async () => {
    await assert.rejects(
      record(() => {
        const loadBalancer = AwsLoadBalancer.get("main", { arn: loadBalancerArn });
        loadBalancer.claim(3, "web");
        loadBalancer.claim(3, "admin");
      }, recording),
      /admin: ingress.priority 3 is web's on load balancer main/,
    );
  });

  it("knows a database by its identifier, and its password by reference alone", async () => {
    const secretArn = `${aws}:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf`;
    const database = await got(() =>
      AwsRdsPostgres.get("database", {
        identifier: "shop",
        databaseName: "shop",
        userName: "web",
        host: "pool.example.com",
        passwordSecretArn: secretArn,
        replicaIdentifiers: ["shop-reader"],
        instanceClass: "db.t4g.medium",
        storageGb: 50,
      }),
    );
    assert.equal(database.url, "postgres://web@pool.example.com:5432/shop");
    assert.deepEqual(Object.keys(database.environment).sort(), [
      "DATABASE_MIGRATION_URL",
      "DATABASE_REPLICA_URL",
      "DATABASE_SECRET_ARN",
      "DATABASE_TLS",
      "DATABASE_URL",
    ]);
    const reference = { store: "aws-secrets-manager", key: "password", delivery: "fetched" };
    assert.deepEqual(database.password, { ...reference, arn: secretArn, foreign: secretArn });
    assert.deepEqual(
      database.signals.map(({ identifiers, kind }) => [kind, identifiers]),
      [
        ["database", { DBInstanceIdentifier: "shop" }],
        ["database-replica", { DBInstanceIdentifier: "shop-reader" }],
      ],
    );
    assert.equal(database.signals[0]!.capacity?.["storageGb"], 50);
    await assert.rejects(
      got(() => AwsRdsPostgres.get("database", { identifier: "shop", passwordSecretArn: "hunter2" })),
      (error: Error) => error.message.includes("passwordSecretArn") && !error.message.includes("hunter2"),
    );
  });

  it("is watched as one of the stack is, or, of a size that nobody stated, by what needs none", async () => {
    const watch = (size: { readonly instanceClass?: string; readonly storageGb?: number }) =>
      record(() => {
        const database = AwsRdsPostgres.get("database", { identifier: "shop", ...size });
        const thresholds = { errorPercent: 1, p95Milliseconds: 1000, saturationPercent: 80 };
        const { signals: sources } = database;
        new AwsCloudWatch("watch", { region, topicArn: "arn:topic", sources, thresholds, notify: { emails: [] } });
      }, recording);
    const alarms = (plan: Plan) =>
      all(plan, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name.replace("watch-database-", ""));
    const whole = alarms(await watch({ instanceClass: "db.t4g.medium", storageGb: 50 }));
    assert.ok(whole.includes("database-connections") && whole.includes("database-cpu"), whole.join());
    assert.deepEqual(
      alarms(await watch({})),
      whole.filter((name) => name !== "database-connections"),
    );
  });

  it("knows cache, certificate, key, topic and networks", async () => {
    const password = { store: "aws-secrets-manager", arn: "arn:secret" } as const;
    const cache = await got(() =>
      AwsElastiCache.get("cache", { replicationGroupId: "shop-cache", password, nodes: 2 }),
    );
    assert.deepEqual(cache.environment["REDIS_PASSWORD"], password);
    assert.deepEqual(
      cache.signals.map(({ identifiers }) => identifiers["CacheClusterId"]),
      ["shop-cache-001", "shop-cache-002"],
    );

    const certificate = await got(() => AwsCertificate.get("certificate", { region, arn: "arn:1", edgeArn: "arn:2" }));
    assert.deepEqual([certificate.arn, certificate.edgeArn], ["arn:1", "arn:2"]);
    assert.deepEqual(
      certificate.signals.map((signal) => signal.region),
      [undefined, "us-east-1"],
    );
    const { arn, edgeArn } = await got(() => AwsEncryptionKey.get("key", { arn: "arn:key" }));
    assert.deepEqual([arn, edgeArn], ["arn:key", undefined]);
    assert.equal((await got(() => AwsAlertTopic.get("alerts", { arn: "arn:topic" }))).arn, "arn:topic");
    assert.deepEqual(await got(() => DockerNetworks.get("shop", { edge: "proxy", internal: "backend" })), {
      edge: "proxy",
      internal: "backend",
    });
  });

  it("knows a namespace and a Cluster of CloudNativePG in it", async () => {
    const network = () => KubernetesNamespace.get("shop", { namespace: "shop", applicationLabels: { app: "shop" } });
    assert.deepEqual(await got(network), { namespace: "shop", applicationLabels: { app: "shop" } });
    const database = await got(() =>
      KubernetesCloudNativePg.get("database", { network: network(), clusterName: "pg" }),
    );
    assert.equal(database.url, "postgres://app@pg-rw.shop.svc:5432/app");
    assert.deepEqual(database.password, { store: "kubernetes", secret: "pg-app", key: "password" });
    assert.equal(database.environment["DATABASE_REPLICA_URL"], undefined);
  });
});
