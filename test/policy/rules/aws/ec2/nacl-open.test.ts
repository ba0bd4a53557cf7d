import rule from "../../../../../policy/rules/aws/ec2/nacl-open";
import { given, specify, unknown, urnOf } from "../../../spec";

const acl = (...ingress: object[]) => given("aws:ec2/networkAcl:NetworkAcl", { ingress });
const allow = { protocol: "tcp", ruleNo: 100, action: "allow", cidrBlock: "0.0.0.0/0", fromPort: 22, toPort: 22 };
const everything = { protocol: "-1", ruleNo: 100, action: "allow", cidrBlock: "0.0.0.0/0", fromPort: 0, toPort: 0 };
const deny = (port: number, ruleNo: number) => ({ ...allow, ruleNo, action: "deny", fromPort: port, toPort: port });

const type = "aws:ec2/networkAclRule:NetworkAclRule";
const networkAclId = unknown(`${urnOf("aws:ec2/networkAcl:NetworkAcl")}#id`);
const entry = (inputs: object, name = "rule") =>
  given(
    type,
    { networkAclId, ruleNumber: 100, ruleAction: "allow", protocol: "tcp", cidrBlock: "0.0.0.0/0", ...inputs },
    { name },
  );

specify(rule, {
  passes: {
    "the web's ports": [acl({ ...allow, fromPort: 443, toPort: 443 })],
    "what answers to the servers": [acl({ ...allow, fromPort: 32768, toPort: 65535 })],
    "a shell from one network": [acl({ ...allow, cidrBlock: "10.0.0.0/8" })],
    "another protocol": [acl({ ...allow, protocol: "udp" })],
    "what goes out": [entry({ egress: true, fromPort: 22, toPort: 22 })],
    "all but what an earlier entry denies": [acl(everything, deny(22, 10), deny(3389, 20))],
    "the same in entries of their own": [
      entry({ protocol: "-1" }),
      entry({ ruleAction: "deny", ruleNumber: 10, fromPort: 0, toPort: 4000 }, "first"),
    ],
  },
  fails: {
    "a shell from anywhere": [acl(allow), "ingress[0].cidrBlock"],
    "a shell from anywhere by IPv6": [
      acl({ ...allow, cidrBlock: undefined, ipv6CidrBlock: "::/0" }),
      "ingress[0].ipv6CidrBlock",
    ],
    "everything from anywhere": [acl(everything), "ingress[0].cidrBlock"],
    "a range around it": [acl({ ...allow, fromPort: 1, toPort: 1024 }), "ingress[0].cidrBlock"],
    "one that is denied too late": [acl(everything, deny(22, 200), deny(3389, 20)), "ingress[0].cidrBlock"],
    "one that is denied for the other family alone": [
      acl(everything, { ...deny(22, 10), cidrBlock: undefined, ipv6CidrBlock: "::/0" }, deny(3389, 20)),
      "ingress[0].cidrBlock",
    ],
    "an entry of its own": [entry({ fromPort: 3389, toPort: 3389 }), "cidrBlock"],
    "an entry that is denied in another list": [
      [
        entry({ fromPort: 22, toPort: 22 }),
        entry({ networkAclId: "acl-1", ruleAction: "deny", ruleNumber: 10, fromPort: 22, toPort: 22 }, "other"),
      ],
      "cidrBlock",
    ],
  },
  open: { "an address that is not known": [acl({ ...allow, cidrBlock: unknown() }), "ingress[0].cidrBlock"] },
});
