import rule from "../../../../../policy/rules/aws/ecs/ecs-logging";
import { given, specify, unknown } from "../../../spec";
import { task, taskDefinition } from "./task";

const driver = "containerDefinitions[0].logConfiguration.logDriver";

specify(rule, {
  passes: {
    "logs to CloudWatch": task({ logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "shop" } } }),
  },
  fails: {
    "a container without a driver": [task({}), driver],
    "a driver that drops them": [task({ logConfiguration: { logDriver: "none" } }), driver],
  },
  open: {
    "definitions that are not known": [
      given(taskDefinition, { containerDefinitions: unknown("urn#x") }),
      "containerDefinitions",
    ],
  },
});
