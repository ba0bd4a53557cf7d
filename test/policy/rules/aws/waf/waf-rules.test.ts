import rule from "../../../../../policy/rules/aws/waf/waf-rules";
import { given, specify, unknown } from "../../../spec";

const acl = "aws:wafv2/webAcl:WebAcl";

specify(rule, {
  passes: {
    "a rate limit": given(acl, { rules: [{ name: "rate", priority: 1 }] }),
    "rules as JSON": given(acl, { ruleJson: "[]" }),
  },
  fails: { "no rules": [given(acl, {}), "rules"] },
  open: { "rules that are not known": [given(acl, { rules: unknown() }), "rules"] },
});
