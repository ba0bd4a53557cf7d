import type { AwsBackupPlanArgs } from "../../components/backup/aws-backup-plan";
import { windows } from "../../components/database/aws/rds-class";
import { awsPartition } from "../../components/shared/aws-partition";
import { awsRegions } from "../../components/shared/aws-zones";
import { type Schedule, scheduleOf } from "../../components/workload/schedule";
import type { Constraint } from "../settings/constraint";
import { isRds } from "../settings/sections/database";
import { type Problem, problem } from "../settings/problems";
import type { AwsEcsSettings, Unconstrained } from "../settings/settings";

type Plan = NonNullable<AwsEcsSettings["aws"]["backupPlan"]>;

/** A plan with what its settings leave open. */
export function backupPlanArgs(
  plan: Plan,
  { database }: Pick<AwsEcsSettings, "database">,
): Pick<AwsBackupPlanArgs, "copyActions" | "cron" | "deleteAfterDays" | "vaultLock"> {
  const { copyActions, deleteAfterDays = 35, vaultLock } = plan;
  return { copyActions, cron: cronOf(plan, database.backupCron), deleteAfterDays, vaultLock };
}

/** Six hours after RDS has begun its own, which has an hour for itself and one for maintenance. */
function cronOf({ cron }: Plan, backupCron: string): string {
  const [minute, hour] = backupCron.trim().split(/\s+/);
  return cron ?? `${minute} ${(Number(hour) + 6) % 24} * * *`;
}

/** What a backup plan is for, how long it keeps, and where it copies to: what AWS would only say in the night. */
const backup: Constraint = (settings, { awsRegion = "" }) => {
  const plan = settings.aws?.backupPlan;
  if (plan === undefined) return [];
  const key = (name: string) => `aws.backupPlan.${name}`;
  return [...selected(settings), ...retention(plan), ...hours(plan), ...copies(plan)];

  function selected({ database, storage }: Unconstrained): Problem[] {
    return isRds(database.implementation) || storage.implementation === "s3"
      ? []
      : problem(
          "aws.backupPlan",
          undefined,
          "has nothing to back up: expected database.implementation rds or aurora-serverless-v2, or storage.implementation s3",
        );
  }

  /** A job whose retention the lock does not allow fails: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html */
  function retention({ deleteAfterDays = 35, vaultLock }: Plan): Problem[] {
    if (vaultLock === undefined) return [];
    const { maxRetentionDays, minRetentionDays } = vaultLock;
    if (minRetentionDays === undefined && maxRetentionDays === undefined)
      return problem(key("vaultLock"), undefined, "locks nothing: expected minRetentionDays, maxRetentionDays or both");
    return [
      ...(minRetentionDays !== undefined && deleteAfterDays < minRetentionDays
        ? problem(
            key("deleteAfterDays"),
            deleteAfterDays,
            `is less than vaultLock.minRetentionDays, ${minRetentionDays}`,
          )
        : []),
      ...(maxRetentionDays !== undefined && deleteAfterDays > maxRetentionDays
        ? problem(
            key("deleteAfterDays"),
            deleteAfterDays,
            `is more than vaultLock.maxRetentionDays, ${maxRetentionDays}`,
          )
        : []),
      ...(minRetentionDays !== undefined && maxRetentionDays !== undefined && minRetentionDays > maxRetentionDays
        ? problem(
            key("vaultLock.minRetentionDays"),
            minRetentionDays,
            `is more than maxRetentionDays, ${maxRetentionDays}`,
          )
        : []),
      ...(settings.database.protect === false
        ? problem(
            key("vaultLock"),
            undefined,
            "and slipway:database.protect false exclude each other: nobody deletes what is in a locked vault before its time, and AWS no vault that has anything in it",
          )
        : []),
    ];
  }

  /** https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html: `NumberOfBackupJobsFailed` */
  function hours(asked: Plan): Problem[] {
    const { backupCron, identifier, implementation } = settings.database;
    // That of RDS has a constraint of its own.
    if (!/^\d{1,2} \d{1,2} \* \* \*$/.test(backupCron.trim())) return [];
    const cron = cronOf(asked, backupCron);
    const schedule = scheduleOf("aws.backupPlan", cron);
    if (schedule.minute?.length !== 1)
      return problem(key("cron"), cron, "is more often than once an hour: expected one minute, such as 15 9 * * *");
    const kept = asked.deleteAfterDays ?? 35;
    const apart = daysApart(schedule);
    if (kept < apart)
      return problem(
        key("deleteAfterDays"),
        kept,
        `deletes a backup before the next is made: with cron ${cron} they are up to ${apart} days apart`,
      );
    const { backup: own, maintenance } = windows(backupCron);
    return isRds(implementation) && identifier === undefined && meets(schedule, [own, maintenance])
      ? problem(
          key("cron"),
          cron,
          `is while RDS backs up (${own} UTC) or maintains (${maintenance}), or less than an hour before, when AWS Backup fails: expected another hour`,
        )
      : [];
  }

  function copies({ copyActions = [] }: Plan): Problem[] {
    return copyActions.flatMap(({ destinationVaultArn: arn }, index) => {
      const wrong = (message: string) => problem(key(`copyActions[${index}].destinationVaultArn`), arn, message);
      const [, partition = "", , region = "", account = ""] = arn.split(":");
      if (copyActions.findIndex((one) => one.destinationVaultArn === arn) !== index) return wrong("stands there twice");
      if (awsRegion === "") return [];
      if (partition !== awsPartition(awsRegion) || partition !== awsPartition(region))
        return wrong(
          `is in another partition than ${awsRegion}, and no backup leaves its own: expected arn:${awsPartition(awsRegion)}:backup:…`,
        );
      if (!awsRegions.includes(region)) return wrong(`is in ${region}, which is not a region of AWS`);
      const known = ownAccount(settings);
      if (known === undefined) return [];
      if (account === known)
        return region === awsRegion
          ? wrong("is in the stack's own region and account: a copy there is lost with the first; expected another")
          : [];
      if (!isRds(settings.database.implementation)) return [];
      return [
        ...(region === awsRegion
          ? []
          : wrong(
              `is in another region and in another account than the stack (${known}): AWS Backup copies a database's snapshots to one or the other; expected two copyActions, one to each`,
            )),
        ...(settings.database.storageKeyArn === undefined && settings.database.identifier === undefined
          ? problem(
              "database.storageKeyArn",
              undefined,
              `is missing: without a key of yours the database is encrypted with aws/rds, whose snapshots ${account} cannot read, so AWS Backup cannot copy them there`,
            )
          : []),
      ];
    });
  }
};

