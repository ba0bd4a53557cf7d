import rule from "../../../../../policy/rules/aws/ec2/vpc-default-group";
import { given, specify, unknown, urnOf } from "../../../spec";

const type = "aws:ec2/vpc:Vpc";
const vpc = given(type, { cidrBlock: "10.0.0.0/16" });
const group = (properties = {}, vpcId: unknown = unknown(`${urnOf(type)}#id`)) =>
  given("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId, ...properties }, { name: "default" });

specify(rule, {
  passes: { "a default group without rules": [vpc, group()] },
  fails: {
    "a default group that is left alone": [vpc, ""],
    "a default group with rules": [[vpc, group({ egress: [{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }] })], ""],
  },
  open: {
    "a group of who knows what": [[vpc, group({}, unknown())], "vpcId of default"],
    "rules that are not known": [[vpc, group({ ingress: unknown() })], "ingress"],
  },
});
