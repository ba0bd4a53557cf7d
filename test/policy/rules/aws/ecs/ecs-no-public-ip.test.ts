import rule from "../../../../../policy/rules/aws/ecs/ecs-no-public-ip";
import { given, specify, unknown } from "../../../spec";

const service = "aws:ecs/service:Service";
const network = (assignPublicIp: unknown) => ({ networkConfiguration: { subnets: ["subnet-1"], assignPublicIp } });

specify(rule, {
  passes: {
    "a service in private subnets": given(service, network(false)),
    "a service that says nothing": given(service, { networkConfiguration: { subnets: ["subnet-1"] } }),
  },
  fails: {
    "a service with public addresses": [given(service, network(true)), "networkConfiguration.assignPublicIp"],
    "a task set": [given("aws:ecs/taskSet:TaskSet", network(true)), "networkConfiguration.assignPublicIp"],
    "a scheduled task": [
      given("aws:cloudwatch/eventTarget:EventTarget", { ecsTarget: network(true) }),
      "ecsTarget.networkConfiguration.assignPublicIp",
    ],
    "a task of EventBridge Scheduler": [
      given("aws:scheduler/schedule:Schedule", { target: { ecsParameters: network(true) } }),
      "target.ecsParameters.networkConfiguration.assignPublicIp",
    ],
  },
  open: { "an unknown setting": [given(service, network(unknown("urn#x"))), "networkConfiguration.assignPublicIp"] },
});
