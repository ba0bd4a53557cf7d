import { strict as assert } from "node:assert";
import type { EcsOperations } from "../../../../stacks/operations";
import { rdsData } from "../../../../tools/operate/data/rds";
import { Recorded } from "../recorded";

const operations: EcsOperations = {
  ...{
    target: "aws-ecs",
    region: "eu-central-1",
    cluster: "c",
    service: "s",
    logGroup: "l",
    container: "web",
    image: "i",
  },
  backups: { instance: "database-3fa9c1d2" },
};
const instance = (DBInstanceStatus: string, LatestRestorableTime?: string) => ({
  DBInstances: [
    {
      ...{ DBInstanceStatus, DBInstanceClass: "db.t4g.medium", ...(LatestRestorableTime && { LatestRestorableTime }) },
      DBSubnetGroup: { DBSubnetGroupName: "database-subnets-1" },
      VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }, { VpcSecurityGroupId: "sg-2" }],
      DBParameterGroups: [{ DBParameterGroupName: "database-parameters-1" }],
    },
  ],
});
const snapshot = (Status: string) => ({
  DBSnapshotIdentifier: "rds:database-2026-11-27",
  ...{ SnapshotType: "automated", SnapshotCreateTime: "2026-11-27T03:20:00Z", Status },
});
const silent = () => undefined;

