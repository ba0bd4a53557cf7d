import rule from "../../../../../policy/rules/aws/ecs/ecs-no-host-network";
import { specify, unknown } from "../../../spec";
import { task } from "./task";

specify(rule, {
  passes: { "an interface of its own": task({}) },
  fails: { "the host's network": [task({}, { networkMode: "host" }), "networkMode"] },
  open: { "a mode that is not known": [task({}, { networkMode: unknown() }), "networkMode"] },
});
