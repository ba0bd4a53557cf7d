import { findRule } from "../../../policy/index";
import { type Cases, given, specify, unknown, urnOf } from "../spec";

const subnet = "aws:ec2/subnet:Subnet";
const vpc = "aws:ec2/vpc:Vpc";
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

const more = (id: string, cases: Partial<Cases>) => specify(findRule(id)!, cases);
const idOf = (type: string, name: string) => unknown(`${urnOf(type, name)}#id`);

more("vpc-block-size", {
  passes: { "no block": given(vpc, {}), "what is none, which is another's to say": given(vpc, { cidrBlock: "x" }) },
});

const net = (cidrBlock: string, name = "net") => given(vpc, { cidrBlock }, { name });
const part = (name: string, cidrBlock: string, of = "net") =>
  given(subnet, { cidrBlock, vpcId: idOf(vpc, of) }, { name });
more("subnet-inside-vpc", {
  passes: {
    "the whole VPC": [part("b", "10.20.0.0/16"), net("10.20.0.0/16")],
    "the same block in another VPC": [
      part("b", "10.20.0.0/20"),
      part("a", "10.20.0.0/20", "other"),
      net("10.20.0.0/16"),
    ],
    "the same block in another VPC that exists": [
      given(subnet, { cidrBlock: "10.20.0.0/20", vpcId: "vpc-1" }, { name: "b" }),
      given(subnet, { cidrBlock: "10.20.0.0/20", vpcId: "vpc-2" }, { name: "a" }),
    ],
    "below the other": [part("b", "10.20.0.0/20"), part("a", "10.20.16.0/20"), net("10.20.0.0/16")],
    "a block that IPAM gives": [given(subnet, { vpcId: idOf(vpc, "net") }), net("10.20.0.0/16")],
  },
  fails: {
    "begins before the VPC": [[part("b", "10.20.0.0/16"), net("10.20.128.0/17")], "cidrBlock"],
    "ends after the VPC": [[part("b", "10.20.0.0/16"), net("10.20.0.0/17")], "cidrBlock"],
    "the block of another": [[part("b", "10.20.0.0/20"), part("a", "10.20.0.0/20"), net("10.20.0.0/16")], "cidrBlock"],
    "the block of another in a VPC that exists": [
      [
        given(subnet, { cidrBlock: "10.20.0.0/20", vpcId: "vpc-1" }, { name: "b" }),
        given(subnet, { cidrBlock: "10.20.0.0/20", vpcId: "vpc-1" }, { name: "a" }),
      ],
      "cidrBlock",
    ],
    "around another": [[part("b", "10.20.0.0/20"), part("a", "10.20.1.0/24"), net("10.20.0.0/16")], "cidrBlock"],
  },
});

const rule = (properties: Record<string, unknown>) => given(ingress, properties);
more("sg-ports", {
  passes: {
    "every port": rule({ ipProtocol: "tcp", fromPort: 0, toPort: 65535 }),
    "everything, as the API returns it": rule({ ipProtocol: "-1", fromPort: -1, toPort: -1 }),
    "a type and a code of ICMP": rule({ ipProtocol: "icmp", fromPort: 8, toPort: 0 }),
  },
  fails: {
    "the first alone": [rule({ ipProtocol: "tcp", fromPort: 1 }), "fromPort"],
    "the last alone": [rule({ ipProtocol: "tcp", toPort: 1 }), "fromPort"],
    "below 0": [rule({ ipProtocol: "tcp", fromPort: -1, toPort: 1 }), "fromPort"],
    "above 65535": [rule({ ipProtocol: "tcp", fromPort: 1, toPort: 65536 }), "fromPort"],
    ...Object.fromEntries(["udp", "6", "17"].map((ipProtocol) => [ipProtocol, [rule({ ipProtocol }), "fromPort"]])),
  },
});

const application = (properties: Record<string, unknown> = {}) =>
  given(securityGroup, properties, { name: "application" });
const database = (properties: object = {}) =>
  given(ingress, {
    securityGroupId: idOf(securityGroup, "database"),
    referencedSecurityGroupId: idOf(securityGroup, "application"),
    ipProtocol: "tcp",
    fromPort: 5432,
    toPort: 5432,
    ...properties,
  });
const out = (properties: object, of = "application") =>
  given(egress, { securityGroupId: idOf(securityGroup, of), ipProtocol: "tcp", ...properties }, { name: "out" });
const anywhere = { cidrIpv4: "0.0.0.0/0" };
const peer = "referencedSecurityGroupId";
more("sg-both-ways", {
  passes: {
    "a block": [rule({ cidrIpv4: "10.0.0.0/8" }), application()],
    "a group of elsewhere": database(),
    "a group with rules of its own": [database(), application({ egress: [{}] })],
    "out with every protocol": [
      database(),
      application(),
      out({ ...anywhere, ipProtocol: "-1", fromPort: -1, toPort: -1 }),
    ],
    "out by every port": [database(), application(), out(anywhere)],
    "out to a group that exists": [
      database({ securityGroupId: "sg-1" }),
      application(),
      out({ fromPort: 5432, toPort: 5432, referencedSecurityGroupId: "sg-1" }),
    ],
  },
  fails: {
    "out from another group": [[database(), application(), out(anywhere, "other")], peer],
    "out above the port": [[database(), application(), out({ ...anywhere, fromPort: 5433, toPort: 6000 })], peer],
    "out below the port": [[database(), application(), out({ ...anywhere, fromPort: 0, toPort: 5431 })], peer],
    "every port in, one out": [
      [
        database({ fromPort: undefined, toPort: undefined }),
        application(),
        out({ ...anywhere, fromPort: 1, toPort: 65535 }),
      ],
      peer,
    ],
  },
  open: {
    "out to a group that exists, from one that does not yet": [
      [database(), application(), out({ fromPort: 5432, toPort: 5432, referencedSecurityGroupId: "sg-1" })],
      "securityGroupId",
    ],
    "the other way round": [
      [
        database({ securityGroupId: "sg-1" }),
        application(),
        out({ fromPort: 5432, toPort: 5432, referencedSecurityGroupId: idOf(securityGroup, "database") }),
      ],
      "referencedSecurityGroupId",
    ],
  },
});
more("endpoint-private-dns", {
  passes: {
    "public names": [
      given("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcId: idOf(vpc, "net") }),
      given(vpc, {}, { name: "net" }),
    ],
  },
  fails: {
    "no name server": [
      [
        given("aws:ec2/vpcEndpoint:VpcEndpoint", { privateDnsEnabled: true, vpcId: idOf(vpc, "net") }),
        given(vpc, { enableDnsHostnames: true, enableDnsSupport: false }, { name: "net" }),
      ],
      "privateDnsEnabled",
    ],
  },
});
