import { strict as assert } from "node:assert";
import { auroraMaxConnections, capacityProblem } from "../../../../components/database/aws/aurora-capacity";
import {
  AwsAuroraServerlessV2,
  type AwsAuroraServerlessV2Args,
} from "../../../../components/database/aws/aurora-serverless-v2";
import { all, only, record } from "../../../record";
import { inside, once, orphans } from "../../aws-fixtures";

const args: AwsAuroraServerlessV2Args = {
  ...inside,
  version: "17",
  standby: true,
  readReplicas: 0,
  backupRetentionDays: 14,
  backupCron: "15 3 * * *",
  protect: true,
};

const cluster = "aws:rds/cluster:Cluster";
const server = "aws:rds/clusterInstance:ClusterInstance";

const database = once((changes?: Partial<AwsAuroraServerlessV2Args>) =>
  record(() => {
    const made = new AwsAuroraServerlessV2("database", { ...args, ...changes });
    return { environment: made.environment, password: made.password, signals: made.signals, restore: made.restore };
  }),
);

describe("AwsAuroraServerlessV2", () => {
  it("is encrypted, private and made with a password that only RDS knows, with readers too", async () => {
    const plan = await database({ readReplicas: 2 });
    const { inputs } = only(plan, cluster);
    assert.equal(inputs["storageEncrypted"], true);
    assert.equal(inputs["manageMasterUserPassword"], true);
    assert.ok(!("masterPassword" in inputs));
    assert.deepEqual(all(plan, "random:index/randomPassword:RandomPassword"), []);
    for (const one of all(plan, server)) assert.equal(one.inputs["publiclyAccessible"], false);
    assert.deepEqual(only(plan, "aws:rds/subnetGroup:SubnetGroup").inputs["subnetIds"], ["isolated-1", "isolated-2"]);
  });

  it("refuses connections without TLS, and lets in the clients alone", async () => {
    const plan = await database();
    const { family, parameters } = only(plan, "aws:rds/clusterParameterGroup:ClusterParameterGroup").inputs;
    assert.equal(family, "aurora-postgresql17");
    assert.deepEqual(parameters, [{ name: "rds.force_ssl", value: "1" }]);
    const { inputs } = only(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual([inputs["referencedSecurityGroupId"], inputs["fromPort"]], ["sg-application", 5432]);
    assert.deepEqual(all(plan, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"), []);
  });

  it("has the capacity asked for, and pauses only where it may go to nothing", async () => {
    const scaling = async (changes: Partial<AwsAuroraServerlessV2Args>) =>
      only(await database(changes), cluster).inputs["serverlessv2ScalingConfiguration"];
    assert.deepEqual(await scaling({}), { minCapacity: 0.5, maxCapacity: 8 });
    assert.deepEqual(await scaling({ minAcu: 2, maxAcu: 32 }), { minCapacity: 2, maxCapacity: 32 });
    assert.deepEqual(await scaling({ minAcu: 0 }), { minCapacity: 0, maxCapacity: 8, secondsUntilAutoPause: 300 });
    assert.deepEqual(await scaling({ minAcu: 0, autoPauseSeconds: 3600 }), {
      ...{ minCapacity: 0, maxCapacity: 8, secondsUntilAutoPause: 3600 },
    });
  });

  it("makes the writer first, then one that takes over, then those for reads alone", async () => {
    const plan = await database({ readReplicas: 1 });
    const servers = all(plan, server);
    assert.deepEqual(
      servers.map(({ name, inputs }) => [name, inputs["instanceClass"], inputs["promotionTier"]]),
      [
        ["database-1", "db.serverless", 0],
        ["database-2", "db.serverless", 1],
        ["database-3", "db.serverless", 2],
      ],
    );
    for (const reader of servers.slice(1)) assert.ok(reader.dependencies.includes(servers[0]!.urn));
    assert.deepEqual(all(await database({ standby: false }), server).length, 1);
  });

  it("keeps its data: protected, retained, with a last snapshot; or none of it", async () => {
    const kept = only(await database(), cluster);
    assert.deepEqual([kept.options.protect, kept.options.retainOnDelete], [true, true]);
    assert.equal(kept.inputs["deletionProtection"], true);
    assert.equal(kept.inputs["skipFinalSnapshot"], false);
    assert.match(JSON.stringify(kept.inputs["finalSnapshotIdentifier"]), /-final/);
    const { inputs, options } = only(await database({ protect: false, finalSnapshot: false }), cluster);
    assert.ok(options.protect !== true && options.retainOnDelete !== true);
    assert.deepEqual(
      [inputs["skipFinalSnapshot"], inputs["deleteAutomatedBackups"], inputs["finalSnapshotIdentifier"]],
      [true, true, undefined],
    );
  });

  it("backs up and maintains at different times", async () => {
    const { inputs } = only(await database(), cluster);
    assert.equal(inputs["preferredBackupWindow"], "03:15-03:45");
    assert.equal(inputs["preferredMaintenanceWindow"], "sun:04:15-sun:05:15");
    assert.equal(inputs["backupRetentionPeriod"], 14);
  });

  it("is reached at the writer's address; reads go to the readers where there are any for them", async () => {
    const environment = async (changes: Partial<AwsAuroraServerlessV2Args>) =>
      (await database(changes)).outputs["environment"] as Record<string, { readonly $unknown?: readonly string[] }>;
    const alone = await environment({});
    assert.match(alone["DATABASE_URL"]!.$unknown![0]!, /#endpoint$/);
    assert.equal(alone["DATABASE_REPLICA_URL"], undefined);
    assert.match((await environment({ readReplicas: 1 }))["DATABASE_REPLICA_URL"]!.$unknown![0]!, /#readerEndpoint$/);
  });

  it("has a proxy in front of the cluster where it is asked for, and migrations go past it", async () => {
    const plan = await database({ proxy: true });
    const { inputs } = only(plan, "aws:rds/proxyTarget:ProxyTarget");
    assert.ok("dbClusterIdentifier" in inputs && !("dbInstanceIdentifier" in inputs));
    const environment = plan.outputs["environment"] as Record<string, { readonly $unknown?: readonly string[] }>;
    assert.match(environment["DATABASE_URL"]!.$unknown![0]!, /proxy.*#endpoint$/);
    assert.match(environment["DATABASE_MIGRATION_URL"]!.$unknown![0]!, /Cluster::database#endpoint$/);
  });

  it("upgrades to another major version only where it may, with parameters of the new one", async () => {
    assert.equal(only(await database(), cluster).inputs["allowMajorVersionUpgrade"], undefined);
    const { inputs } = only(await database({ allowMajorVersionUpgrade: true }), cluster);
    assert.equal(inputs["allowMajorVersionUpgrade"], true);
    assert.ok("dbInstanceParameterGroupName" in inputs);
  });

  it("is watched as a whole, and says how it is restored", async () => {
    const plan = await database();
    const [signal] = plan.outputs["signals"] as readonly Record<string, unknown>[];
    assert.deepEqual([signal!["kind"], signal!["capacity"]], ["database-cluster", { maxConnections: 1622 }]);
    const { template } = plan.outputs["restore"] as { readonly template: string };
    assert.match(template, /restore-db-cluster-to-point-in-time .*create-db-instance .*db\.serverless$/);
  });

  it("is the parent of all it creates", async () => {
    assert.deepEqual(orphans(await database({ proxy: true, readReplicas: 1 })), []);
  });

  it("refuses a capacity that Aurora has not", () => {
    for (const [minAcu, maxAcu, argument] of [
      [0.25, 8, "minAcu"],
      [-1, 8, "minAcu"],
      [256.5, 256.5, "minAcu"],
      [0.5, 256.5, "maxAcu"],
      [0.5, 0.5, "maxAcu"],
      [8, 4, "maxAcu"],
    ] as const)
      assert.equal(capacityProblem(minAcu, maxAcu)?.argument, argument, `${minAcu} to ${maxAcu}`);
    for (const [minAcu, maxAcu] of [
      [0, 1],
      [0.5, 1],
      [256, 256],
    ] as const)
      assert.equal(capacityProblem(minAcu, maxAcu), undefined);
  });

  it("knows how many connections a server takes", () => {
    assert.equal(auroraMaxConnections(0.5, 256), 2000);
    assert.equal(auroraMaxConnections(1, 256), 5000);
    assert.equal(auroraMaxConnections(0, 1), 202);
  });
});
