import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assetPathBelow } from "../../ingress/contract";
import type { Environment } from "../../shared/environment";
import type { Statement } from "../../shared/aws-policy-document";
import { AwsPrivateBucket, type AwsPrivateBucketArgs } from "../../shared/aws-private-bucket";

export interface AwsStaticAssetsArgs {
  /** Where the bucket is: a task in another region, or with other storage, would look elsewhere. @example "eu-central-1" */
  readonly region: string;
  /** Days for which the static files of earlier releases stay available. @example 30 */
  readonly retentionDays: number;
  /** What all paths of the application begin with, as next.config has it. @default "" @example "/shop" */
  readonly basePath?: string;
  /** HTML of the page that the CDN shows while the site cannot answer. @default none @example "<!doctype html>…" */
  readonly errorPage?: string;
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { "aws:ec2/subnet:Subnet": (args, options, name) => ({ ...args, tags: { team: "shop" } }) }
   */
  readonly transform?: AwsPrivateBucketArgs["transform"];
}

/** Where the CDN finds the page that it shows while the site cannot answer. */
const errorPath = "/_slipway/error.html";

/**
 * The static files of this and earlier releases, so that a page that was loaded yesterday still finds its scripts today.
 *
 * Tasks copy the files of their own release here before they take traffic, which makes those of the running release new
 * again each time a task starts; nothing is deleted but by age. A file that is missing, because it is older or was never
 * copied, is asked of the running release instead. $0.023 a GiB and month.
 */
export class AwsStaticAssets extends pulumi.ComponentResource {
  /** Host name for the CDN's origin. */
  readonly hostname: pulumi.Output<string>;
  /** What the application's role must be allowed. */
  readonly permissions: readonly Statement[];
  readonly environment: Environment;
  /** Path of the page that is shown while the site cannot answer; absent: there is none. */
  readonly errorPath: string | undefined;

  constructor(name: string, args: AwsStaticAssetsArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:cdn:AwsStaticAssets", name, {}, options);
    const files = `${assetPathBelow(args.basePath)}*`;
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });

    const bucket = new AwsPrivateBucket(
      name,
      {
        versioned: true,
        // Copied anew by each release; an old version serves nobody.
        noncurrentDays: 1,
        expireAfterDays: args.retentionDays,
        // The page for errors stays.
        ...(args.errorPage === undefined ? {} : { expirePrefix: `${args.basePath ?? ""}/_next/`.slice(1) }),
        // Every file can be made again from an image.
        protect: false,
        statements: (arn) => [
          {
            Sid: "CloudFrontReads",
            Effect: "Allow",
            Principal: { Service: "cloudfront.amazonaws.com" },
            Action: "s3:GetObject",
            Resource:
              args.errorPage === undefined
                ? pulumi.interpolate`${arn}${files}`
                : [pulumi.interpolate`${arn}${files}`, pulumi.interpolate`${arn}${errorPath}`],
            Condition: { StringEquals: { "aws:SourceAccount": accountId } },
          },
        ],
        transform: args.transform,
      },
      { parent: this },
    );

    if (args.errorPage !== undefined) {
      new aws.s3.BucketObjectv2(
        `${name}-error-page`,
        {
          bucket: bucket.bucket,
          key: errorPath.slice(1),
          content: args.errorPage,
          contentType: "text/html; charset=utf-8",
          cacheControl: "public, max-age=60",
        },
        { parent: this },
      );
    }

    this.errorPath = args.errorPage === undefined ? undefined : errorPath;
    this.hostname = bucket.hostname;
    this.permissions = [
      { Effect: "Allow", Action: "s3:PutObject", Resource: pulumi.interpolate`${bucket.arn}${files}` },
    ];
    this.environment = { ASSETS_BUCKET: bucket.bucket, ASSETS_REGION: args.region };
    this.registerOutputs({ hostname: this.hostname });
  }
}
