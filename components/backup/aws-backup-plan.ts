import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SignalSource } from "../monitoring/contract";
import { keepEvents } from "../monitoring/aws/kept-events";
import { policyDocument } from "../shared/aws-policy-document";
import { awsArn } from "../shared/aws-region";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../shared/transform";
import { awsCron, scheduleOf } from "../workload/schedule";

/** Another vault that gets a copy of each backup. */
export interface AwsBackupCopyAction {
  /**
   * Vault that exists, in another region or another account. Of a database on RDS, one of both:
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
   *
   * @example "arn:aws:backup:eu-west-1:123456789012:backup-vault:shop"
   */
  readonly destinationVaultArn: pulumi.Input<string>;
  /** Days after which the copy is deleted. @default {@link AwsBackupPlanArgs.deleteAfterDays} @example 90 */
  readonly deleteAfterDays?: number;
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html */
export interface AwsBackupVaultLock {
  /** Shortest retention that the vault takes; what is in it cannot be deleted before its own is over. @default none @example 7 */
  readonly minRetentionDays?: number;
  /** Longest retention that the vault takes. @default none @example 400 */
  readonly maxRetentionDays?: number;
  /**
   * Days after which nobody can take the lock away again, AWS included: compliance mode. 3 at least.
   *
   * @default never: governance mode, which who has the permission may lift
   * @example 30
   */
  readonly changeableForDays?: number;
}

export interface AwsBackupPlanArgs {
  /** ARNs of what is backed up: databases on RDS, versioned buckets. @example [databaseArn, bucketArn] */
  readonly resources: readonly pulumi.Input<string>[];
  /**
   * When a backup starts, in UTC; once an hour at the most. AWS Backup fails while RDS makes its own or maintains, and in the hour
   * before.
   *
   * @example "15 9 * * *"
   */
  readonly cron: string;
  /** Days after which a backup is deleted. @example 35 */
  readonly deleteAfterDays: number;
  /** Vaults that get a copy of each backup. @default none @example [{ destinationVaultArn: "arn:aws:backup:…", deleteAfterDays: 90 }] */
  readonly copyActions?: readonly AwsBackupCopyAction[];
  /** Against deletion before time. @default none @example { minRetentionDays: 7 } */
  readonly vaultLock?: AwsBackupVaultLock;
  /**
   * KMS key of the vault, by which copies of buckets can go to other accounts. A database's snapshots keep the database's own key.
   *
   * @default `aws/backup`, whose backups other accounts cannot read
   * @example key.arn
   */
  readonly keyArn?: pulumi.Input<string>;
  /** Refuse deletion of the vault, and keep it when the stack is destroyed. Otherwise every backup in it goes with it. @example true */
  readonly protect: boolean;
  /** Region of the stack. @example "eu-central-1" */
  readonly region: string;
  /** Changes to the children, before they are created. @default none @example { plan: { name: "shop" } } */
  readonly transform?: ChildTransforms & {
    readonly vault?: Transform<aws.backup.VaultArgs>;
    readonly plan?: Transform<aws.backup.PlanArgs>;
    readonly selection?: Transform<aws.backup.SelectionArgs>;
  };
}

/** Of a job that did not make what it was for: https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html */
const failed = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"];

/**
 * A plan of AWS Backup: snapshots of databases and buckets in a vault of the stack, copied to vaults elsewhere. Snapshots only: that
 * RDS can restore any second of its last days stays RDS's own, since continuous backups of AWS Backup are 35 days at most, take over the
 * instance's backup window and retention, and are copied as snapshots all the same.
 *
 * Creates vault, lock, role, plan and selection, and a rule that counts failed jobs. Paid by GB and month in each vault, and by GB
 * copied to another region: the first backup is whole, the next what has changed (https://aws.amazon.com/backup/pricing/).
 *
 * @example
 * const backup = new AwsBackupPlan("backup", { resources: [databaseArn], cron: "15 9 * * *", deleteAfterDays: 35, protect: true, region });
 * new AwsCloudWatch("monitoring", { sources: backup.signals, … });
 */
export class AwsBackupPlan extends pulumi.ComponentResource {
  readonly signals: readonly SignalSource[];
  /** Name of the vault. */
  readonly vault: pulumi.Output<string>;
  readonly nodes: {
    readonly vault: aws.backup.Vault;
    readonly plan: aws.backup.Plan;
    readonly role: aws.iam.Role;
  };

