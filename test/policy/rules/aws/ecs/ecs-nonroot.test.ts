import rule from "../../../../../policy/rules/aws/ecs/ecs-nonroot";
import { given, partly, specify } from "../../../spec";
import { task, taskDefinition } from "./task";

const user = "containerDefinitions[0].user";

specify(rule, {
  passes: { "a numeric user": task({ user: "1000:1000" }), "a named user": task({ user: "node" }) },
  fails: {
    "a container without a user": [task({}), user],
    root: [task({ user: "root" }), user],
    "user 0 with a group": [task({ user: "0:0" }), user],
    "a group alone does not help": [task({ user: "00" }), user],
  },
  open: {
    "a user that is not known": [
      given(taskDefinition, { containerDefinitions: partly('[{"user":"{0}"}]', "urn#uid") }),
      user,
    ],
  },
});
