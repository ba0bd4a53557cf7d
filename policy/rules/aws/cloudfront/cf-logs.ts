import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "cf-logs",
  title: "The CDN keeps access logs",
  severity: "medium",
  level: "advisory",
  scope: "stack",
  appliesTo: aws.distribution,
  references: ["FSBP CloudFront.5", "CKV_AWS_86"],
  why: "Most requests end at the edge: no other log has them.",
  fix: "Set `loggingConfig`, or deliver with `aws.cloudwatch.LogDeliverySource`.",
  judge(distribution, { fail, stack }) {
    if (distribution.get("loggingConfig").present) return;
    const sources = stack.attached(distribution, "resourceArn", "aws:cloudwatch/logDeliverySource:LogDeliverySource");
    if (sources.length === 0) fail(distribution.get("loggingConfig"), "There are no access logs.");
  },
});
