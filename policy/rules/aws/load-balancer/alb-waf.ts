import { defineRule } from "../../../rule";
import { admitsInternet, ingressOf } from "../ec2/ingress";
import { aws } from "../types";
import { isApplicationLoadBalancer } from "./load-balancers";

export default defineRule({
  id: "alb-waf",
  title: "A load balancer that the internet reaches is behind a web application firewall",
  severity: "medium",
  level: "mandatory",
  scope: "stack",
  appliesTo: aws.loadBalancer,
  references: ["FSBP ELB.16", "CKV2_AWS_28"],
  why: "Scanners find a new address within minutes. A CDN's firewall does not help a load balancer that can be asked directly.",
  fix: "Add an `aws.wafv2.WebAclAssociation`, or admit nobody but the CDN's prefix list in its security groups.",
  judge(balancer, { fail, stack }) {
    if (!isApplicationLoadBalancer(balancer) || balancer.get("internal").is(true)) return;
    const associations = stack.attached(balancer, "resourceArn", "aws:wafv2/webAclAssociation:WebAclAssociation");
    if (associations.length > 0) return;
    const groups = balancer.references.securityGroups ?? [];
    const known = stack.ofType(...aws.securityGroup).filter(({ urn }) => groups.includes(urn));
    const closed =
      known.length > 0 && known.flatMap((group) => ingressOf(group, stack)).every((rule) => !admitsInternet(rule));
    if (!closed) fail(balancer.root, "No web ACL guards the load balancer, and anybody may reach it.");
  },
});
