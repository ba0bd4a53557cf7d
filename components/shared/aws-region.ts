import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsPartition } from "./aws-partition";

/** The region that a component was given, or the provider's own. */
export function awsRegion(component: string, region: string | undefined = aws.config.region): string {
  if (!region) {
    throw new Error(`${component}: no region: pass region, or set aws:region in the stack's configuration`);
  }
  return region;
}

/** An ARN in the partition of the stack's region: `awsArn("s3:::shop")` is `arn:aws:s3:::shop`. */
export function awsArn(rest: pulumi.Input<string>, region: string = aws.config.region ?? ""): pulumi.Output<string> {
  return pulumi.interpolate`arn:${awsPartition(region)}:${rest}`;
}
