import rule from "../../../../../policy/rules/aws/waf/waf-logs";
import { given, specify, unknown, urnOf } from "../../../spec";

const type = "aws:wafv2/webAcl:WebAcl";
const acl = given(type, {});
const logging = (resourceArn: unknown) =>
  given("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", { resourceArn }, { name: "logs" });

specify(rule, {
  passes: { "a web ACL with logs": [acl, logging(unknown(`${urnOf(type)}#arn`))] },
  fails: { "a web ACL without": [acl, ""] },
  open: { "logs of who knows what": [[acl, logging(unknown())], "resourceArn of logs"] },
});
