import rule from "../../../../../policy/rules/aws/ec2/vpc-flow-logs";
import { given, specify, unknown, urnOf } from "../../../spec";

const type = "aws:ec2/vpc:Vpc";
const vpc = given(type, { cidrBlock: "10.0.0.0/16" });
const log = (vpcId: unknown) => given("aws:ec2/flowLog:FlowLog", { vpcId, trafficType: "REJECT" }, { name: "flow" });

specify(rule, {
  passes: { "a network with a flow log": [vpc, log(unknown(`${urnOf(type)}#id`))] },
  fails: {
    "a network without one": [vpc, ""],
    "a flow log of another network": [[vpc, log(unknown(`${urnOf(type, "other")}#id`))], ""],
  },
  open: { "a flow log of who knows what": [[vpc, log(unknown())], "vpcId of flow"] },
});
