import { defineRule } from "../../../rule";

export default defineRule({
  id: "ec2-public-ip",
  title: "Instances have no public address",
  severity: "medium",
  level: "mandatory",

  appliesTo: ["aws:ec2/instance:Instance", "aws:ec2/launchConfiguration:LaunchConfiguration"],
  references: ["FSBP EC2.9", "CKV_AWS_88"],
  why: "Whatever listens on it is one rule of a firewall away from the internet.",
  fix: "Set `associatePublicIpAddress` to false and put a load balancer before it.",
  judge(resource, { fail }) {
    const value = resource.get("associatePublicIpAddress");
    if (value.is(true)) fail(value, "It has a public address.");
  },
});
