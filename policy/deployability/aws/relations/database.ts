import type { Resource } from "../../../resource";
import type { Stack } from "../../../stack";
import { refusal } from "../../refusal";
import { isRdsPostgresClass } from "../instance-classes";
import { lengthOf, minutesOf, overlap } from "./windows";
import { tooFewZones } from "./zones";

const api = "https://docs.aws.amazon.com/AmazonRDS/latest";
const instance = ["aws:rds/instance:Instance"];

const replicaPassword = refusal({
  id: "rds-replica-managed-password",
  title: "A source of read replicas keeps its own password",
  appliesTo: instance,
  scope: "stack",
  source: `${api}/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations`,
  why: "CreateDBInstanceReadReplica is refused where RDS manages the source's password in Secrets Manager.",
  fix: "Keep the master password in a secret of the stack's own, or have no read replicas.",
  judge: (replica, { stack, fail }) => {
    const source = sourceOf(stack, replica);
    if (source?.get("manageMasterUserPassword").is(true))
      fail(replica.get("replicateSourceDb"), "is an instance whose password RDS manages");
  },
});

const replicaBackups = refusal({
  id: "rds-replica-backups",
  title: "A source of read replicas has automated backups",
  appliesTo: instance,
  scope: "stack",
  source: `${api}/APIReference/API_CreateDBInstance.html`,
  why: "A retention of 0 days is refused for the source of a read replica.",
  fix: "Set backupRetentionPeriod of the source to 1 day or more.",
  judge: (replica, { stack, fail }) => {
    const source = sourceOf(stack, replica);
    if (source === undefined) return;
    const days = source.get("backupRetentionPeriod");
    if (days.absent || days.number() === 0) fail(replica.get("replicateSourceDb"), "has no automated backups");
  },
});

function sourceOf(stack: Stack, replica: Resource): Resource | undefined {
  return stack.ofType(...instance).find((one) => stack.names(replica, "replicateSourceDb", one));
}

/** GiB by storage type, for PostgreSQL. */
const storage: Readonly<Record<string, readonly [number, number]>> = {
  gp2: [20, 65536],
  gp3: [20, 65536],
  io1: [100, 65536],
  io2: [100, 65536],
  standard: [5, 3072],
};

const size = refusal({
  id: "rds-storage-size",
  title: "Storage is of a size that its type has",
  appliesTo: instance,
  source: `${api}/APIReference/API_CreateDBInstance.html`,
  why: "CreateDBInstance answers `Invalid storage size`.",
  fix: "gp2 and gp3: 20 GiB or more. io1 and io2: 100 GiB or more. At most 65536.",
  judge: ({ root }, { fail }) => {
    const allocated = root.get("allocatedStorage");
    const [least, most] = storage[root.get("storageType").string() ?? "gp2"] ?? [0, Infinity];
    const gib = allocated.number();
    if (gib !== undefined && (gib < least || gib > most)) fail(allocated, `is not ${least} to ${most} GiB`);
  },
});

const performance = refusal({
  id: "rds-gp3-performance",
  title: "IOPS and throughput of gp3 are set from 400 GiB on",
  appliesTo: instance,
  source: `${api}/UserGuide/CHAP_Storage.html#gp3-storage`,
  why: "Below 400 GiB RDS for PostgreSQL answers `You can't specify IOPS or storage throughput`.",
  fix: "Remove iops and storageThroughput, or allocate 400 GiB.",
  judge: ({ root }, { fail }) => {
    if (root.get("storageType").isNot("gp3") || root.get("engine").isNot("postgres")) return;
    if ((root.get("allocatedStorage").number() ?? 400) >= 400) return;
    for (const key of ["iops", "storageThroughput"])
      if (root.get(key).present) fail(root.get(key), "cannot be set below 400 GiB");
  },
});

const growth = refusal({
  id: "rds-storage-growth",
  title: "Storage can grow by a tenth or more",
  appliesTo: instance,
  source: `${api}/UserGuide/USER_PIOPS.Autoscaling.html`,
  why: "RDS refuses a maximum that is less than 10 percent above the allocated storage.",
  fix: "Set maxAllocatedStorage to 110 percent of allocatedStorage or more and at most to 65536, or to 0.",
  judge: ({ root }, { fail }) => {
    const most = root.get("maxAllocatedStorage");
    const maximum = most.number();
    if (!maximum) return;
    if (maximum * 10 < (root.get("allocatedStorage").number() ?? 0) * 11)
      fail(most, "is less than 10 percent above allocatedStorage");
    else if (maximum > 65_536) fail(most, "is more than the 65536 GiB that an instance of RDS has");
  },
});

