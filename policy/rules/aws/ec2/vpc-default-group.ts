import { defineRule } from "../../../rule";

export default defineRule({
  id: "vpc-default-group",
  title: "The default security group of a network admits nothing",
  severity: "high",
  level: "mandatory",
  scope: "stack",
  appliesTo: ["aws:ec2/vpc:Vpc"],
  references: ["FSBP EC2.2", "CIS AWS 5.5", "CKV2_AWS_12"],
  why: "Whatever is created without a group lands in it, and lets everything else in it connect.",
  fix: "Add an `aws.ec2.DefaultSecurityGroup` for the VPC, without ingress and egress.",
  judge(vpc, { fail, stack }) {
    const groups = stack.attached(vpc, "vpcId", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    if (groups.length === 0) fail(vpc.root, "The default security group keeps the rules that AWS gave it.");
    for (const group of groups) {
      const rules = [...group.get("ingress").items(), ...group.get("egress").items()];
      if (rules.length > 0) fail(vpc.root, "The default security group has rules.");
    }
  },
});
