import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "./aws-policy-document";
import { awsArn } from "./aws-region";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "./transform";

export interface AwsPrivateBucketArgs {
  /**
   * Keep what is overwritten or deleted for {@link noncurrentDays}, so that a mistake can be undone. Each version is
   * paid for like an object.
   *
   * @example true
   */
  readonly versioned: boolean;
  /** Days for which overwritten and deleted objects are recoverable. @default 30 @example 7 */
  readonly noncurrentDays?: number;
  /** Days after which objects are deleted. @default never @example 30 */
  readonly expireAfterDays?: number;
  /** What the names of objects begin with that are deleted after {@link expireAfterDays}. @default all of them @example "_next/" */
  readonly expirePrefix?: string;
  /**
   * Who may do what beside the account's own roles. The function gets the bucket's ARN.
   *
   * @default nobody
   * @example (arn) => [{ Effect: "Allow", Principal: { Service: "…" }, Action: "s3:PutObject", Resource: arn }]
   */
  readonly statements?: (arn: pulumi.Output<string>) => readonly Statement[];
  /** Refuse deletion, and keep the bucket when the stack is destroyed. @example true */
  readonly protect: boolean;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly bucket?: Transform<aws.s3.BucketArgs>;
    readonly lifecycle?: Transform<aws.s3.BucketLifecycleConfigurationArgs>;
  };
}

/**
 * An S3 bucket nobody reaches without permission: public access blocked, no ACLs, encrypted, TLS only.
 *
 * Creates the bucket and its ownership, public-access, encryption, versioning, lifecycle and policy settings. $0.023 a
 * GiB and month, nothing when empty (https://aws.amazon.com/s3/pricing/).
 */
export class AwsPrivateBucket extends pulumi.ComponentResource {
  /** Name of the bucket. */
  readonly bucket: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** Host name for a CDN's origin. */
  readonly hostname: pulumi.Output<string>;

  constructor(name: string, args: AwsPrivateBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:storage:AwsPrivateBucket", name, {}, transforming(options, args.transform));
    const child = { parent: this };

    const bucket = createBucket();
    // From the name, not from the ARN that AWS returns: so policies can be judged before the bucket exists.
    const arn = awsArn(pulumi.interpolate`s3:::${bucket.bucket}`);
    closeToPublic();
    encrypt();
    keepVersions();
    limitLifetime();
    writePolicy();

    this.bucket = bucket.bucket;
    this.arn = arn;
    this.hostname = bucket.bucketRegionalDomainName;
    this.registerOutputs({ bucket: this.bucket, arn: this.arn, hostname: this.hostname });

    function createBucket(): aws.s3.Bucket {
      return new aws.s3.Bucket(
        ...childOf<aws.s3.BucketArgs>(
          name,
          { forceDestroy: !args.protect },
          pulumi.mergeOptions(child, args.protect ? { protect: true, retainOnDelete: true } : {}),
          args.transform?.bucket,
        ),
      );
    }

    function closeToPublic(): void {
      new aws.s3.BucketOwnershipControls(
        `${name}-ownership`,
        { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
        child,
      );
      new aws.s3.BucketPublicAccessBlock(
        `${name}-public-access`,
        {
          bucket: bucket.bucket,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        child,
      );
    }

    function encrypt(): void {
      new aws.s3.BucketServerSideEncryptionConfiguration(
        `${name}-encryption`,
        // S3's own keys: log delivery of the load balancer knows no others, and they cost nothing.
        { bucket: bucket.bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
        child,
      );
    }

    function keepVersions(): void {
      if (!args.versioned) return;
      new aws.s3.BucketVersioning(
        `${name}-versioning`,
        { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
        child,
      );
    }

    function limitLifetime(): void {
      const { expireAfterDays, expirePrefix = "", noncurrentDays = 30, versioned } = args;
      new aws.s3.BucketLifecycleConfiguration(
        ...childOf<aws.s3.BucketLifecycleConfigurationArgs>(
          `${name}-lifecycle`,
          {
            bucket: bucket.bucket,
            rules: [
              {
                id: "tidy",
                status: "Enabled",
                filter: { prefix: expirePrefix },
                // Parts of uploads that never finished are invisible, and paid for.
                abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
                ...(expireAfterDays === undefined ? {} : { expiration: { days: expireAfterDays } }),
                ...(versioned ? { noncurrentVersionExpiration: { noncurrentDays } } : {}),
              },
            ],
          },
          child,
          args.transform?.lifecycle,
        ),
      );
    }

    function writePolicy(): void {
      const tlsOnly: Statement = {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, pulumi.interpolate`${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      };
      new aws.s3.BucketPolicy(
        `${name}-policy`,
        { bucket: bucket.bucket, policy: policyDocument([tlsOnly, ...(args.statements?.(arn) ?? [])]) },
        child,
      );
    }
  }
}