const windows = refusal({
  id: "rds-windows",
  title: "Backup and maintenance windows do not overlap",
  appliesTo: instance,
  source: `${api}/APIReference/API_CreateDBInstance.html`,
  why: "CreateDBInstance answers `The backup window and maintenance window must not overlap`.",
  fix: "Leave 30 minutes for each, at different times of the day.",
  judge: ({ root }, { fail }) => {
    const backup = root.get("backupWindow");
    const maintenance = root.get("maintenanceWindow");
    const [daily, weekly] = [minutesOf(backup.string()), minutesOf(maintenance.string())];
    if (daily && lengthOf(daily) < 30) fail(backup, "is shorter than 30 minutes");
    if (daily && weekly && overlap(daily, weekly)) fail(maintenance, "overlaps the backup window");
  },
});

const password = refusal({
  id: "rds-password-once",
  title: "RDS manages the master password, or the stack sets it",
  appliesTo: instance,
  source: `${api}/APIReference/API_CreateDBInstance.html`,
  why: "Both together are refused.",
  fix: "Remove password, or manageMasterUserPassword.",
  judge: ({ root }, { fail }) => {
    if (root.get("manageMasterUserPassword").is(true) && root.get("password").present)
      fail(root.get("password"), "does not go with manageMasterUserPassword");
  },
});

const monitoring = refusal({
  id: "rds-monitoring-role",
  title: "Enhanced monitoring has an interval and a role, or neither",
  appliesTo: instance,
  source: `${api}/APIReference/API_CreateDBInstance.html`,
  why: "CreateDBInstance answers `A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0`.",
  fix: "Set monitoringInterval and monitoringRoleArn together.",
  judge: ({ root }, { fail }) => {
    const interval = root.get("monitoringInterval");
    const role = root.get("monitoringRoleArn");
    const seconds = interval.number() ?? 0;
    if (seconds > 0 && role.absent) fail(interval, "is set without monitoringRoleArn");
    if (seconds === 0 && role.present) fail(role, "is set without monitoringInterval");
  },
});

const snapshot = refusal({
  id: "rds-final-snapshot-name",
  title: "What keeps a final snapshot has a name for it",
  appliesTo: instance,
  source: `${api}/APIReference/API_DeleteDBInstance.html`,
  why: "The instance cannot be deleted: `FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified`.",
  fix: "Set finalSnapshotIdentifier, or skipFinalSnapshot for a database that may go.",
  judge: ({ root }, { fail }) => {
    if (root.get("replicateSourceDb").present || root.get("skipFinalSnapshot").is(true)) return;
    if (root.get("finalSnapshotIdentifier").absent) fail(root.get("finalSnapshotIdentifier"), "is missing");
  },
});

const family = refusal({
  id: "rds-parameter-family",
  title: "The parameter group is of the engine's major version",
  appliesTo: instance,
  scope: "stack",
  source: `${api}/UserGuide/USER_WorkingWithParamGroups.html`,
  why: "CreateDBInstance and ModifyDBInstance answer InvalidParameterCombination.",
  fix: "Make the group's family that of the new major version: `postgres17`.",
  judge: (database, { stack, fail }) => {
    const group = stack
      .ofType("aws:rds/parameterGroup:ParameterGroup")
      .find((one) => stack.names(database, "parameterGroupName", one));
    const version = database.get("engineVersion").string();
    if (group === undefined || version === undefined || database.get("engine").isNot("postgres")) return;
    if (group.get("family").isNot(`postgres${version.split(".")[0]}`))
      fail(database.get("parameterGroupName"), "is of another major version");
  },
});

const subnets = refusal({
  id: "rds-two-zones",
  title: "A database's subnet group covers two zones",
  appliesTo: ["aws:rds/subnetGroup:SubnetGroup"],
  scope: "stack",
  source: `${api}/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html`,
  why: "CreateDBSubnetGroup answers DBSubnetGroupDoesNotCoverEnoughAZs.",
  fix: "Give subnets of two zones or more.",
  judge: (group, { stack, fail }) => {
    if (tooFewZones(stack, group.get("subnetIds"))) fail(group.get("subnetIds"), "are in fewer than two zones");
  },
});

const instanceClass = refusal({
  id: "rds-instance-class",
  title: "The class is one that RDS for PostgreSQL runs on",
  appliesTo: instance,
  source: `${api}/UserGuide/Concepts.DBInstanceClass.Support.html`,
  why: "CreateDBInstance answers InvalidParameterCombination: RDS does not support creating a DB instance with this class and engine version.",
  fix: "A class of the table, such as db.t4g.medium, db.m7g.large or db.r7g.xlarge.",
  judge: ({ root }, { fail }) => {
    if (root.get("engine").isNot("postgres")) return;
    const name = root.get("instanceClass");
    if (name.present && !isRdsPostgresClass(name.string() ?? "")) fail(name, "is no class of RDS for PostgreSQL");
  },
});

export const databaseRules = [
  replicaPassword,
  replicaBackups,
  size,
  performance,
  growth,
  windows,
  password,
  monitoring,
  snapshot,
  family,
  subnets,
  instanceClass,
];
