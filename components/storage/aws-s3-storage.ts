import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../shared/environment";
import type { Statement } from "../shared/aws-policy-document";
import { awsArn } from "../shared/aws-region";
import { AwsPrivateBucket, type AwsPrivateBucketArgs } from "../shared/aws-private-bucket";
import type { Storage, StorageArgs } from "./contract";

export interface AwsS3StorageArgs extends StorageArgs {
  /** Region of the stack. @example "eu-central-1" */
  readonly region: string;
  /** Days for which overwritten and deleted files are recoverable. @default 30 @example 7 */
  readonly noncurrentDays?: number;
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { "aws:ec2/subnet:Subnet": (args, options, name) => ({ ...args, tags: { team: "shop" } }) }
   */
  readonly transform?: AwsPrivateBucketArgs["transform"];
}

export interface AwsExistingBucketArgs {
  /** Name of the bucket. @example "shop-uploads" */
  readonly bucket: pulumi.Input<string>;
  /** Region of the bucket. @example "eu-central-1" */
  readonly region: string;
}

/**
 * A private S3 bucket for what users upload; deleted files are recoverable for 30 days. The application reaches it with
 * the role of its task, so there is no key to keep.
 *
 * $0.023 a GiB and month, $0.005 per 1,000 uploads.
 */
export class AwsS3Storage extends pulumi.ComponentResource implements Storage {
  readonly bucket: pulumi.Output<string>;
  readonly environment: Environment;
  /** What the application's role must be allowed. */
  readonly permissions: readonly Statement[];

  constructor(name: string, args: AwsS3StorageArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:storage:AwsS3Storage", name, {}, options);
    const { noncurrentDays, protect, transform } = args;

    const files = new AwsPrivateBucket(name, { versioned: true, noncurrentDays, protect, transform }, { parent: this });

    this.bucket = files.bucket;
    this.environment = { STORAGE_BUCKET: files.bucket, STORAGE_REGION: args.region };
    this.permissions = mayUseObjects(files.arn);
    this.registerOutputs({ bucket: this.bucket });
  }

  /** A bucket that exists. */
  static get(_name: string, args: AwsExistingBucketArgs): Pick<AwsS3Storage, "bucket" | "environment" | "permissions"> {
    const bucket = pulumi.output(args.bucket);
    return {
      bucket,
      environment: { STORAGE_BUCKET: bucket, STORAGE_REGION: args.region },
      permissions: mayUseObjects(awsArn(pulumi.interpolate`s3:::${bucket}`, args.region)),
    };
  }
}

/** What a role needs to keep files in a bucket, and no more. */
export function mayUseObjects(bucketArn: pulumi.Input<string>): Statement[] {
  return [
    {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: pulumi.interpolate`${bucketArn}/*`,
    },
    // Without it S3 answers 403, not 404, for a file that is not there.
    { Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
  ];
}
