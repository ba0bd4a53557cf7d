import rule from "../../../../../policy/rules/aws/ec2/sg-open";
import { given, specify, unknown } from "../../../spec";

const group = (ingress: Record<string, unknown>) =>
  given("aws:ec2/securityGroup:SecurityGroup", {
    ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, ...ingress }],
  });
const old = (properties: Record<string, unknown>) =>
  given("aws:ec2/securityGroupRule:SecurityGroupRule", {
    protocol: "tcp",
    fromPort: 5432,
    toPort: 5432,
    ...properties,
  });
const standalone = (properties: Record<string, unknown>) =>
  given("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
    ipProtocol: "tcp",
    fromPort: 6379,
    toPort: 6379,
    ...properties,
  });

specify(rule, {
  passes: {
    "a web port": group({ fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }),
    "a port for a network of one's own": group({ cidrBlocks: ["10.0.0.0/8"] }),
    "a port for another group, not known yet": group({ securityGroups: [unknown("urn#id")] }),
    "a rule for what goes out": old({ type: "egress", cidrBlocks: ["0.0.0.0/0"] }),
    "path MTU discovery": group({ protocol: "icmp", fromPort: 3, toPort: 4, cidrBlocks: ["0.0.0.0/0"] }),
  },
  fails: {
    "a shell for everybody": [group({ cidrBlocks: ["0.0.0.0/0"] }), "ingress[0].cidrBlocks[0]"],
    "a shell for everybody with IPv6": [group({ ipv6CidrBlocks: ["::/0"] }), "ingress[0].ipv6CidrBlocks[0]"],
    "half of the internet": [group({ cidrBlocks: ["128.0.0.0/1"] }), "ingress[0].cidrBlocks[0]"],
    "a range that begins at a web port": [
      group({ fromPort: 80, toPort: 65535, cidrBlocks: ["0.0.0.0/0"] }),
      "ingress[0].cidrBlocks[0]",
    ],
    "all protocols": [
      group({ protocol: "-1", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }),
      "ingress[0].cidrBlocks[0]",
    ],
    "the old standalone rule": [old({ type: "ingress", cidrBlocks: ["0.0.0.0/0"] }), "cidrBlocks[0]"],
    "the new standalone rule": [standalone({ cidrIpv4: "0.0.0.0/0" }), "cidrIpv4"],
    "the default group": [
      given("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {
        ingress: [{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }],
      }),
      "ingress[0].cidrBlocks[0]",
    ],
    "an open rule beside an unknown one": [
      given("aws:ec2/securityGroup:SecurityGroup", {
        ingress: [
          { protocol: "tcp", cidrBlocks: unknown() },
          { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
        ],
      }),
      "ingress[1].cidrBlocks[0]",
    ],
  },
  open: {
    "addresses that are not known": [standalone({ cidrIpv4: unknown("urn#cidrBlock") }), "cidrIpv4"],
    "a port that is not known": [group({ fromPort: unknown(), cidrBlocks: ["0.0.0.0/0"] }), "ingress[0].fromPort"],
  },
});