  constructor(name: string, args: AwsBackupPlanArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:backup:AwsBackupPlan", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const { copyActions = [], deleteAfterDays, protect, region, transform } = args;

    const vault = createVault();
    const lock = createLock();
    const { permissions, role } = createRole();
    const plan = createPlan();
    select();
    const failures = countFailures();
    keepEvents(name, failures, child);

    this.vault = vault.name;
    this.signals = [{ kind: "backup-plan", name, identifiers: { RuleName: failures.name } }];
    this.nodes = { vault, plan, role };
    this.registerOutputs({ vault: this.vault });

    function createVault(): aws.backup.Vault {
      return new aws.backup.Vault(
        ...childOf<aws.backup.VaultArgs>(
          name,
          // AWS deletes an empty vault alone.
          { ...(args.keyArn !== undefined && { kmsKeyArn: args.keyArn }), forceDestroy: !protect },
          pulumi.mergeOptions(child, protect ? { protect: true, retainOnDelete: true } : {}),
          transform?.vault,
        ),
      );
    }

    function createLock(): aws.backup.VaultLockConfiguration | undefined {
      if (args.vaultLock === undefined) return undefined;
      return new aws.backup.VaultLockConfiguration(name, { backupVaultName: vault.name, ...args.vaultLock }, child);
    }

    /** With AWS's own policies: what AWS Backup needs of a service grows with that service. */
    function createRole(): { readonly role: aws.iam.Role; readonly permissions: pulumi.Resource[] } {
      const made = new aws.iam.Role(
        name,
        {
          // As AWS documents it. That AWS Backup says for which account it acts is not documented, and a condition that is never met would
          // fail every backup; who may hand the role over is decided by iam:PassRole.
          assumeRolePolicy: policyDocument([
            { Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" },
          ]),
        },
        child,
      );
      const policies = {
        backup: "service-role/AWSBackupServiceRolePolicyForBackup",
        s3: "AWSBackupServiceRolePolicyForS3Backup",
      };
      const attached = Object.entries(policies).map(
        ([of, policy]) =>
          new aws.iam.RolePolicyAttachment(
            `${name}-${of}`,
            { role: made.name, policyArn: awsArn(`iam::aws:policy/${policy}`, region) },
            child,
          ),
      );
      return { role: made, permissions: attached };
    }

    function createPlan(): aws.backup.Plan {
      return new aws.backup.Plan(
        ...childOf<aws.backup.PlanArgs>(
          name,
          {
            rules: [
              {
                ruleName: "snapshots",
                targetVaultName: vault.name,
                schedule: awsCron(scheduleOf(name, args.cron)),
                startWindow: 60,
                // The first of a large bucket takes days.
                completionWindow: 10_080,
                lifecycle: { deleteAfter: deleteAfterDays },
                copyActions: copyActions.map(({ destinationVaultArn, deleteAfterDays: days = deleteAfterDays }) => ({
                  destinationVaultArn,
                  lifecycle: { deleteAfter: days },
                })),
              },
            ],
          },
          // What comes before the lock could be deleted before its time.
          pulumi.mergeOptions(child, lock === undefined ? {} : { dependsOn: lock }),
          transform?.plan,
        ),
      );
    }

    function select(): void {
      new aws.backup.Selection(
        ...childOf<aws.backup.SelectionArgs>(
          name,
          // By ARN: then what the account has opted in to does not matter.
          { planId: plan.id, iamRoleArn: role.arn, resources: [...args.resources] },
          pulumi.mergeOptions(child, { dependsOn: permissions }),
          transform?.selection,
        ),
      );
    }

    /** By vault: a copy that fails is an event of the region that it comes from. */
    function countFailures(): aws.cloudwatch.EventRule {
      return new aws.cloudwatch.EventRule(
        name,
        {
          description: "Failed backups and copies, counted by an alarm",
          eventPattern: pulumi.jsonStringify({
            source: ["aws.backup"],
            "detail-type": ["Backup Job State Change", "Copy Job State Change"],
            detail: {
              state: failed,
              $or: [{ backupVaultArn: [vault.arn] }, { sourceBackupVaultArn: [vault.arn] }],
            },
          }),
        },
        child,
      );
    }
  }
}
