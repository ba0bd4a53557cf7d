import type { Resource } from "../../../resource";
import { refusal } from "../../refusal";
import { range } from "./addresses";

const vpcGuide = "https://docs.aws.amazon.com/vpc/latest/userguide";
const subnetType = "aws:ec2/subnet:Subnet";

const size = refusal({
  id: "vpc-block-size",
  title: "A VPC and its subnets are /16 to /28",
  appliesTo: ["aws:ec2/vpc:Vpc", subnetType],
  source: `${vpcGuide}/vpc-cidr-blocks.html`,
  why: "CreateVpc and CreateSubnet answer InvalidVpc.Range and InvalidSubnet.Range.",
  fix: "Choose a block of /16 to /28.",
  judge: ({ root }, { fail }) => {
    const block = root.get("cidrBlock");
    const found = block.present ? range(block) : undefined;
    if (found && (found[2] < 16 || found[2] > 28)) fail(block, "is not /16 to /28");
  },
});

const inside = refusal({
  id: "subnet-inside-vpc",
  title: "A subnet lies in its VPC and beside the others",
  appliesTo: [subnetType],
  scope: "stack",
  source: `${vpcGuide}/subnet-sizing.html`,
  why: "CreateSubnet answers InvalidSubnet.Range or InvalidSubnet.Conflict.",
  fix: "Give the subnet a part of the VPC's block that no other has.",
  judge: (subnet, { stack, fail }) => {
    const block = subnet.get("cidrBlock");
    const mine = block.present ? range(block) : undefined;
    if (mine === undefined) return;
    const vpc = stack.ofType("aws:ec2/vpc:Vpc").find((one) => stack.names(subnet, "vpcId", one));
    const whole = vpc && range(vpc.get("cidrBlock"));
    if (whole && (mine[0] < whole[0] || mine[1] > whole[1])) fail(block, "is not inside the VPC");
    for (const other of stack.ofType(subnetType)) {
      // Two VPCs of the stack are two before they exist.
      const beside = vpc ? stack.names(other, "vpcId", vpc) : other.get("vpcId").sameAs(subnet.get("vpcId"));
      if (other.urn >= subnet.urn || !beside) continue;
      const theirs = range(other.get("cidrBlock"));
      if (theirs && mine[0] <= theirs[1] && theirs[0] <= mine[1]) fail(block, `overlaps ${other.name}`);
    }
  },
});

const groupTypes = ["aws:ec2/securityGroup:SecurityGroup", /^aws:vpc\/securityGroup(In|E)gressRule:/];

const description = refusal({
  id: "sg-description",
  title: "Descriptions of security groups have characters that EC2 takes",
  appliesTo: groupTypes,
  source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
  why: "EC2 answers `Invalid security group description`.",
  fix: "Use at most 255 characters: letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`.",
  judge: ({ root }, { fail }) => {
    const text = root.get("description");
    if (text.present && !/^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(text.string() ?? ""))
      fail(text, "has a character that EC2 refuses, or is too long");
  },
});

const ports = refusal({
  id: "sg-ports",
  title: "A rule's ports are a range, and go with its protocol",
  appliesTo: [/^aws:vpc\/securityGroup(In|E)gressRule:/],
  source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html",
  why: "EC2 answers InvalidParameterValue.",
  fix: "fromPort at most toPort, both 0 to 65535; none with protocol -1.",
  judge: ({ root }, { fail }) => {
    if (root.get("ipProtocol").is("-1")) {
      if (root.get("fromPort").present && root.get("fromPort").isNot(-1))
        fail(root.get("fromPort"), "does not go with protocol -1");
      return;
    }
    if (root.get("ipProtocol").isNot("tcp", "udp", "6", "17")) return;
    const [from, to] = [root.get("fromPort").number(), root.get("toPort").number()];
    if (from === undefined || to === undefined || from < 0 || to > 65535 || from > to)
      fail(root.get("fromPort"), "and toPort are no range of ports");
  },
});

