import rule from "../../../../../policy/rules/aws/ec2/subnet-public-ip";
import { given, specify, unknown } from "../../../spec";

const subnet = "aws:ec2/subnet:Subnet";

specify(rule, {
  passes: { "a subnet that says nothing": given(subnet, { cidrBlock: "10.0.0.0/24" }) },
  fails: { "a subnet that hands out addresses": [given(subnet, { mapPublicIpOnLaunch: true }), "mapPublicIpOnLaunch"] },
  open: { "a setting that is not known": [given(subnet, { mapPublicIpOnLaunch: unknown() }), "mapPublicIpOnLaunch"] },
});
