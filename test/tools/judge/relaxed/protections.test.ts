import { deepEqual, equal } from "node:assert/strict";
import { safeguards } from "../../../../tools/judge/relaxed/safeguards";
import { lostProtections } from "../../../../tools/judge/relaxed/protections";
import type { PlanResource, PlanValue } from "../../../../tools/plan/plan";
import { difference } from "../../../../tools/sources/difference/difference";
import { plan, resource } from "../../plans";

type Inputs = PlanResource["inputs"];

const database = "aws:rds/instance:Instance";
const unknown: PlanValue = { $unknown: ["urn#value"] };

const lost = (type: string, before: Inputs, after: Inputs) =>
  lostProtections(difference(plan(resource(type, "it", before)), plan(resource(type, "it", after)))).map(
    ({ kind, message, subject }) => {
      deepEqual([kind, subject.endsWith("::it")], ["protection", true]);
      return message;
    },
  );

/** At [path, before, after]: what is said. Written as the property stands in the provider's schema. */
const taken: readonly (readonly [type: string, before: Inputs, after: Inputs, said: string])[] = [
  [
    database,
    { deletionProtection: true },
    { deletionProtection: false },
    "deletionProtection: deletion protection is off: the next change can delete it",
  ],
  [
    "gcp:sql/databaseInstance:DatabaseInstance",
    { settings: { deletionProtectionEnabled: true } },
    { settings: {} },
    "settings.deletionProtectionEnabled: deletion protection is off: the next change can delete it",
  ],
  [
    "aws:backup/plan:Plan",
    { rules: [{ ruleName: "a", copyActions: [{ destinationVaultArn: "arn:1", lifecycle: { deleteAfter: 90 } }] }] },
    { rules: [{ ruleName: "a", copyActions: [{ destinationVaultArn: "arn:1", lifecycle: { deleteAfter: 30 } }] }] },
    "rules[0].copyActions[0].lifecycle.deleteAfter: copies of backups are kept for a shorter time",
  ],
  [
    "aws:backup/plan:Plan",
    { rules: [{ ruleName: "a", copyActions: [{ destinationVaultArn: "arn:1" }, { destinationVaultArn: "arn:2" }] }] },
    { rules: [{ ruleName: "a", copyActions: [{ destinationVaultArn: "arn:1" }] }] },
    "rules[0].copyActions[1].destinationVaultArn: backups are no longer copied there",
  ],
  [
    "aws:backup/plan:Plan",
    { rules: [{ ruleName: "a", copyActions: [{ destinationVaultArn: "arn:1" }] }] },
    { rules: [{ ruleName: "a" }] },
    "rules[0].copyActions[0].destinationVaultArn: backups are no longer copied there",
  ],
  [
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    { minRetentionDays: 30 },
    { minRetentionDays: 7 },
    "minRetentionDays: restore points can be deleted earlier",
  ],
  [
    "aws:lb/loadBalancer:LoadBalancer",
    { enableDeletionProtection: true },
    {},
    "enableDeletionProtection: deletion protection is off: the next change can delete it",
  ],
  [
    "aws:cloudformation/stack:Stack",
    { enableTerminationProtection: true },
    {},
    "enableTerminationProtection: termination protection is off",
  ],
  [
    "aws:emr/cluster:Cluster",
    { terminationProtection: true },
    {},
    "terminationProtection: termination protection is off",
  ],
  [
    "aws:ec2/instance:Instance",
    { disableApiTermination: true },
    {},
    "disableApiTermination: termination protection is off",
  ],
  ["aws:ec2/instance:Instance", { disableApiStop: true }, {}, "disableApiStop: termination protection is off"],
  [database, {}, { skipFinalSnapshot: true }, "skipFinalSnapshot: no final snapshot is taken when it is deleted"],
  ["aws:s3/bucket:Bucket", {}, { forceDestroy: true }, "forceDestroy: it can be deleted with everything in it"],
  ["aws:ecr/repository:Repository", {}, { forceDelete: true }, "forceDelete: it can be deleted with everything in it"],
  [database, {}, { deleteAutomatedBackups: true }, "deleteAutomatedBackups: its backups go with it"],
  [
    database,
    { backupRetentionPeriod: 2 },
    { backupRetentionPeriod: 1 },
    "backupRetentionPeriod: fewer days of backups: older restore points are deleted",
  ],
  [
    "aws:redshift/cluster:Cluster",
    { automatedSnapshotRetentionPeriod: 2 },
    { automatedSnapshotRetentionPeriod: 1 },
    "automatedSnapshotRetentionPeriod: fewer days of backups: older restore points are deleted",
  ],
  [
    "azure-native:dbforpostgresql:Server",
    { backup: { backupRetentionDays: 9 } },
    { backup: { backupRetentionDays: 8 } },
    "backup.backupRetentionDays: fewer days of backups: older restore points are deleted",
  ],
  [
    "gcp:sql/databaseInstance:DatabaseInstance",
    { settings: { backupConfiguration: { enabled: true } } },
    { settings: { backupConfiguration: { enabled: false } } },
    "settings.backupConfiguration.enabled: no backups",
  ],
  [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    { snapshotRetentionLimit: 7 },
    { snapshotRetentionLimit: 0 },
    "snapshotRetentionLimit: fewer snapshots: older ones are deleted",
  ],
  [
    "kubernetes:postgresql.cnpg.io/v1:Cluster",
    { spec: { backup: { retentionPolicy: "5w" } } },
    { spec: { backup: { retentionPolicy: "1m" } } },
    "spec.backup.retentionPolicy: backups are kept for a shorter time",
  ],
  [
    "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup",
    { spec: { suspend: false } },
    { spec: { suspend: true } },
    "spec.suspend: no more backups are taken",
  ],
  [
    "aws:secretsmanager/secret:Secret",
    { recoveryWindowInDays: 8 },
    { recoveryWindowInDays: 7 },
    "recoveryWindowInDays: a deleted secret can be restored for a shorter time",
  ],
  [
    "aws:kms/key:Key",
    { deletionWindowInDays: 8 },
    { deletionWindowInDays: 7 },
    "deletionWindowInDays: a deleted key can be restored for a shorter time",
  ],
  [
    "aws:kms/key:Key",
    { isEnabled: true },
    { isEnabled: false },
    "isEnabled: what is encrypted with the key cannot be read",
  ],
  [
    "aws:kms/key:Key",
    { enableKeyRotation: true },
    { enableKeyRotation: false },
    "enableKeyRotation: the key is no longer rotated",
  ],
  [
    "aws:cloudwatch/logGroup:LogGroup",
    { retentionInDays: 30 },
    { retentionInDays: 14 },
    "retentionInDays: logs are kept for a shorter time",
  ],
  [
    "aws:s3/bucketVersioning:BucketVersioning",
    { versioningConfiguration: { status: "Enabled" } },
    { versioningConfiguration: { status: "Suspended" } },
    "versioningConfiguration.status: overwritten and deleted objects are gone",
  ],
  [database, { storageEncrypted: true }, { storageEncrypted: false }, "storageEncrypted: data is no longer encrypted"],
  ["aws:ebs/volume:Volume", { encrypted: true }, { encrypted: false }, "encrypted: data is no longer encrypted"],
  [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    { transitEncryptionEnabled: true },
    { transitEncryptionEnabled: false },
    "transitEncryptionEnabled: data is no longer encrypted",
  ],
  [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    { userGroupIds: ["shop"] },
    { authToken: "x" },
    "userGroupIds: any client with the password may run every command on every key",
  ],
  [
    database,
    { publiclyAccessible: false },
    { publiclyAccessible: true },
    "publiclyAccessible: it is reachable from the internet",
  ],
  [
    "aws:wafv2/webAcl:WebAcl",
    { rules: [{ name: "rate", action: { block: {} } }] },
    { rules: [{ name: "rate", action: { count: {} } }] },
    "rules[rate].action.block: requests that were refused pass",
  ],
  [
    "aws:wafv2/webAcl:WebAcl",
    { rules: [{ name: "known", overrideAction: { none: {} } }] },
    { rules: [] },
    "rules[known].overrideAction.none: requests that were refused pass",
  ],
  [
    "aws:wafv2/ruleGroup:RuleGroup",
    { rules: [{ name: "known", action: { block: {} } }] },
    { rules: [{ name: "known", action: { allow: {} } }] },
    "rules[known].action.block: requests that were refused pass",
  ],
  [
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    { ignorePublicAcls: true },
    { ignorePublicAcls: false },
    "ignorePublicAcls: public access is no longer blocked",
  ],
  [
    "aws:cloudtrail/trail:Trail",
    { enableLogFileValidation: true },
    { enableLogFileValidation: false },
    "enableLogFileValidation: less is recorded",
  ],
  ["aws:guardduty/detector:Detector", { enable: true }, { enable: false }, "enable: threats are no longer detected"],
  [
    "kubernetes:storage.k8s.io/v1:StorageClass",
    { reclaimPolicy: "Retain" },
    { reclaimPolicy: "Delete" },
    "reclaimPolicy: a volume is deleted with its claim",
  ],
  [
    "kubernetes:apps/v1:StatefulSet",
    { spec: { persistentVolumeClaimRetentionPolicy: { whenScaled: "Retain" } } },
    { spec: { persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } } },
    "spec.persistentVolumeClaimRetentionPolicy.whenScaled: its claims are deleted with it, and their volumes",
  ],
];