/** The most days between two backups; of the months of a year nothing is reckoned. */
function daysApart({ dayOfMonth, dayOfWeek }: Schedule): number {
  const [days, around] = dayOfWeek === undefined ? [dayOfMonth, 31] : [dayOfWeek, 7];
  if (days === undefined) return 1;
  return Math.max(...days.map((day, index) => (days[index + 1] ?? days[0]! + around) - day));
}

const weekdays = ["sun", "mon"];

/** Whether a schedule falls into one of RDS's windows, `03:15-03:45` or `sun:04:15-sun:05:15`, or into the hour before. */
function meets({ dayOfWeek, hour, minute = [] }: Schedule, taken: readonly string[]): boolean {
  return taken.some((window) => {
    const [from, to] = window.split("-").map((clock) => {
      const [minutes = 0, hours = 0] = clock.split(":").map(Number).reverse();
      return hours * 60 + minutes;
    }) as [number, number];
    const day = weekdays.indexOf(window.slice(0, 3));
    if (day >= 0 && dayOfWeek?.includes(day) === false) return false;
    const until = to < from ? to + 1440 : to;
    return (hour ?? Array.from({ length: 24 }, (_, index) => index))
      .flatMap((one) => [-1440, 0, 1440].map((midnight) => midnight + one * 60 + minute[0]!))
      .some((moment) => moment >= from - 60 && moment < until);
  });
}

/** Account of the stack, where something names it that must be its own. */
function ownAccount({ aws, cluster, loadBalancer, tls }: Unconstrained | AwsEcsSettings): string | undefined {
  const own = [tls.certificateArn, tls.cdnCertificateArn, cluster?.arn, loadBalancer?.arn, aws?.github?.providerArn];
  return own.flatMap((arn) => arn?.split(":")[4] ?? [])[0];
}

/** Of Aurora alone a selection by ARN does not do: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html */
export const optInWarning = ({ aws, database }: AwsEcsSettings): string | undefined =>
  aws.backupPlan !== undefined && database.implementation === "aurora-serverless-v2"
    ? "AWS Backup backs Aurora up only where the account's region is opted in, and says nothing where it is not: `aws backup describe-region-settings` has Aurora: true"
    : undefined;

/** Where the stack file does not tell whose account it is, what depends on that. */
export function copyWarning(settings: AwsEcsSettings): string | undefined {
  const { aws, database } = settings;
  if (ownAccount(settings) !== undefined || !isRds(database.implementation)) return undefined;
  const accounts = new Set((aws.backupPlan?.copyActions ?? []).map((one) => one.destinationVaultArn.split(":")[4]));
  if (accounts.size === 0) return undefined;
  const key = database.storageKeyArn === undefined && database.identifier === undefined;
  return `backups are copied to ${[...accounts].join(", ")}: if that is not the stack's own account, the vault has to be in the stack's region${key ? " and slipway:database.storageKeyArn be set" : ""}, or AWS Backup cannot copy the database`;
}

/** What nobody can undo. */
export function lockWarning({ aws }: AwsEcsSettings): string | undefined {
  const days = aws.backupPlan?.vaultLock?.changeableForDays;
  return days === undefined
    ? undefined
    : `${days} days after it is made nobody can lift the lock of the backup vault, AWS included: each backup is there, and paid for, until its retention is over. slipway:aws.backupPlan.vaultLock without changeableForDays can be lifted`;
}

export const backupConstraints: readonly Constraint[] = [backup];
