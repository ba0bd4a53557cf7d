import { defineRule } from "../../../rule";

export default defineRule({
  id: "dns-logs",
  title: "Public zones log queries",
  severity: "low",
  level: "advisory",
  scope: "stack",
  appliesTo: ["aws:route53/zone:Zone"],
  references: ["FSBP Route53.2", "CKV2_AWS_39"],
  why: "Queries show forgotten names, and who looks for them.",
  fix: "Add an `aws.route53.QueryLog` in us-east-1.",
  judge(zone, { fail, stack }) {
    if (zone.get("vpcs").items().length > 0) return;
    if (stack.attached(zone, "zoneId", "aws:route53/queryLog:QueryLog").length === 0)
      fail(zone.root, "Queries are not logged.");
  },
});
