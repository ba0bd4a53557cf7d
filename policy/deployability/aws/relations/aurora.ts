import type { Resource } from "../../../resource";
import { compareVersions } from "../versions";
import { refusal } from "../../refusal";
import { lengthOf, minutesOf, overlap } from "./windows";

const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide";
const api = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference";
const cluster = "aws:rds/cluster:Cluster";
const instance = "aws:rds/clusterInstance:ClusterInstance";
const capacityPage = `${guide}/aurora-serverless-v2.setting-capacity.html`;

const range = refusal({
  id: "aurora-capacity",
  title: "Capacity is from 0 to 256 ACUs, in steps of 0.5",
  appliesTo: [cluster],
  source: capacityPage,
  why: "CreateDBCluster and ModifyDBCluster answer InvalidParameterValue.",
  fix: "minCapacity from 0, maxCapacity from 1 to 256 and not less than it, in steps of 0.5; secondsUntilAutoPause from 300 to 86400, with minCapacity 0.",
  judge: (database, { fail, separately }) => {
    const scaling = database.get("serverlessv2ScalingConfiguration");
    if (!scaling.present) return;
    const [least, most, pause] = ["minCapacity", "maxCapacity", "secondsUntilAutoPause"].map((name) =>
      scaling.get(name),
    );
    separately(
      () => {
        const acu = least!.number();
        if (acu !== undefined && !isCapacity(acu)) fail(least!, "is not 0 to 256 in steps of 0.5");
      },
      () => {
        const acu = most!.number();
        if (acu !== undefined && !(isCapacity(acu) && acu >= 1)) fail(most!, "is not 1 to 256 in steps of 0.5");
      },
      () => {
        const [from, to] = [least!.number(), most!.number()];
        if (from !== undefined && to !== undefined && to < from) fail(most!, "is less than minCapacity");
      },
      () => {
        const seconds = pause!.number();
        if (seconds === undefined) return;
        if (seconds < 300 || seconds > 86_400) fail(pause!, "is not 300 to 86400 seconds");
        else if ((least!.number() ?? 0) !== 0) fail(pause!, "is for a minCapacity of 0 alone");
      },
    );
  },
});

const isCapacity = (acu: number) => acu >= 0 && acu <= 256 && Number.isInteger(acu * 2);

/** By major version of PostgreSQL, the first minor one with it. */
const since: Readonly<Record<"256" | "0", Readonly<Record<number, string>>>> = {
  "256": { 13: "13.13", 14: "14.10", 15: "15.5", 16: "16.1", 17: "17.4" },
  "0": { 13: "13.15", 14: "14.12", 15: "15.7", 16: "16.3", 17: "17.4" },
};
const oldest: Readonly<Record<number, string>> = { 13: "13.6", 14: "14.3", 15: "15.2", 16: "16.1", 17: "17.4" };

const versions = refusal({
  id: "aurora-serverless-version",
  title: "The engine version has Serverless v2, and the capacity asked for",
  appliesTo: [cluster],
  source: `${guide}/Concepts.Aurora_Fea_Regions_DB-eng.Feature.ServerlessV2.html`,
  why: "CreateDBCluster answers InvalidParameterCombination: older versions have no Serverless v2, no more than 128 ACUs, or no pause.",
  fix: "PostgreSQL 13.6, 14.3, 15.2, 16.1 or 17.4 or later; for more than 128 ACUs 13.13, 14.10, 15.5 or 16.1; for 0 ACUs 13.15, 14.12, 15.7 or 16.3. A major version alone is its newest.",
  judge: (database, { fail }) => {
    const scaling = database.get("serverlessv2ScalingConfiguration");
    if (!scaling.present || database.get("engine").isNot("aurora-postgresql")) return;
    const property = database.get("engineVersion");
    const version = property.string();
    if (version === undefined) return;
    const major = Number(version.split(".")[0]);
    const older = (first: string | undefined) =>
      version.includes(".") && first !== undefined && compareVersions(version, first) < 0;
    if (major < 13 || older(oldest[major])) return fail(property, "has no Serverless v2");
    if ((scaling.get("maxCapacity").number() ?? 0) > 128 && older(since["256"][major]))
      fail(property, "has 128 ACUs at the most");
    if (scaling.get("minCapacity").number() === 0 && older(since["0"][major])) fail(property, "does not pause");
  },
});

