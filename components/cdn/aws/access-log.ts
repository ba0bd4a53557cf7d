import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AwsPrivateBucket } from "../../shared/aws-private-bucket";
import { type ChildTransforms, transforming } from "../../shared/transform";

export interface AwsAccessLogArgs {
  /** Distribution whose requests are logged. @example distribution.arn */
  readonly distributionArn: pulumi.Input<string>;
  /** Days that the log is kept. @example 30 */
  readonly retentionDays: number;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * CloudFront's access log, delivered to a bucket of its own. By log delivery rather than by the distribution's own setting,
 * which needs a bucket with ACLs: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 *
 * Delivery is free; $0.023 a GiB and month in S3.
 */
export class AwsAccessLog extends pulumi.ComponentResource {
  constructor(name: string, args: AwsAccessLogArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:cdn:AwsAccessLog", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, child);
    // CloudFront's log sources are in us-east-1; the bucket may be anywhere.
    const region = "us-east-1";
    const deliveryName = `${pulumi.getProject()}-${pulumi.getStack()}-${name}`;

    const bucket = new AwsPrivateBucket(
      name,
      {
        versioned: false,
        expireAfterDays: args.retentionDays,
        protect: false,
        statements: (arn) => [
          {
            Sid: "LogDeliveryWrites",
            Effect: "Allow",
            Principal: { Service: "delivery.logs.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: pulumi.interpolate`${arn}/AWSLogs/${accountId}/*`,
            Condition: { StringEquals: { "aws:SourceAccount": accountId } },
          },
        ],
      },
      child,
    );
    const source = new aws.cloudwatch.LogDeliverySource(
      name,
      { region, name: deliveryName, logType: "ACCESS_LOGS", resourceArn: args.distributionArn },
      child,
    );
    const destination = new aws.cloudwatch.LogDeliveryDestination(
      name,
      {
        region,
        name: deliveryName,
        outputFormat: "json",
        deliveryDestinationConfiguration: { destinationResourceArn: bucket.arn },
      },
      pulumi.mergeOptions(child, { dependsOn: bucket }),
    );
    new aws.cloudwatch.LogDelivery(
      name,
      { region, deliverySourceName: source.name, deliveryDestinationArn: destination.arn },
      child,
    );
    this.registerOutputs({});
  }
}
