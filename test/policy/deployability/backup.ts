import { findRule } from "../../../policy/index";
import { given, specify, unknown, urnOf } from "../spec";

const plan = "aws:backup/plan:Plan";
const lock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const vault = "aws:backup/vault:Vault";

/** Rules that have their cases here. */
export const specifiedHere: string[] = [];
const spec = (id: string, cases: Parameters<typeof specify>[1]) => {
  specifiedHere.push(id);
  specify(findRule(id)!, cases);
};
const planOf = (rule: object, more: object = {}) => given(plan, { rules: [rule], ...more }, { name: "plan" });
const arn = (region: string, partition = "aws", name = "shop") =>
  `arn:${partition}:backup:${region}:123456789012:backup-vault:${name}`;
const copiedTo = (...arns: unknown[]) =>
  planOf({ targetVaultName: "shop", copyActions: arns.map((destinationVaultArn) => ({ destinationVaultArn })) });
const named = (name: string) => unknown(`${urnOf(vault, name)}#name`);

spec("backup-cold-storage", {
  passes: {
    "90 days of cold storage": planOf({ lifecycle: { coldStorageAfter: 30, deleteAfter: 120 } }),
    "none of it": planOf({ lifecycle: { deleteAfter: 1 } }),
    "cold storage without an end": planOf({ lifecycle: { coldStorageAfter: 30 } }),
  },
  fails: {
    "89 days": [planOf({ lifecycle: { coldStorageAfter: 30, deleteAfter: 119 } }), "rules[0].lifecycle.deleteAfter"],
    "89 days of a copy": [
      planOf({ copyActions: [{ lifecycle: { coldStorageAfter: 1, deleteAfter: 90 } }] }),
      "rules[0].copyActions[0].lifecycle.deleteAfter",
    ],
  },
  open: {
    "a number that is not known": [
      planOf({ lifecycle: { coldStorageAfter: 30, deleteAfter: unknown() } }),
      "rules[0].lifecycle.deleteAfter",
    ],
  },
});
spec("backup-continuous-retention", {
  passes: {
    "35 days": planOf({ enableContinuousBackup: true, lifecycle: { deleteAfter: 35 } }),
    "a snapshot for longer": planOf({ lifecycle: { deleteAfter: 400 } }),
  },
  fails: {
    "36 days": [
      planOf({ enableContinuousBackup: true, lifecycle: { deleteAfter: 36 } }),
      "rules[0].lifecycle.deleteAfter",
    ],
    "no end": [planOf({ enableContinuousBackup: true }), "rules[0].lifecycle.deleteAfter"],
    "cold storage": [
      planOf({ enableContinuousBackup: true, lifecycle: { deleteAfter: 35, coldStorageAfter: 1 } }),
      "rules[0].lifecycle.coldStorageAfter",
    ],
  },
});
spec("backup-copy-destination", {
  passes: {
    "two regions": copiedTo(arn("eu-west-1"), arn("us-east-1")),
    GovCloud: copiedTo(arn("us-gov-east-1", "aws-us-gov")),
    "a vault of the same name elsewhere": planOf(
      { targetVaultName: "shop", copyActions: [{ destinationVaultArn: arn("eu-west-1") }] },
      { region: "eu-central-1" },
    ),
  },
  fails: {
    "no vault": [copiedTo("arn:aws:s3:::shop"), "rules[0].copyActions[0].destinationVaultArn"],
    "another partition than its region's": [copiedTo(arn("cn-north-1")), "rules[0].copyActions[0].destinationVaultArn"],
    "two partitions": [
      copiedTo(arn("eu-west-1"), arn("us-gov-east-1", "aws-us-gov")),
      "rules[0].copyActions[1].destinationVaultArn",
    ],
    itself: [
      planOf(
        { targetVaultName: "shop", copyActions: [{ destinationVaultArn: arn("eu-west-1") }] },
        { region: "eu-west-1" },
      ),
      "rules[0].copyActions[0].destinationVaultArn",
    ],
  },
  open: {
    "a vault that is not known": [copiedTo(unknown()), "rules[0].copyActions[0].destinationVaultArn"],
  },
});
spec("backup-windows", {
  passes: {
    "an hour to start, a day to end": planOf({ startWindow: 60, completionWindow: 1440 }),
    "those of AWS": planOf({}),
  },
  fails: {
    "59 minutes": [planOf({ startWindow: 59 }), "rules[0].startWindow"],
    "an end before the start": [planOf({ startWindow: 120, completionWindow: 120 }), "rules[0].completionWindow"],
  },
});
const locking = (more: object) => given(lock, { backupVaultName: named("shop"), ...more });
const into = (name: string, deleteAfter?: number) =>
  planOf({ targetVaultName: named(name), lifecycle: { deleteAfter } });
spec("backup-vault-lock", {
  passes: {
    "what it asks": [locking({ minRetentionDays: 35, maxRetentionDays: 35 }), into("shop", 35)],
    "a plan of another vault": [locking({ minRetentionDays: 35 }), into("other", 1)],
    "no end, without a longest": [locking({ minRetentionDays: 35 }), into("shop")],
    "by name": [
      given(lock, { backupVaultName: "shop", minRetentionDays: 7 }),
      planOf({ targetVaultName: "other", lifecycle: { deleteAfter: 1 } }),
    ],
  },
  fails: {
    "a least above the most": [locking({ minRetentionDays: 8, maxRetentionDays: 7 }), "minRetentionDays"],
    "a plan that keeps less": [[locking({ minRetentionDays: 35 }), into("shop", 34)], "minRetentionDays"],
    "a plan that keeps more": [[locking({ maxRetentionDays: 35 }), into("shop", 36)], "maxRetentionDays"],
    "a plan that never deletes": [[locking({ maxRetentionDays: 35 }), into("shop")], "maxRetentionDays"],
    "a plan that keeps less, by name": [
      [
        given(lock, { backupVaultName: "shop", minRetentionDays: 7 }),
        planOf({ targetVaultName: "shop", lifecycle: { deleteAfter: 1 } }),
      ],
      "minRetentionDays",
    ],
  },
});
