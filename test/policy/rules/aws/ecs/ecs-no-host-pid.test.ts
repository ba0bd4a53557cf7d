import rule from "../../../../../policy/rules/aws/ecs/ecs-no-host-pid";
import { specify, unknown } from "../../../spec";
import { task } from "./task";

specify(rule, {
  passes: { "a task of its own": task({}), "containers that share within the task": task({}, { pidMode: "task" }) },
  fails: {
    "the host's processes": [task({}, { pidMode: "host" }), "pidMode"],
    "the host's shared memory, whatever pidMode is": [task({}, { ipcMode: "host", pidMode: unknown() }), "ipcMode"],
  },
  open: { "a mode that is not known": [task({}, { pidMode: unknown() }), "pidMode"] },
});
