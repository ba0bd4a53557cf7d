import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "alb-protect",
  title: "The load balancer cannot be deleted by accident",
  severity: "medium",
  level: "mandatory",
  appliesTo: aws.loadBalancer,
  references: ["FSBP ELB.6", "CKV_AWS_150"],
  why: "Its address is what names and firewalls point at; a new one gets another.",
  fix: "Set `enableDeletionProtection` to true.",
  judge(balancer, { fail }) {
    const protection = balancer.get("enableDeletionProtection");
    if (protection.isNot(true)) fail(protection, "Deletion protection is off.");
  },
});
