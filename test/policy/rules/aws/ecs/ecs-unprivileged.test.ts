import rule from "../../../../../policy/rules/aws/ecs/ecs-unprivileged";
import { given, partly, specify } from "../../../spec";
import { task, taskDefinition } from "./task";

specify(rule, {
  passes: { "a plain container": task({}), "one that says so": task({ privileged: false }) },
  fails: {
    "a privileged container": [task({ privileged: true }), "containerDefinitions[0].privileged"],
    "the key in another case": [task({ Privileged: true }), "containerDefinitions[0].privileged"],
    "an added capability": [
      task({ linuxParameters: { capabilities: { add: ["SYS_ADMIN"] } } }),
      "containerDefinitions[0].linuxParameters.capabilities.add[0]",
    ],
    "one beside an unknown": [
      given(taskDefinition, { containerDefinitions: partly('[{"image":"{0}","privileged":true}]', "urn#a") }),
      "containerDefinitions[0].privileged",
    ],
  },
  open: {
    "a setting that is not known": [
      given(taskDefinition, { containerDefinitions: partly('[{"privileged":{0}}]', "urn#a") }),
      "containerDefinitions[0].privileged",
    ],
  },
});
