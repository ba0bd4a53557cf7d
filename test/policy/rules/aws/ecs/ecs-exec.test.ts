import rule from "../../../../../policy/rules/aws/ecs/ecs-exec";
import { given, specify, unknown } from "../../../spec";

const service = "aws:ecs/service:Service";

specify(rule, {
  passes: { "a service that says nothing": given(service, {}) },
  fails: { "a service with a shell": [given(service, { enableExecuteCommand: true }), "enableExecuteCommand"] },
  open: {
    "a setting that is not known": [given(service, { enableExecuteCommand: unknown() }), "enableExecuteCommand"],
  },
});