describe("the verbs of data on AWS, against recorded answers", () => {
  const driver = (more: Readonly<Record<string, readonly unknown[]>> = {}) => {
    const recorded = new Recorded({
      ...more,
      "describe-db-instances --db-instance-identifier database-3fa9c1d2-": [
        instance("creating"),
        instance("available"),
      ],
      "describe-db-instances": [instance("available", "2026-11-27T11:57:00Z")],
      "describe-db-snapshots --db-instance-identifier": [
        { DBSnapshots: [snapshot("available"), snapshot("creating")] },
      ],
      "describe-db-snapshots --db-snapshot-identifier": [
        { DBSnapshots: [snapshot("creating")] },
        { DBSnapshots: [snapshot("available")] },
      ],
      ...{ "restore-db-instance-to-point-in-time": ["{}"], "delete-db-instance": ["{}"], "create-db-snapshot": ["{}"] },
      ...{ "get-parameters": [{ Parameters: [] }], "put-parameter": ["{}"] },
      ...more,
    });
    const data = rdsData(recorded.stack(operations), {
      ...{ run: recorded.run, pollSeconds: 0, now: () => new Date("2026-11-27T12:00:00Z") },
    });
    return { data, asked: (part: string) => recorded.asked.filter((line) => line.includes(part)) };
  };

  it("drill: restores the newest state beside the live instance, deletes it, and keeps when", async () => {
    const { data, asked } = driver();
    const said: string[] = [];
    const { recoverySeconds, ...result } = await data.drill((line) => said.push(line));
    assert.deepEqual(result, {
      ...{ ok: true, at: "2026-11-27T12:00:00.000Z", where: "RDS, eu-central-1" },
      ...{ backup: "rds:database-2026-11-27", recoveryPointSeconds: 180 },
    });
    assert.ok(recoverySeconds !== undefined);
    assert.deepEqual(asked("restore-db-instance"), [
      "aws rds restore-db-instance-to-point-in-time --source-db-instance-identifier database-3fa9c1d2 --target-db-instance-identifier database-3fa9c1d2-drill-20261127-120000 --use-latest-restorable-time --db-instance-class db.t4g.medium --db-subnet-group-name database-subnets-1 --vpc-security-group-ids sg-1 sg-2 --db-parameter-group-name database-parameters-1 --no-publicly-accessible --no-multi-az --no-deletion-protection --copy-tags-to-snapshot --region eu-central-1 --output json",
    ]);
    assert.deepEqual(asked("delete-db-instance"), [
      "aws rds delete-db-instance --db-instance-identifier database-3fa9c1d2-drill-20261127-120000 --skip-final-snapshot --delete-automated-backups --region eu-central-1 --output json",
    ]);
    assert.match(
      asked("put-parameter")[0]!,
      /--name \/slipway\/prod\/database-3fa9c1d2\/drill .*"lastRestoredBackup":"2026-11-27T12:00:00.000Z"/,
    );
    assert.deepEqual(said, ["restore: creating"]);
  });

  for (const [why, more, error] of [
    ["no snapshot", { "describe-db-snapshots --db-instance-identifier": [{ DBSnapshots: [] }] }, /^empty/],
    [
      "a snapshot that is not done",
      { "describe-db-snapshots --db-instance-identifier": [{ DBSnapshots: [snapshot("creating")] }] },
      /^empty/,
    ],
    [
      "a log that is not archived",
      {
        "describe-db-instances --db-instance-identifier database-3fa9c1d2 ": [
          instance("available", "2026-11-27T11:00:00Z"),
        ],
      },
      /^stale: .* until 2026-11-27T11:00:00Z/,
    ],
    [
      "no restorable time",
      { "describe-db-instances --db-instance-identifier database-3fa9c1d2 ": [instance("available")] },
      /^stale: .* until never/,
    ],
    [
      "an instance that does not come up",
      { "describe-db-instances --db-instance-identifier database-3fa9c1d2-": [instance("incompatible-restore")] },
      /could not be restored: .* is incompatible-restore/,
    ],
  ] as const) {
    it(`drill: fails on ${why}; nothing that costs money stays, and the last that passed is still known`, async () => {
      const { data, asked } = driver({
        ...(more as Record<string, readonly unknown[]>),
        "get-parameters": [{ Parameters: [{ Value: '{"lastRestoredBackup":"2026-11-20T12:00:00Z"}' }] }],
      });
      const { ok, error: said } = await data.drill(silent);
      assert.equal(ok, false);
      assert.match(said!, error);
      assert.equal(asked("delete-db-instance").length, asked("restore-db-instance").length);
      assert.match(asked("put-parameter")[0]!, /"lastRestoredBackup":"2026-11-20T12:00:00Z"/);
    });
  }

  it("restore: beside the live instance, as of a time that RDS has", async () => {
    const { data, asked } = driver();
    await assert.rejects(data.restore("2026-11-27T11:00:00Z", false, silent), /add --look/);
    await assert.rejects(data.restore("2026-11-27T11:58:00Z", true, silent), /until 2026-11-27T11:57:00Z/);
    await assert.rejects(data.restore("yesterday", true, silent), /is no time/);
    assert.deepEqual(asked("restore-db-instance"), []);
    const { copy } = await data.restore("2026-11-27T11:00:00Z", true, silent);
    assert.equal(copy, "database-3fa9c1d2-restored-20261127-120000");
    assert.match(asked("restore-db-instance")[0]!, /--restore-time 2026-11-27T11:00:00.000Z/);
    assert.deepEqual(asked("delete-db-instance"), []);
    await assert.rejects(data.swap("x", silent), /docs\/backups.md#aws/);
  });

  it("backup: a snapshot that is waited for, and what there is", async () => {
    const { data, asked } = driver();
    const { repositories, archivedAt } = await data.backup(silent);
    assert.match(
      asked("create-db-snapshot")[0]!,
      /--db-snapshot-identifier database-3fa9c1d2-slipway-20261127-120000 /,
    );
    assert.deepEqual(repositories, [
      {
        where: "RDS, eu-central-1",
        backups: [{ label: "rds:database-2026-11-27", type: "automated", at: "2026-11-27T03:20:00Z" }],
      },
    ]);
    assert.equal(archivedAt, "2026-11-27T11:57:00Z");
    const failing = driver({
      "describe-db-snapshots --db-snapshot-identifier": [{ DBSnapshots: [snapshot("failed")] }],
    });
    await assert.rejects(failing.data.backup(silent), /the backup failed/);
  });
});

describe("the verbs of data on Aurora, against recorded answers", () => {
  const cluster = (Status: string, LatestRestorableTime?: string) => ({
    DBClusters: [
      {
        ...{ Status, DBSubnetGroup: "database-subnets-1", DBClusterParameterGroup: "database-cluster-1" },
        ...(LatestRestorableTime && { LatestRestorableTime }),
        VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }],
        ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 8 },
      },
    ],
  });
  const server = (DBInstanceStatus: string) => ({ DBInstances: [{ DBInstanceStatus }] });
  const clusterSnapshot = (Status: string) => ({
    DBClusterSnapshotIdentifier: "rds:database-3fa9c1d2-2026-11-27",
    ...{ SnapshotType: "automated", SnapshotCreateTime: "2026-11-27T03:20:00Z", Status },
  });
  const copy = "database-3fa9c1d2-drill-20261127-120000";
  const driver = (more: Readonly<Record<string, readonly unknown[]>> = {}) => {
    const recorded = new Recorded({
      ...more,
      "describe-db-clusters --db-cluster-identifier database-3fa9c1d2-": [cluster("creating"), cluster("available")],
      "describe-db-clusters": [cluster("available", "2026-11-27T11:57:00Z")],
      "describe-db-instances --filters Name=db-cluster-id,Values=database-3fa9c1d2-": [
        { DBInstances: [] },
        server("creating"),
        server("available"),
      ],
      "describe-db-instances": [server("available")],
      "describe-db-cluster-snapshots --db-cluster-identifier": [
        { DBClusterSnapshots: [clusterSnapshot("available"), clusterSnapshot("creating")] },
      ],
      "describe-db-cluster-snapshots --db-cluster-snapshot-identifier": [
        { DBClusterSnapshots: [clusterSnapshot("creating")] },
        { DBClusterSnapshots: [clusterSnapshot("available")] },
      ],
      ...{ "restore-db-cluster-to-point-in-time": ["{}"], "create-db-instance": ["{}"] },
      ...{ "delete-db-instance": ["{}"], "delete-db-cluster": ["{}"], "create-db-cluster-snapshot": ["{}"] },
      ...{ "get-parameters": [{ Parameters: [] }], "put-parameter": ["{}"] },
      ...more,
    });
    const data = rdsData(recorded.stack({ ...operations, backups: { cluster: "database-3fa9c1d2" } }), {
      ...{ run: recorded.run, pollSeconds: 0, now: () => new Date("2026-11-27T12:00:00Z") },
    });
    return { data, asked: (part: string) => recorded.asked.filter((line) => line.includes(part)) };
  };

  it("drill: restores the newest state into a cluster with a server, and deletes both", async () => {
    const { data, asked } = driver();
    const said: string[] = [];
    const { recoverySeconds, ...result } = await data.drill((line) => said.push(line));
    assert.deepEqual(result, {
      ...{ ok: true, at: "2026-11-27T12:00:00.000Z", where: "RDS, eu-central-1" },
      ...{ backup: "rds:database-3fa9c1d2-2026-11-27", recoveryPointSeconds: 180 },
    });
    assert.ok(recoverySeconds !== undefined);
    assert.deepEqual(asked("restore-db-cluster"), [
      `aws rds restore-db-cluster-to-point-in-time --source-db-cluster-identifier database-3fa9c1d2 --db-cluster-identifier ${copy} --use-latest-restorable-time --db-subnet-group-name database-subnets-1 --vpc-security-group-ids sg-1 --db-cluster-parameter-group-name database-cluster-1 --serverless-v2-scaling-configuration MinCapacity=0.5,MaxCapacity=8 --no-deletion-protection --copy-tags-to-snapshot --region eu-central-1 --output json`,
    ]);
    assert.deepEqual(asked("create-db-instance"), [
      `aws rds create-db-instance --db-instance-identifier ${copy}-1 --db-cluster-identifier ${copy} --engine aurora-postgresql --db-instance-class db.serverless --no-publicly-accessible --region eu-central-1 --output json`,
    ]);
    assert.deepEqual(
      asked("delete-db-").map((line) => line.split(" --region")[0]),
      [
        `aws rds delete-db-instance --db-instance-identifier ${copy}-1 --skip-final-snapshot`,
        `aws rds delete-db-cluster --db-cluster-identifier ${copy} --skip-final-snapshot --delete-automated-backups`,
      ],
    );
    assert.deepEqual(said, ["restore: creating", "restore: creating"]);
  });

  it("drill: fails on a cluster that does not come up, and nothing that costs money stays", async () => {
    const { data, asked } = driver({
      "describe-db-clusters --db-cluster-identifier database-3fa9c1d2-": [
        cluster("inaccessible-encryption-credentials"),
      ],
    });
    const { ok, error } = await data.drill(silent);
    assert.equal(ok, false);
    assert.match(error!, /could not be restored: .* is inaccessible/);
    assert.equal(asked("delete-db-cluster").length, 1);
  });

  it("restore: beside the live cluster, as of a time that Aurora has", async () => {
    const { data, asked } = driver();
    await assert.rejects(data.restore("2026-11-27T11:58:00Z", true, silent), /until 2026-11-27T11:57:00Z/);
    const { copy: restored } = await data.restore("2026-11-27T11:00:00Z", true, silent);
    assert.equal(restored, "database-3fa9c1d2-restored-20261127-120000");
    assert.match(asked("restore-db-cluster")[0]!, /--restore-to-time 2026-11-27T11:00:00.000Z/);
    assert.equal(asked("create-db-instance").length, 1);
    assert.deepEqual(asked("delete-db-"), []);
  });

  it("backup: a snapshot of the cluster that is waited for", async () => {
    const { data, asked } = driver();
    const { repositories } = await data.backup(silent);
    assert.match(
      asked("create-db-cluster-snapshot")[0]!,
      /--db-cluster-snapshot-identifier database-3fa9c1d2-slipway-20261127-120000 /,
    );
    assert.deepEqual(
      repositories.flatMap(({ backups }) => backups.map(({ label }) => label)),
      ["rds:database-3fa9c1d2-2026-11-27"],
    );
  });
});
