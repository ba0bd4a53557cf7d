import type { PlanResource } from "../../../plan/plan";
import {
  type Change,
  compareVersions,
  lessThanBefore,
  type PropertyRow,
  type ResourceRow,
  shown,
  version,
} from "./row";
import { documentation } from "../../../../components/shared/documentation";

const rdsGuide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";
const modify = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html";
const cacheGuide = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";
const instance = /^aws:rds\/instance:Instance$/;
/** With Aurora, DocumentDB and Neptune, which know no other way either. */
const database = /^aws:(rds\/(instance:Instance|cluster:Cluster)|docdb\/cluster:Cluster|neptune\/cluster:Cluster)$/;
const cache = /^aws:elasticache\/replicationGroup:ReplicationGroup$/;
const bucket = /^aws:s3\/bucket(V2)?:/;
const window = "in the next maintenance window, unless applyImmediately is set";

/** Zero where one side is not known: a version that is written down for the first time may be the one that runs. */
const order = ({ before, after }: Change, numbers = Infinity) => {
  const [old, now] = [version(before), version(after)];
  return old && now ? compareVersions(old.slice(0, numbers), now) : 0;
};
const major = (change: Change) => order(change, 1);

/** What RDS, ElastiCache, S3 and the keys that they are encrypted with make of a change. */
export const dataRows: readonly PropertyRow[] = [
  {
    id: "rds-storage-shrinks",
    type: instance,
    property: "allocatedStorage",
    when: lessThanBefore,
    severity: "refused",
    message: ({ before, after }) => `RDS storage cannot shrink from ${shown(before)} to ${shown(after)} GiB.`,
    remedy: "Keep the size; for less, restore a dump into a new instance.",
    link: `${rdsGuide}/USER_PIOPS.ModifyingExisting.html`,
  },
  {
    id: "rds-storage-grows",
    type: instance,
    property: "allocatedStorage",
    when: (change) => !lessThanBefore(change),
    severity: "harmless",
    message: () =>
      "Storage grows without an outage; for six hours, or until it is optimised, it cannot be changed again.",
    remedy: "Nothing to do.",
    link: `${rdsGuide}/USER_PIOPS.ModifyingExisting.html`,
  },
  {
    id: "rds-storage-below-grown",
    type: instance,
    property: "maxAllocatedStorage",
    when: lessThanBefore,
    severity: "refused",
    message: ({ after }) =>
      `Where storage has grown by itself beyond ${shown(after)} GiB, RDS refuses the lower maximum.`,
    remedy: "Look at FreeStorageSpace and the allocated size of the live instance first.",
    link: `${rdsGuide}/USER_PIOPS.Autoscaling.html`,
  },
  {
    id: "rds-engine-downgrade",
    type: database,
    property: "engineVersion",
    when: (change) => order(change) < 0,
    severity: "refused",
    message: ({ before, after }) => `RDS does not go back from version ${shown(before)} to ${shown(after)}.`,
    remedy: "Restore a snapshot that was taken before the upgrade, or a dump, into a new instance.",
    link: `${rdsGuide}/USER_UpgradeDBInstance.PostgreSQL.html`,
  },
  {
    id: "rds-major-upgrade-flag",
    type: database,
    property: "engineVersion",
    when: (change) => major(change) > 0 && change.resource.inputs["allowMajorVersionUpgrade"] !== true,
    severity: "refused",
    message: ({ before, after }) =>
      `A major upgrade from ${shown(before)} to ${shown(after)} is refused without allowMajorVersionUpgrade.`,
    remedy: `Rehearse it on a restored copy, then allow it for one release: ${documentation("aws.md#major-upgrades")}.`,
    link: modify,
  },
  {
    id: "rds-major-upgrade-outage",
    type: database,
    property: "engineVersion",
    when: (change) => major(change) > 0 && change.resource.inputs["allowMajorVersionUpgrade"] === true,
    severity: "outage",
    message: ({ before, after }) =>
      `The database is away for about 10 to 30 minutes while it is upgraded from ${shown(before)} to ${shown(after)}, and there is no way back.`,
    remedy: `Use an RDS blue/green deployment for less than a minute: ${documentation("aws.md#major-upgrades")}.`,
    link: `${rdsGuide}/USER_UpgradeDBInstance.PostgreSQL.html`,
  },
  {
    id: "rds-minor-upgrade-outage",
    type: database,
    property: "engineVersion",
    when: (change) => major(change) === 0 && order(change) > 0,
    severity: "outage",
    message: () => `The database restarts for about 1 to 10 minutes, ${window}.`,
    remedy: "Leave it to the maintenance window.",
    link: `${rdsGuide}/USER_UpgradeDBInstance.PostgreSQL.html`,
  },
  {
    id: "rds-class-restart",
    type: instance,
    property: "instanceClass",
    severity: "outage",
    message: ({ resource }) =>
      `The database is away for about ${resource.inputs["multiAz"] === true ? "1 to 2 minutes, while the standby takes over" : "5 to 10 minutes"}, ${window}.`,
    remedy: "Leave it to the maintenance window, or apply it at a quiet hour.",
    link: modify,
  },
  {
    id: "rds-subnet-group-moves",
    type: instance,
    property: "dbSubnetGroupName",
    when: ({ resource }) => resource.operation !== "replace",
    severity: "refused",
    message: () =>
      "An instance with Multi-AZ or read replicas does not move to another subnet group; one without is away while it moves.",
    remedy: "Restore a snapshot into the new VPC, and switch the application over.",
    link: `${rdsGuide}/USER_VPC.VPC2VPC.html`,
  },
  {
    id: "rds-port-restart",
    type: instance,
    property: "port",
    severity: "outage",
    message: () =>
      "The database restarts at once, whatever applyImmediately says, and is not reached until the application knows the new port.",
    remedy: "Keep the port.",
    link: modify,
  },
  {
    id: "rds-backups-off",
    type: database,
    property: "backupRetentionPeriod",
    when: ({ after }) => after === 0,
    severity: "data",
    message: () => "All automated backups and restore points are deleted at once.",
    remedy: "Keep 7 days or more, or take a snapshot first.",
    link: `${rdsGuide}/USER_WorkingWithAutomatedBackups.html`,
  },
  {
    id: "rds-backups-shortened",
    type: database,
    property: "backupRetentionPeriod",
    when: (change) => lessThanBefore(change) && change.after !== 0,
    severity: "data",
    message: ({ before, after }) =>
      `Restore points older than ${shown(after)} days are deleted; until now ${shown(before)} days could be restored.`,
    remedy: "Take a snapshot of an older point first, if it may be needed.",
    link: `${rdsGuide}/USER_WorkingWithAutomatedBackups.BackupRetention.html`,
  },
  {
    id: "rds-backups-on",
    type: instance,
    property: "backupRetentionPeriod",
    when: ({ before, after }) => (before === 0 || before === undefined) && after !== 0,
    severity: "outage",
    message: () => "Input and output pause for seconds to minutes while the first backup is set up.",
    remedy: "Apply it at a quiet hour.",
    link: modify,
  },
  {
    id: "rds-standby-removed",
    type: instance,
    property: "multiAz",
    when: ({ after }) => after !== true,
    severity: "harmless",
    message: () => "The standby goes without an outage; from then on the loss of a zone is an outage.",
    remedy: "Keep it where the site must survive the loss of a zone.",
    link: modify,
  },
  {
    id: "rds-storage-encryption",
    type: database,
    property: "storageEncrypted",
    severity: "data",
    message: () => "Encryption cannot be switched on an instance: another, empty one takes its place.",
    remedy: "Copy a snapshot with encryption and restore it.",
    link: `${rdsGuide}/Overview.Encryption.html#Overview.Encryption.Limitations`,
  },
  {
    id: "rds-storage-type",
    type: instance,
    property: "storageType",
    severity: "outage",
    lasts: "hours",
    message: () => "The storage is migrated: slower for hours, and no other change, backup or deletion meanwhile.",
    remedy: "Apply it at a quiet time, alone.",
    link: modify,
  },
  {
    id: "rds-password-mode",
    type: instance,
    property: "manageMasterUserPassword",
    severity: "outage",
    message: () =>
      "The password changes hands: a client that has read the old one is refused until it reads the new one.",
    remedy: "Release the application in the same update; it opens connections with the new password.",
    link: `${rdsGuide}/rds-secrets-manager.html`,
  },
  {
    id: "rds-parameters-pending",
    type: /^aws:rds\/parameterGroup:ParameterGroup$/,
    property: "parameters",
    severity: "harmless",
    message: () => "A static parameter waits for the next restart of the database; nothing restarts by itself.",
    remedy: "Restart the instance at a quiet hour if the new value must hold.",
    link: `${rdsGuide}/USER_WorkingWithParamGroups.html`,
  },
  {
    id: "elasticache-engine-downgrade",
    type: cache,
    property: "engineVersion",
    when: (change) => order(change) < 0,
    severity: "refused",
    message: ({ before, after }) => `ElastiCache does not go back from version ${shown(before)} to ${shown(after)}.`,
    remedy: "Delete the cache and make it anew: it fills by itself.",
    link: `${cacheGuide}/VersionManagement.html`,
  },
  {
    id: "elasticache-encryption",
    type: cache,
    property: "atRestEncryptionEnabled",
    severity: "data",
    message: () => "Encryption at rest cannot be switched: another, empty cache takes its place.",
    remedy: "Expect a cold cache and signed-out sessions.",
    link: `${cacheGuide}/at-rest-encryption.html`,
  },
  {
    id: "elasticache-node-type",
    type: cache,
    property: "nodeType",
    severity: "outage",
    message: ({ resource }) =>
      (typeof resource.inputs["numCacheClusters"] === "number" && resource.inputs["numCacheClusters"] > 1
        ? "Connections break for seconds while each node is exchanged"
        : "The cache is empty and away for minutes while its one node is exchanged") + `, ${window}.`,
    remedy: "Nothing to do: the application serves without the cache.",
    link: `${cacheGuide}/Scaling.RedisReplGrps.html`,
  },
  {
    id: "elasticache-standby-removed",
    type: cache,
    property: "numCacheClusters",
    when: lessThanBefore,
    severity: "harmless",
    message: () => "A node goes, and connections to it break; with one left, its loss empties the cache.",
    remedy: "Keep two where a cold cache is too slow.",
    link: `${cacheGuide}/AutoFailover.html`,
  },
  {
    id: "elasticache-snapshots-shortened",
    type: cache,
    property: "snapshotRetentionLimit",
    when: lessThanBefore,
    severity: "data",
    message: ({ after }) =>
      after === 0
        ? "All automatic snapshots of the cache are deleted."
        : `Snapshots older than ${shown(after)} days are deleted.`,
    remedy: "Copy the ones that may be needed.",
    link: `${cacheGuide}/backups-automatic.html`,
  },
  {
    id: "s3-versioning-off",
    type: /^aws:s3\/bucketVersioning/,
    property: "versioningConfiguration.status",
    when: ({ after }) => after === "Disabled",
    severity: "refused",
    message: () => "Versioning that was on can be suspended, and never switched off.",
    remedy: "Set `Suspended`.",
    link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
  },
  {
    id: "s3-expiry-shortened",
    type: /^aws:s3\/bucketLifecycleConfiguration/,
    property: "rules",
    when: (change) => /days/i.test(change.path) && lessThanBefore(change),
    severity: "data",
    message: ({ before, after }) =>
      `Objects older than ${shown(after)} days are deleted within a day or two; until now they were kept for ${shown(before)}.`,
    remedy: "Copy what may be needed.",
    link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
  },
  {
    id: "logs-shortened",
    type: /^aws:cloudwatch\/logGroup:LogGroup$/,
    property: "retentionInDays",
    when: lessThanBefore,
    severity: "data",
    message: ({ after }) => `Log lines older than ${shown(after)} days are deleted within three days.`,
    remedy: "Export what may be needed.",
    link: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
  },
];

