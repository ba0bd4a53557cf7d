import rule from "../../../../../policy/rules/aws/load-balancer/alb-waf";
import { given, specify, unknown, urnOf } from "../../../spec";

const type = "aws:lb/loadBalancer:LoadBalancer";
const group = "aws:ec2/securityGroup:SecurityGroup";
const balancer = (properties = {}) =>
  given(type, { internal: false, ...properties }, { references: { securityGroups: [urnOf(group, "alb")] } });
const association = (resourceArn: unknown) =>
  given("aws:wafv2/webAclAssociation:WebAclAssociation", { resourceArn }, { name: "waf" });
const from = (rule: Record<string, unknown>) =>
  given(group, { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, ...rule }] }, { name: "alb" });

specify(rule, {
  passes: {
    "one with a web ACL": [balancer(), association(unknown(`${urnOf(type)}#arn`))],
    "an internal one": balancer({ internal: true }),
    "a network load balancer": balancer({ loadBalancerType: "network" }),
    "one that only the CDN reaches": [balancer(), from({ prefixListIds: ["pl-cloudfront"] })],
  },
  fails: {
    "one that everybody reaches": [[balancer(), from({ cidrBlocks: ["0.0.0.0/0"] })], ""],
    "one that everybody reaches by a standalone rule": [
      [
        balancer(),
        given(group, {}, { name: "alb" }),
        given("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
          securityGroupId: unknown(`${urnOf(group, "alb")}#id`),
          cidrIpv6: "::/0",
          ipProtocol: "tcp",
        }),
      ],
      "",
    ],
    "one of whose groups nothing is known": [balancer(), ""],
  },
  open: { "an association of who knows what": [[balancer(), association(unknown())], "resourceArn of waf"] },
});
