import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The region that a component was given, or the provider's own. */
export function awsRegion(component: string, region: string | undefined = aws.config.region): string {
  if (!region) {
    throw new Error(`${component}: no region: pass region, or set aws:region in the stack's configuration`);
  }
  return region;
}

/**
 * The partition of a region, as the second word of every ARN has it. Known from the region alone, so that a policy can be
 * judged before anything exists: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function awsPartition(region: string): "aws" | "aws-cn" | "aws-us-gov" {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** An ARN in the partition of the stack's region: `awsArn("s3:::shop")` is `arn:aws:s3:::shop`. */
export function awsArn(rest: pulumi.Input<string>, region: string = aws.config.region ?? ""): pulumi.Output<string> {
  return pulumi.interpolate`arn:${awsPartition(region)}:${rest}`;
}
