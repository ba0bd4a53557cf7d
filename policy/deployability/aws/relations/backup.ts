import type { Value } from "../../../value";
import { refusal } from "../../refusal";

const guide = "https://docs.aws.amazon.com/aws-backup/latest/devguide";
const plan = "aws:backup/plan:Plan";
const lock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";

const lifecyclesOf = (rule: Value): Value[] => [
  rule.get("lifecycle"),
  ...rule
    .get("copyActions")
    .items()
    .map((action) => action.get("lifecycle")),
];

const lifecycle = refusal({
  id: "backup-cold-storage",
  title: "What goes to cold storage stays there for 90 days",
  appliesTo: [plan],
  source: `${guide}/API_Lifecycle.html`,
  why: "CreateBackupPlan answers InvalidParameterValueException.",
  fix: "deleteAfter at least 90 days more than coldStorageAfter, for a rule and for each of its copies.",
  judge: ({ root }, { each, fail }) =>
    each(root.get("rules").items().flatMap(lifecyclesOf), (one) => {
      const cold = one.get("coldStorageAfter").number();
      const end = one.get("deleteAfter").number();
      if (cold !== undefined && end !== undefined && end < cold + 90)
        fail(one.get("deleteAfter"), `is less than 90 days after coldStorageAfter, ${cold}`);
    }),
});

const continuous = refusal({
  id: "backup-continuous-retention",
  title: "A continuous backup goes back 35 days",
  appliesTo: [plan],
  source: `${guide}/point-in-time-recovery.html`,
  why: "AWS Backup keeps no log for longer, and none in cold storage: the plan is refused, or its jobs fail.",
  fix: "deleteAfter of 1 to 35 days beside enableContinuousBackup, and a rule without it for what is kept longer.",
  judge: ({ root }, { each, fail }) =>
    each(root.get("rules").items(), (rule) => {
      if (!rule.get("enableContinuousBackup").is(true)) return;
      const kept = rule.get("lifecycle", "deleteAfter");
      if ((kept.number() ?? Infinity) > 35) fail(kept, "is more than 35 days, or not said");
      const cold = rule.get("lifecycle", "coldStorageAfter");
      if (cold.present) fail(cold, "does not go with enableContinuousBackup");
    }),
});

const copies = refusal({
  id: "backup-copy-destination",
  title: "A copy stays in its partition, and goes to another vault",
  appliesTo: [plan],
  source: `${guide}/recov-point-create-a-copy.html`,
  why: "CreateBackupPlan answers InvalidParameterValueException, or every copy job fails.",
  fix: "The ARN of a vault of another region or account, in the partition of the stack's region.",
  judge: ({ root }, { each, fail }) =>
    each(root.get("rules").items(), (rule) => {
      const target = rule.get("targetVaultName");
      const partitions = new Set<string>();
      for (const action of rule.get("copyActions").items()) {
        const to = action.get("destinationVaultArn");
        const [, partition = "", service, region = "", , kind, name] = to.string()?.split(":") ?? [];
        partitions.add(partition);
        if (service !== "backup" || kind !== "backup-vault") fail(to, "is not the ARN of a backup vault");
        else if (partition !== partitionOf(region)) fail(to, `is in arn:${partition}, and ${region} is not`);
        else if (partitions.size > 1) fail(to, "is in another partition than the other copies");
        else if (!target.isUnknown && target.is(name!) && root.get("region").is(region))
          fail(to, "is the vault that it is a copy of");
      }
    }),
});

const windows = refusal({
  id: "backup-windows",
  title: "A backup has an hour to start, and ends after it has",
  appliesTo: [plan],
  source: `${guide}/API_BackupRuleInput.html`,
  why: "CreateBackupPlan answers InvalidParameterValueException.",
  fix: "startWindow of 60 minutes at least, and completionWindow longer than that.",
  judge: ({ root }, { each, fail }) =>
    each(root.get("rules").items(), (rule) => {
      const start = rule.get("startWindow");
      const end = rule.get("completionWindow");
      if ((start.number() ?? 60) < 60) fail(start, "is less than 60 minutes");
      if (end.present && (end.number() ?? Infinity) <= (start.number() ?? 60))
        fail(end, "is not longer than startWindow");
    }),
});

const locked = refusal({
  id: "backup-vault-lock",
  title: "A plan keeps as long as the lock of its vault asks",
  appliesTo: [lock],
  scope: "stack",
  source: `${guide}/API_PutBackupVaultLockConfiguration.html`,
  why: "PutBackupVaultLockConfiguration answers InvalidParameterValueException; a job whose retention the lock does not allow fails.",
  fix: "minRetentionDays at most maxRetentionDays, and between them deleteAfter of every rule whose vault it is.",
  judge: (resource, { fail, stack }) => {
    const [least, most] = [resource.root.get("minRetentionDays"), resource.root.get("maxRetentionDays")];
    const [from, to] = [least.number() ?? 1, most.number() ?? Infinity];
    if (from > to) return fail(least, `is more than maxRetentionDays, ${to}`);
    const vault = resource.root.get("backupVaultName");
    const kept = stack
      .ofType(plan)
      .flatMap(({ root }) => root.get("rules").items())
      .filter((rule) => sameVault(rule.get("targetVaultName"), vault))
      .map((rule) => rule.get("lifecycle", "deleteAfter").number() ?? Infinity);
    if (kept.some((days) => days < from)) fail(least, "is more than a plan keeps");
    if (kept.some((days) => days > to)) fail(most, "is less than a plan keeps");
  },
});

/** `us-gov-west-1` is in aws-us-gov: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const partitionOf = (region: string): string =>
  region.replace(/^(?:(cn|us-gov|eusc)-)?.*$/, "aws-$1").replace(/-$/, "");

/** By value, or as outputs of one vault: its name and its id are the same. */
function sameVault(a: Value, b: Value): boolean {
  if (a.isUnknown || b.isUnknown) return a.sources.some((one) => b.sources.some((other) => urn(one) === urn(other)));
  return a.is(b.string() ?? "");
}

const urn = (source: string): string => source.split("#")[0]!;

export const backupRules = [lifecycle, continuous, copies, windows, locked];
