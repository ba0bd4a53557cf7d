import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "waf-rules",
  title: "A web ACL has rules",
  severity: "medium",
  level: "mandatory",
  appliesTo: aws.webAcl,
  references: ["FSBP WAF.10", "CKV_AWS_175"],
  why: "A web ACL without rules looks like a firewall in every list, and lets everything through.",
  fix: "Add managed rule groups such as AWSManagedRulesCommonRuleSet, and a rate limit.",
  judge(acl, { fail }) {
    if (acl.get("ruleJson").present) return;
    const rules = acl.get("rules");
    if (rules.items().length === 0) fail(rules, "The web ACL has no rules.");
  },
});