const scaled = refusal({
  id: "aurora-serverless-cluster",
  title: "A server of class db.serverless is in a cluster with a range of capacity",
  appliesTo: [instance],
  scope: "stack",
  source: `${guide}/aurora-serverless-v2.requirements.html`,
  why: "CreateDBInstance answers `Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance`.",
  fix: "Set serverlessv2ScalingConfiguration of the cluster, and engineMode provisioned.",
  judge: (server, { stack, fail }) => {
    if (server.get("instanceClass").isNot("db.serverless")) return;
    const parent = stack.ofType(cluster).find((one) => stack.names(server, "clusterIdentifier", one));
    if (parent === undefined) return;
    if (parent.get("serverlessv2ScalingConfiguration").absent)
      fail(server.get("instanceClass"), "is in a cluster without a range of capacity");
    else if (parent.get("engineMode").is("serverless"))
      fail(server.get("instanceClass"), "is in a cluster of Serverless v1");
  },
});

const family = refusal({
  id: "aurora-parameter-family",
  title: "Parameter groups are of the engine's major version",
  appliesTo: [cluster],
  scope: "stack",
  source: `${guide}/USER_WorkingWithParamGroups.html`,
  why: "CreateDBCluster and ModifyDBCluster answer InvalidParameterCombination.",
  fix: "Make the group's family that of the new major version: `aurora-postgresql17`.",
  judge: (database, { stack, fail }) => {
    const version = database.get("engineVersion").string();
    if (version === undefined || database.get("engine").isNot("aurora-postgresql")) return;
    const group = stack
      .ofType("aws:rds/clusterParameterGroup:ClusterParameterGroup")
      .find((one) => stack.names(database, "dbClusterParameterGroupName", one));
    if (group?.get("family").isNot(`aurora-postgresql${version.split(".")[0]}`))
      fail(database.get("dbClusterParameterGroupName"), "is of another major version");
  },
});

const password = refusal({
  id: "aurora-password-once",
  title: "RDS manages the cluster's password, or the stack sets it",
  appliesTo: [cluster],
  source: `${api}/API_CreateDBCluster.html`,
  why: "Both together are refused.",
  fix: "Remove masterPassword, or manageMasterUserPassword.",
  judge: ({ root }, { fail }) => {
    if (root.get("manageMasterUserPassword").is(true) && root.get("masterPassword").present)
      fail(root.get("masterPassword"), "does not go with manageMasterUserPassword");
  },
});

const snapshot = refusal({
  id: "aurora-final-snapshot-name",
  title: "A cluster that keeps a final snapshot has a name for it",
  appliesTo: [cluster],
  source: `${api}/API_DeleteDBCluster.html`,
  why: "The cluster cannot be deleted: FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
  fix: "Set finalSnapshotIdentifier, or skipFinalSnapshot for a cluster that may go.",
  judge: ({ root }, { fail }) => {
    if (root.get("replicationSourceIdentifier").present || root.get("skipFinalSnapshot").is(true)) return;
    if (root.get("finalSnapshotIdentifier").absent) fail(root.get("finalSnapshotIdentifier"), "is missing");
  },
});

const apart = refusal({
  id: "aurora-windows",
  title: "Backup and maintenance windows of a cluster do not overlap",
  appliesTo: [cluster],
  source: `${api}/API_CreateDBCluster.html`,
  why: "CreateDBCluster answers `The backup window and maintenance window must not overlap`.",
  fix: "Leave 30 minutes for each, at different times of the day.",
  judge: ({ root }, { fail }) => {
    const [backup, maintenance] = [root.get("preferredBackupWindow"), root.get("preferredMaintenanceWindow")];
    const [daily, weekly] = [minutesOf(backup.string()), minutesOf(maintenance.string())];
    if (daily && lengthOf(daily) < 30) fail(backup, "is shorter than 30 minutes");
    if (daily && weekly && overlap(daily, weekly)) fail(maintenance, "overlaps the backup window");
  },
});

const storage = refusal({
  id: "aurora-storage",
  title: "Storage of Aurora has no size",
  appliesTo: [cluster],
  source: `${guide}/Aurora.Overview.StorageReliability.html`,
  why: "CreateDBCluster answers InvalidParameterCombination: it grows by itself to 128 TiB and more.",
  fix: "Remove allocatedStorage and iops; storageType aurora or aurora-iopt1.",
  judge: ({ root }: Resource, { fail }) => {
    if (!/^aurora/.test(root.get("engine").string() ?? "")) return;
    for (const key of ["allocatedStorage", "iops"]) if (root.get(key).present) fail(root.get(key), "is not for Aurora");
    const type = root.get("storageType");
    if (type.present && type.isNot("", "aurora", "aurora-iopt1")) fail(type, "is no storage of Aurora");
  },
});

export const auroraRules = [range, versions, scaled, family, password, snapshot, apart, storage];
