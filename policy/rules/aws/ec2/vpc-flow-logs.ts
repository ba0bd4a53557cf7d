import { defineRule } from "../../../rule";

export default defineRule({
  id: "vpc-flow-logs",
  title: "Networks log who talked to whom",
  severity: "medium",
  level: "mandatory",
  scope: "stack",
  appliesTo: ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"],
  references: ["FSBP EC2.6", "CIS AWS 3.7", "CKV2_AWS_11"],
  why: "Without flow logs nobody can tell afterwards where a broken-in container connected to.",
  fix: "Add an `aws.ec2.FlowLog` with `vpcId`, at least for rejected traffic.",
  judge(vpc, { fail, stack }) {
    if (stack.attached(vpc, "vpcId", "aws:ec2/flowLog:FlowLog").length === 0)
      fail(vpc.root, "The network has no flow log.");
  },
});
