import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "waf-logs",
  title: "A web ACL keeps logs",
  severity: "low",
  level: "mandatory",
  scope: "stack",
  appliesTo: aws.webAcl,
  references: ["FSBP WAF.11", "CKV2_AWS_31"],
  why: "Without logs nobody can tell a blocked attack from a blocked customer.",
  fix: "Add an `aws.wafv2.WebAclLoggingConfiguration`.",
  judge(acl, { fail, stack }) {
    const type = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";
    if (stack.attached(acl, "resourceArn", type).length === 0) fail(acl.root, "The web ACL keeps no logs.");
  },
});
