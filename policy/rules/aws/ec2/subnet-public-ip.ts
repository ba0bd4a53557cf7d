import { defineRule } from "../../../rule";

export default defineRule({
  id: "subnet-public-ip",
  title: "Nothing gets a public address merely by its subnet",
  severity: "medium",
  level: "mandatory",
  appliesTo: ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"],
  references: ["FSBP EC2.15", "CKV_AWS_130"],
  why: "Whatever is started there is on the internet without anybody having said so.",
  fix: "Leave `mapPublicIpOnLaunch` off; load balancers and NAT gateways bring their own addresses.",
  judge(subnet, { fail }) {
    const map = subnet.get("mapPublicIpOnLaunch");
    if (map.is(true)) fail(map, "Whatever starts in this subnet gets a public address.");
  },
});
