import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "alb-logs",
  title: "The load balancer keeps access logs",
  severity: "medium",
  level: "mandatory",
  appliesTo: aws.loadBalancer,
  references: ["FSBP ELB.5", "CKV_AWS_91"],
  why: "Who asked for what, when an incident is looked into afterwards, is written nowhere else.",
  fix: "Set `accessLogs: { enabled: true, bucket }`.",
  judge(balancer, { fail }) {
    const enabled = balancer.get("accessLogs", "enabled");
    if (enabled.isNot(true)) fail(enabled, "There are no access logs.");
  },
});
