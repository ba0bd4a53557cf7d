import { z } from "zod";
import * as format from "../formats";
import { text, whole } from "../formats";

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html */
const days = whole(1, 36_500, { description: "", unit: "days" });

export const backupPlan = z
  .strictObject({
    cron: text({ description: "", example: "15 9 * * *" }, format.jobCron).optional(),
    deleteAfterDays: days.optional(),
    copyActions: z
      .array(
        z.strictObject({
          destinationVaultArn: text(
            { description: "", example: "arn:aws:backup:eu-west-1:123456789012:backup-vault:shop" },
            format.matches(
              /^arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}$/,
              "expected the ARN of a vault of AWS Backup, such as arn:aws:backup:eu-west-1:123456789012:backup-vault:shop",
            ),
          ),
          deleteAfterDays: days.optional(),
        }),
      )
      .optional(),
    vaultLock: z
      .strictObject({
        minRetentionDays: days.optional(),
        maxRetentionDays: days.optional(),
        changeableForDays: whole(3, 36_500, { description: "", unit: "days" }).optional(),
      })
      .optional(),
  })
  .meta({
    description:
      "A plan of AWS Backup: snapshots of the stack's database on RDS and of its bucket, in a vault of the stack, kept for `deleteAfterDays` (35) and copied to each of `copyActions`, vaults that exist in another region or account: docs/backups.md#a-plan-of-aws-backup. `cron`, in UTC, defaults to six hours after `database.backupCron`; `vaultLock` refuses to delete before time; with `changeableForDays` nobody can lift it after that.",
    example: {
      copyActions: [{ destinationVaultArn: "arn:aws:backup:eu-west-1:123456789012:backup-vault:shop" }],
      vaultLock: { minRetentionDays: 7 },
    },
  });
