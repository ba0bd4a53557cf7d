import { strict as assert } from "node:assert";
import { maxConnections, memoryGb, windows } from "../../../../components/database/aws/rds-class";
import { AwsRdsPostgres, type AwsRdsPostgresArgs } from "../../../../components/database/aws/rds-postgres";
import { all, only, record } from "../../../record";
import { inside, keyArn, once, orphans, output, statements } from "../../aws-fixtures";

const args: AwsRdsPostgresArgs = {
  ...inside,
  version: "17",
  instanceClass: "db.t4g.medium",
  storageGb: 50,
  standby: true,
  readReplicas: 0,
  backupRetentionDays: 14,
  backupCron: "15 3 * * *",
  protect: true,
};

const instance = "aws:rds/instance:Instance";

const database = once((changes?: Partial<AwsRdsPostgresArgs>) =>
  record(() => {
    const { environment, password, signals, url } = new AwsRdsPostgres("database", { ...args, ...changes });
    return { environment, password, signals, url };
  }),
);

describe("AwsRdsPostgres", () => {
  it("is encrypted, private and made with a password that only RDS knows", async () => {
    const plan = await database();
    const { inputs } = only(plan, instance);
    assert.equal(inputs["storageEncrypted"], true);
    assert.equal(inputs["publiclyAccessible"], false);
    assert.equal(inputs["manageMasterUserPassword"], true);
    assert.ok(!("password" in inputs));
    assert.deepEqual(all(plan, "random:index/randomPassword:RandomPassword"), []);
    assert.deepEqual(only(plan, "aws:rds/subnetGroup:SubnetGroup").inputs["subnetIds"], ["isolated-1", "isolated-2"]);
  });

  it("has a password of its own with read replicas, which RDS does not allow beside one that it manages", async () => {
    const plan = await database({ readReplicas: 1 });
    const primary = only(plan, instance, "database").inputs;
    assert.ok(!("manageMasterUserPassword" in primary));
    assert.ok("$secret" in (primary["password"] as object));
    const secret = only(plan, "aws:secretsmanager/secretVersion:SecretVersion").inputs;
    assert.ok("$secret" in (secret["secretString"] as object));
    assert.equal(only(plan, instance, "database-replica-1").inputs["password"], undefined);
  });

  it("refuses connections without TLS", async () => {
    const { family, parameters } = only(await database(), "aws:rds/parameterGroup:ParameterGroup").inputs;
    assert.equal(family, "postgres17");
    assert.deepEqual((parameters as object[])[0], { name: "rds.force_ssl", value: "1" });
  });

  it("lets in the clients alone, and has no egress", async () => {
    const plan = await database();
    const { inputs } = only(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(
      [inputs["referencedSecurityGroupId"], inputs["fromPort"], inputs["toPort"]],
      ["sg-application", 5432, 5432],
    );
    assert.ok(!("cidrIpv4" in inputs));
    assert.deepEqual(all(plan, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"), []);
  });

  it("backs up daily, maintains afterwards, and survives the loss of a zone", async () => {
    const { inputs } = only(await database(), instance);
    assert.equal(inputs["backupRetentionPeriod"], 14);
    assert.equal(inputs["backupWindow"], "03:15-03:45");
    assert.equal(inputs["maintenanceWindow"], "sun:04:15-sun:05:15");
    assert.equal(inputs["multiAz"], true);
    assert.equal(inputs["maxAllocatedStorage"], 200);
  });

  it("can be deleted neither by Pulumi nor on AWS, and leaves a snapshot of a stable name", async () => {
    const plan = await database();
    const { inputs, options } = only(plan, instance);
    const hex = `${only(plan, "random:index/randomId:RandomId").urn}#hex`;
    assert.deepEqual([options.protect, options.retainOnDelete, inputs["deletionProtection"]], [true, true, true]);
    assert.equal(inputs["skipFinalSnapshot"], false);
    assert.deepEqual(inputs["finalSnapshotIdentifier"], { $unknown: [hex], template: "database-{0}-final" });
  });

  it("without protection can be deleted, and still leaves the snapshot unless told otherwise", async () => {
    const { inputs, options } = only(await database({ protect: false }), instance);
    assert.deepEqual([options.protect ?? false, options.retainOnDelete ?? false], [false, false]);
    assert.equal(inputs["deletionProtection"], false);
    assert.equal(inputs["skipFinalSnapshot"], false);
    const none = only(await database({ protect: false, finalSnapshot: false }), instance).inputs;
    assert.equal(none["skipFinalSnapshot"], true);
    assert.ok(!("finalSnapshotIdentifier" in none));
  });

  it("keeps its own logs no longer than asked", async () => {
    const plan = await database({ logRetentionDays: 90 });
    const groups = all(plan, "aws:cloudwatch/logGroup:LogGroup");
    assert.deepEqual(
      groups.map(({ inputs }) => inputs["retentionInDays"]),
      [90, 90],
    );
    assert.deepEqual(only(plan, instance).inputs["enabledCloudwatchLogsExports"], ["postgresql", "upgrade"]);
    for (const { urn } of groups) assert.ok(only(plan, instance).dependencies.includes(urn));
  });

  it("tells the application everything but the password", async () => {
    const plan = await database();
    const address = `${only(plan, instance).urn}#address`;
    const url = { $unknown: [address], template: "postgres://app@{0}:5432/app" };
    const { DATABASE_SECRET_ARN, ...variables } = plan.outputs["environment"] as Record<string, object>;
    assert.deepEqual(variables, { DATABASE_URL: url, DATABASE_TLS: "rds" });
    const { arn: _, ...ref } = DATABASE_SECRET_ARN as { arn: unknown };
    assert.deepEqual(ref, { store: "aws-secrets-manager", key: "password", delivery: "fetched", keyOfAws: true });
  });

  it("states what is watched of it, with the sizes that limits follow from", async () => {
    const plan = await database({ readReplicas: 1 });
    assert.deepEqual(plan.outputs["signals"], [
      {
        kind: "database",
        name: "database",
        identifiers: { DBInstanceIdentifier: only(plan, instance, "database").inputs["identifier"] },
        capacity: { storageGb: 50, maxStorageGb: 200, maxConnections: 405 },
      },
      {
        kind: "database-replica",
        name: "database-replica-1",
        identifiers: { DBInstanceIdentifier: only(plan, instance, "database-replica-1").inputs["identifier"] },
        capacity: { storageGb: 50, maxStorageGb: 200, maxConnections: 405 },
      },
    ]);
  });

  it("gives the application its read replica, which has the primary's safety and none of its data", async () => {
    const plan = await database({ readReplicas: 1 });
    const [primary, replica] = [only(plan, instance, "database"), only(plan, instance, "database-replica-1")];
    assert.deepEqual(replica.inputs["replicateSourceDb"], primary.inputs["identifier"]);
    for (const absent of ["username", "manageMasterUserPassword", "allocatedStorage", "multiAz", "backupWindow"]) {
      assert.ok(!(absent in replica.inputs), absent);
    }
    assert.equal(replica.inputs["storageEncrypted"], true);
    const { DATABASE_REPLICA_URL } = plan.outputs["environment"] as Record<string, object>;
    assert.deepEqual(DATABASE_REPLICA_URL, {
      $unknown: [`${replica.urn}#address`],
      template: "postgres://app@{0}:5432/app",
    });
  });

  it("gives the application all of several read replicas, and others the first", async () => {
    const plan = await database({ readReplicas: 3 });
    const environment = plan.outputs["environment"] as Record<string, { template: string }>;
    assert.equal(environment["DATABASE_REPLICA_URL"]!.template, "postgres://app@{0}:5432/app");
    assert.equal(
      environment["DATABASE_REPLICA_URLS"]!.template,
      [0, 1, 2].map((index) => `postgres://app@{${index}}:5432/app`).join(","),
    );
    const one = await database({ readReplicas: 1 });
    assert.ok(!("DATABASE_REPLICA_URLS" in (one.outputs["environment"] as object)));
  });

  it("lets a proxy decrypt the password that the stack's key encrypts, and no key for that of RDS", async () => {
    const actions = async (args: Parameters<typeof database>[0]) =>
      statements(only(await database(args), "aws:iam/rolePolicy:RolePolicy", "database-proxy")).map(
        ({ Action }) => Action,
      );
    assert.deepEqual(await actions({ proxy: true }), ["secretsmanager:GetSecretValue"]);
    assert.deepEqual(await actions({ proxy: true, readReplicas: 1, keyArn }), [
      "secretsmanager:GetSecretValue",
      "kms:Decrypt",
    ]);
  });

  it("with a proxy sends the application to it, and migrations past it", async () => {
    const plan = await database({ proxy: true });
    const proxy = only(plan, "aws:rds/proxy:Proxy");
    assert.equal(proxy.inputs["requireTls"], true);
    const { DATABASE_MIGRATION_URL, DATABASE_URL } = plan.outputs["environment"] as Record<
      string,
      { $unknown: string[] }
    >;
    assert.deepEqual(DATABASE_URL?.$unknown, [`${proxy.urn}#endpoint`]);
    assert.deepEqual(DATABASE_MIGRATION_URL?.$unknown, [`${only(plan, instance).urn}#address`]);
    const rules = all(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.equal(rules.length, 3);
  });

  it("reports operating-system figures by a role that RDS alone can take, for this account alone", async () => {
    const plan = await database();
    const role = only(plan, "aws:iam/role:Role");
    assert.deepEqual(only(plan, instance).inputs["monitoringRoleArn"], output(role, "arn"));
    const [trust] = statements({ ...role, inputs: { policy: role.inputs["assumeRolePolicy"]! } });
    assert.deepEqual(trust?.Principal, { Service: "monitoring.rds.amazonaws.com" });
    assert.ok(trust?.Condition);
  });

  it("gives way to a transform", async () => {
    const plan = await database({ transform: { instance: { allowMajorVersionUpgrade: true } } });
    assert.equal(only(plan, instance).inputs["allowMajorVersionUpgrade"], true);
  });

  it("is the parent of all it creates", async () => {
    assert.deepEqual(orphans(await database({ proxy: true, readReplicas: 2 })), []);
  });
});

describe("RDS instance classes", () => {
  it("knows the memory of the common families", () => {
    assert.deepEqual(
      ["db.t4g.micro", "db.t4g.medium", "db.t4g.large", "db.m7g.large", "db.r7g.2xlarge"].map(memoryGb),
      [1, 4, 8, 8, 64],
    );
  });

  it("says which classes it knows when it meets another", () => {
    assert.throws(() => memoryGb("db.z1d.large"), /db\.z1d\.large: expected a class of the families/);
    assert.throws(() => memoryGb("db.m7g.metal"), /db\.m7g\.metal/);
  });

  it("stops counting connections where RDS does", () => {
    assert.equal(maxConnections("db.r7g.8xlarge"), 5000);
  });

  it("keeps the two windows apart, over midnight too", () => {
    assert.deepEqual(windows("45 23 * * *"), { backup: "23:45-00:15", maintenance: "mon:00:45-mon:01:45" });
    assert.deepEqual(windows("30 22 * * *"), { backup: "22:30-23:00", maintenance: "sun:23:30-mon:00:30" });
    assert.throws(() => windows("0 3 * * 1"), /expected minute and hour of every day/);
  });
});
