import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "logs-retention",
  title: "Logs are kept long enough, and then expire",
  severity: "medium",
  level: "mandatory",
  appliesTo: aws.logGroup,
  references: ["FSBP CloudWatch.16", "CKV_AWS_66", "CKV_AWS_338"],
  why: "Without a retention logs are paid for, and hold what users typed, without end; with too short a one an incident is gone before anybody looks.",
  fix: "Set `retentionInDays`.",
  parameters: {
    minimumDays: { type: "integer", default: 7, minimum: 1, description: "Days for which logs must be kept at least." },
  },
  judge(group, { fail, parameters }) {
    if (group.get("logGroupClass").is("DELIVERY")) return;
    const retention = group.get("retentionInDays");
    const days = retention.absent ? 0 : (retention.number() ?? 0);
    if (days === 0) fail(retention, "Logs never expire.");
    else if (days < parameters.minimumDays)
      fail(retention, `Logs are kept for less than ${parameters.minimumDays} days.`);
  },
  remediate: (group) =>
    group.get("retentionInDays").isNot(0) && group.get("retentionInDays").present
      ? []
      : [{ property: "retentionInDays", value: 30 }],
});
