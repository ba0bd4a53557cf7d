import { defineRule } from "../../../rule";
import { Unknown, type Value } from "../../../value";
import { aws } from "../types";

export default defineRule({
  id: "cf-oac",
  title: "Only the CDN reads the bucket behind it",
  severity: "medium",
  level: "mandatory",
  appliesTo: aws.distribution,
  references: ["FSBP CloudFront.13", "CKV2_AWS_46"],
  why: "Without access control the bucket has to be public, and its files can be had around the CDN.",
  fix: "Add an `aws.cloudfront.OriginAccessControl` and set `originAccessControlId` on the origin.",
  judge(distribution, { each, fail }) {
    each(distribution.get("origins").items(), (origin) => {
      const control = origin.get("originAccessControlId");
      if (control.isUnknown || (control.present && !control.is(""))) return;
      const identity = origin.get("s3OriginConfig", "originAccessIdentity");
      if (identity.isUnknown || (identity.present && !identity.is(""))) return;
      if (isBucket(origin)) fail(control, "The bucket is read without access control.");
    });
  },
});

/** An origin that is neither a custom nor a VPC origin can be nothing but a bucket. */
function isBucket(origin: Value): boolean {
  if (!origin.get("customOriginConfig").present && !origin.get("vpcOriginConfig").present) return true;
  const domain = origin.get("domainName");
  if (domain.raw instanceof Unknown && domain.raw.template === undefined && domain.raw.sources.length > 0) {
    return domain.raw.sources.some((source) => /#bucket(Regional)?DomainName$/.test(source));
  }
  return /\.s3[.-][a-z0-9.-]*amazonaws\.com$/.test(domain.text()?.tail ?? "");
}
