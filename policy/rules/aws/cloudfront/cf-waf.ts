import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "cf-waf",
  title: "The CDN is behind a web application firewall",
  severity: "medium",
  level: "advisory",
  appliesTo: aws.distribution,
  references: ["FSBP CloudFront.6", "CKV_AWS_68"],
  why: "At the edge a flood is refused before it costs anything.",
  fix: "Set `webAclId` to the ARN of a web ACL in us-east-1 with scope CLOUDFRONT.",
  judge(distribution, { fail }) {
    const acl = distribution.get("webAclId");
    if (!acl.present || (!acl.isUnknown && acl.is(""))) fail(acl, "No web ACL guards the distribution.");
  },
});
