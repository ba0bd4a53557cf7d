import { defineRule } from "../../../rule";
import { aws } from "../types";
import { isApplicationLoadBalancer } from "./load-balancers";

export default defineRule({
  id: "alb-drop-headers",
  title: "The load balancer drops malformed headers",
  severity: "medium",
  level: "mandatory",
  appliesTo: aws.loadBalancer,
  references: ["FSBP ELB.4", "CKV_AWS_131"],
  why: "A header that the load balancer and the server read differently is how requests are smuggled.",
  fix: "Set `dropInvalidHeaderFields` to true.",
  judge(balancer, { fail }) {
    const drop = balancer.get("dropInvalidHeaderFields");
    if (isApplicationLoadBalancer(balancer) && drop.isNot(true)) fail(drop, "Malformed headers are passed on.");
  },
  remediate: () => [{ property: "dropInvalidHeaderFields", value: true }],
});
