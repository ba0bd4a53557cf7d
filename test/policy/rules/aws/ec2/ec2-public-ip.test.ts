import rule from "../../../../../policy/rules/aws/ec2/ec2-public-ip";
import { given, specify, unknown } from "../../../spec";

const type = "aws:ec2/instance:Instance";

specify(rule, {
  passes: {
    "a private one": given(type, { associatePublicIpAddress: false }),
    "one that its subnet decides on": given(type, {}),
  },
  fails: {
    "a public one": [given(type, { associatePublicIpAddress: true }), "associatePublicIpAddress"],
  },
  open: {
    "what is not known": [given(type, { associatePublicIpAddress: unknown("urn#x") }), "associatePublicIpAddress"],
  },
});