/** One type or more for each row of the table, in its order. */
const guards: readonly (readonly [type: string, without: string])[] = [
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "public access is no longer blocked"],
  ["aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "public access is no longer blocked"],
  ["aws:s3/bucketVersioning:BucketVersioning", "overwritten and deleted objects are gone"],
  ["aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "objects can be deleted before their time"],
  [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "the bucket's own encryption key is no longer used",
  ],
  ["aws:s3/bucketReplicationConfig:BucketReplicationConfig", "objects are no longer copied elsewhere"],
  ["aws:s3/bucketLogging:BucketLogging", "requests are no longer recorded"],
  ["aws:ebs/encryptionByDefault:EncryptionByDefault", "new volumes are no longer encrypted"],
  ["aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", "snapshots may be shared with anybody"],
  ["aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess", "images may be shared with anybody"],
  ["aws:ec2/flowLog:FlowLog", "traffic is no longer recorded"],
  ["aws:backup/plan:Plan", "no more backups are taken"],
  ["aws:dlm/lifecyclePolicy:LifecyclePolicy", "no more backups are taken"],
  ["aws:backup/vaultLockConfiguration:VaultLockConfiguration", "restore points can be deleted"],
  ["aws:efs/backupPolicy:BackupPolicy", "no more backups are taken"],
  [
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    "backups are no longer copied to another region",
  ],
  ["aws:cloudtrail/trail:Trail", "what is done in the account is no longer recorded"],
  ["aws:cfg/recorder:Recorder", "the configuration of the account is no longer recorded or judged"],
  ["aws:guardduty/detector:Detector", "threats are no longer detected"],
  ["aws:accessanalyzer/analyzer:Analyzer", "threats are no longer detected"],
  ["aws:wafv2/webAclAssociation:WebAclAssociation", "requests are no longer filtered"],
  ["aws:shield/protection:Protection", "requests are no longer filtered"],
  ["aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "what is filtered is no longer recorded"],
  ["aws:organizations/policyAttachment:PolicyAttachment", "what the organization forbids is allowed"],
  ["aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "weaker passwords are accepted"],
  ["aws:budgets/budget:Budget", "nobody is notified of the cost"],
  ["aws:sns/topicSubscription:TopicSubscription", "alarms no longer reach this receiver"],
  ["aws:cloudwatch/eventApiDestination:EventApiDestination", "alarms no longer reach this address"],
  ["aws:rds/eventSubscription:EventSubscription", "failures of the databases notify nobody"],
  ["aws:route53/healthCheck:HealthCheck", "the site is no longer asked for from outside"],
  ["aws:secretsmanager/secretRotation:SecretRotation", "the secret is no longer rotated"],
  ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "connections are no longer limited"],
  ["kubernetes:cilium.io/v2:CiliumNetworkPolicy", "connections are no longer limited"],
  ["kubernetes:policy/v1:PodDisruptionBudget", "a drain may stop all replicas at once"],
  ["kubernetes:core/v1:ResourceQuota", "what may be used is no longer limited"],
  [
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration",
    "objects are no longer judged as they are admitted",
  ],
  ["kubernetes:kyverno.io/v1:ClusterPolicy", "objects are no longer judged as they are admitted"],
  ["kubernetes:velero.io/v1:Schedule", "no more backups are taken"],
  ["kubernetes:monitoring.coreos.com/v1:PrometheusRule", "nobody is notified"],
];

/** Near to a row, and no loss: the same or more, another type's property of the name, or not known yet. */
const kept: readonly (readonly [what: string, type: string, before: Inputs, after: Inputs])[] = [
  ["a value that is not known yet", database, { deletionProtection: true }, { deletionProtection: unknown }],
  ["a number that is not known yet", database, { backupRetentionPeriod: 7 }, { backupRetentionPeriod: unknown }],
  ["a number that says nothing", database, { backupRetentionPeriod: "many" }, { backupRetentionPeriod: 7 }],
  ["nothing, removed", database, { backupRetentionPeriod: 0 }, {}],
  ["logs without an end", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30 }, { retentionInDays: 0 }],
  [
    "the same days in other units",
    "kubernetes:postgresql.cnpg.io/v1:Cluster",
    { spec: { backup: { retentionPolicy: "4w" } } },
    { spec: { backup: { retentionPolicy: "28d" } } },
  ],
  [
    "two weeks for a month of days",
    "kubernetes:postgresql.cnpg.io/v1:Cluster",
    { spec: { backup: { retentionPolicy: "14d" } } },
    { spec: { backup: { retentionPolicy: "2w" } } },
  ],
  ["a job that is suspended", "kubernetes:batch/v1:CronJob", { spec: { suspend: false } }, { spec: { suspend: true } }],
  ["something else that is enabled", "aws:lambda/function:Function", { isEnabled: true }, { isEnabled: false }],
  [
    "a volume kept otherwise",
    "kubernetes:core/v1:PersistentVolume",
    { spec: { persistentVolumeReclaimPolicy: "Retain" } },
    { spec: { persistentVolumeReclaimPolicy: unknown } },
  ],
  [
    "a stricter Pod Security",
    "kubernetes:core/v1:Namespace",
    { metadata: { labels: { "pod-security.kubernetes.io/enforce": "baseline" } } },
    { metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
  ],
  ["a name that begins alike", database, { deletionProtectionNote: true }, {}],
];

describe("safeguards, row by row", () => {
  for (const [type, before, after, said] of taken)
    it(`${type.split(":").at(-1)} ${said}`, () => {
      deepEqual(lost(type, before, after), [said]);
      deepEqual(lost(type, after, before), []);
    });

  for (const [what, type, before, after] of kept)
    it(`${what} is no loss`, () => deepEqual(lost(type, before, after), []));

  it("more than one level of Pod Security, and none at all, admit more", () => {
    const level = (enforce?: string): Inputs =>
      enforce === undefined ? {} : { metadata: { labels: { "pod-security.kubernetes.io/enforce": enforce } } };
    const namespace = "kubernetes:core/v1:Namespace";
    for (const [before, after] of [
      ["restricted", "privileged"],
      ["baseline", "privileged"],
      ["restricted", undefined],
    ] as const)
      equal(lost(namespace, level(before), level(after)).length, 1, `${before} ${after}`);
    deepEqual(lost(namespace, level("privileged"), level()), []);
  });

  it("are said once for a resource that is new or goes: nothing was weakened", () => {
    const made = plan(resource(database, "it", { skipFinalSnapshot: true }));
    deepEqual(lostProtections(difference(plan(), made)), []);
    deepEqual(
      lostProtections(difference(plan(resource(database, "it", {}, { options: { protect: true } })), plan())),
      [],
    );
  });

  for (const [type, without] of guards) {
    it(`${type.split(":").at(-1)} goes: ${without}`, () => {
      const guard = resource(type, "guard");
      const gone = lostProtections(difference(plan(guard), plan())).map(({ message }) => message);
      deepEqual(gone, [`is deleted: ${without}`]);
      const retained = { ...guard, options: { retainOnDelete: true } };
      deepEqual(lostProtections(difference(plan(retained), plan())), []);
    });
  }

  it("have a case for every resource that only guards", () => {
    const rows = guards.map(([type]) => safeguards.findIndex(([pattern]) => pattern.test(type)));
    deepEqual(
      [...new Set(rows)],
      safeguards.map((_, index) => index),
    );
  });

  it("two that go and one that comes are one less", () => {
    const guard = (name: string) => resource("aws:ec2/flowLog:FlowLog", name, { name });
    const count = (before: string[], after: string[]) =>
      lostProtections(difference(plan(...before.map(guard)), plan(...after.map(guard)))).length;
    deepEqual([count(["a", "b"], ["c"]), count(["a", "b"], ["c", "d"]), count(["a"], [])], [2, 0, 1]);
  });
});