const reach = refusal({
  id: "sg-both-ways",
  title: "What may come in somewhere may also leave where it comes from",
  appliesTo: ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"],
  scope: "stack",
  source: `${vpcGuide}/security-group-rules.html`,
  why: "Nothing refuses it: connections time out, and the release never becomes healthy.",
  fix: "Add an egress rule to the group that connects, for the same port.",
  judge: (ingress, { stack, fail }) => {
    const peer = ingress.get("referencedSecurityGroupId");
    const group = stack
      .ofType("aws:ec2/securityGroup:SecurityGroup")
      .find((one) => stack.names(ingress, "referencedSecurityGroupId", one));
    if (group === undefined || group.get("egress").present) return;
    const [from, to] = [ingress.get("fromPort").number() ?? 0, ingress.get("toPort").number() ?? 65535];
    const out = stack
      .ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
      .filter((one) => stack.names(one, "securityGroupId", group));
    if (!out.some((rule) => leads(rule, ingress, from, to))) fail(peer, "has no egress rule for this port");
  },
});

/** Blocks of addresses count as reaching: what lies in them is for the network to say. */
function leads(egress: Resource, ingress: Resource, from: number, to: number): boolean {
  if (egress.get("ipProtocol").isNot("-1")) {
    const [first, last] = [egress.get("fromPort").number() ?? 0, egress.get("toPort").number() ?? 65535];
    if (first > from || last < to) return false;
  }
  const peer = egress.get("referencedSecurityGroupId");
  if (peer.absent) return true;
  const target = ingress.get("securityGroupId");
  // Two groups of the stack are two before they exist.
  if (peer.sources.length > 0 && target.sources.length > 0) return peer.sources.join() === target.sources.join();
  return peer.sameAs(target);
}

const natSubnet = refusal({
  id: "nat-public-subnet",
  title: "A NAT gateway has an address, in a subnet that reaches the internet",
  appliesTo: ["aws:ec2/natGateway:NatGateway"],
  source: `${vpcGuide}/nat-gateway-basics.html`,
  why: "CreateNatGateway answers MissingParameter without an Elastic IP address.",
  fix: "Set allocationId, or connectivityType `private`.",
  judge: ({ root }, { fail }) => {
    if (root.get("connectivityType").isNot("private") && root.get("allocationId").absent)
      fail(root, "has no allocationId");
  },
});

const dns = refusal({
  id: "endpoint-private-dns",
  title: "Private names of endpoints have a VPC that resolves names",
  appliesTo: ["aws:ec2/vpcEndpoint:VpcEndpoint"],
  scope: "stack",
  source: "https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html",
  why: "CreateVpcEndpoint answers `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames`.",
  fix: "Set enableDnsHostnames and enableDnsSupport of the VPC.",
  judge: (endpoint, { stack, fail }) => {
    if (endpoint.get("privateDnsEnabled").isNot(true)) return;
    const vpc = stack.ofType("aws:ec2/vpc:Vpc").find((one) => stack.names(endpoint, "vpcId", one));
    if (vpc && (vpc.get("enableDnsHostnames").isNot(true) || vpc.get("enableDnsSupport").is(false))) {
      fail(endpoint.get("privateDnsEnabled"), "needs a VPC with DNS host names");
    }
  },
});

/** Entries of AWS's own prefix lists, which each count as rules: https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html */
const prefixListWeight = 55;
const mostRules = 60;

const count = refusal({
  id: "sg-rule-count",
  title: "A security group has 60 rules in each direction",
  appliesTo: ["aws:ec2/securityGroup:SecurityGroup"],
  scope: "stack",
  source: `${vpcGuide}/amazon-vpc-limits.html#vpc-limits-security-groups`,
  why: "AuthorizeSecurityGroupIngress and -Egress answer RulesPerSecurityGroupLimitExceeded until the quota has been raised.",
  fix: "Ranges of ports in place of single ones. CloudFront's prefix list counts as 55 rules.",
  judge: (group, { stack, fail }) => {
    for (const direction of ["Ingress", "Egress"] as const) {
      const type = `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`;
      const rules = stack.referring(group, "securityGroupId", type).certain;
      const weight = rules.reduce((sum, rule) => sum + (rule.get("prefixListId").present ? prefixListWeight : 1), 0);
      if (weight > mostRules) fail(group.root, `has ${weight} rules for ${direction.toLowerCase()}`);
    }
  },
});

export const networkRules = [size, inside, description, ports, reach, natSubnet, dns, count];
