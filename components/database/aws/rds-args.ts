import type * as pulumi from "@pulumi/pulumi";
import type { AwsServerNetworkArgs } from "../../shared/aws-client-access";

/** What an instance of RDS and a cluster of Aurora are told alike. */
export interface AwsRdsArgs extends AwsServerNetworkArgs {
  /**
   * When the daily backup starts, in UTC: `minute hour * * *`. Maintenance follows an hour later on Sundays.
   * @example "0 3 * * *"
   */
  readonly backupCron: string;
  /** Days that the server's logs are kept. @default 30 @example 90 */
  readonly logRetentionDays?: number;
  /** KMS key of the logs. @default a key of AWS @example key.arn */
  readonly keyArn?: pulumi.Input<string>;
  /**
   * KMS key of the data.
   *
   * @default `aws/rds`, which nobody can delete, but whose backups other accounts cannot read
   * @example key.arn
   */
  readonly storageKeyArn?: pulumi.Input<string>;
  /** Let RDS upgrade to another major version, with minutes without a database and no way back. @default false @example true */
  readonly allowMajorVersionUpgrade?: boolean;
}