/** By what stands in the state: the engine looks there, and not at what the program says now. */
const isProtected = ({ options, previousOptions }: PlanResource) => (previousOptions ?? options).protect === true;

/** What goes, or is exchanged, and holds data. */
export const dataResources: readonly ResourceRow[] = [
  {
    id: "protected-goes",
    type: /./,
    operation: ["delete", "replace"],
    // Pulumi refuses it whether it would delete the old one or leave it alone.
    alsoRetained: true,
    when: isProtected,
    severity: "refused",
    message: ({ name, operation }) =>
      `\`${name}\` is protected: the engine refuses to ${operation === "delete" ? "delete" : "replace"} it, half-way through the update.`,
    remedy: "Take the change back, or remove the protection in an update of its own once its data are safe.",
    link: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
  },
  {
    id: "rds-deletion-protection",
    type: instance,
    operation: ["delete", "replace"],
    when: (resource) => !isProtected(resource) && resource.inputs["deletionProtection"] === true,
    severity: "refused",
    message: () => "DeleteDBInstance is refused while deletionProtection is on.",
    remedy: "Switch deletionProtection off in an update of its own, after a snapshot.",
    link: `${rdsGuide}/USER_DeleteInstance.html`,
  },
  {
    id: "rds-source-goes",
    type: instance,
    operation: ["replace"],
    alsoRetained: true,
    severity: "data",
    message: () => "Another, empty database takes the place of this one.",
    remedy: "Restore a snapshot into the new one before visitors reach it.",
    link: modify,
  },
  {
    id: "bucket-not-empty",
    type: bucket,
    operation: ["delete", "replace"],
    when: (resource) => resource.inputs["forceDestroy"] !== true,
    severity: "refused",
    message: () => "DeleteBucket is refused while there are objects in the bucket.",
    remedy: "Empty it, old versions too, once nothing in it is needed.",
    link: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html",
  },
  {
    id: "repository-not-empty",
    type: /^aws:ecr\/repository:Repository$/,
    operation: ["delete", "replace"],
    when: (resource) => resource.inputs["forceDelete"] !== true,
    severity: "refused",
    message: () => "DeleteRepository is refused while there are images in it.",
    remedy: "Set forceDelete in an update of its own, or delete the images.",
    link: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html",
  },
  {
    id: "key-goes",
    type: /^aws:kms\/(key|replicaKey):/,
    operation: ["delete", "replace"],
    severity: "data",
    message: ({ inputs }) =>
      `What was encrypted with the key cannot be read once it is deleted, after ${shown(inputs["deletionWindowInDays"] ?? 30)} days.`,
    remedy: "Keep the old key until nothing is encrypted with it.",
    link: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
  },
  {
    id: "secret-name-taken",
    type: /^aws:secretsmanager\/secret:Secret$/,
    operation: ["replace"],
    when: ({ inputs }) => typeof inputs["name"] === "string" && inputs["recoveryWindowInDays"] !== 0,
    severity: "refused",
    message: () => "A secret of this name is scheduled for deletion: the new one cannot be made until it is gone.",
    remedy: "Give the new secret another name, or restore the old one.",
    link: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
  },
];
