import rule from "../../../../../policy/rules/docker/container/docker-memory";
import { specify, unknown } from "../../../spec";
import { container, service } from "../containers";

specify(rule, {
  passes: {
    "a limit": container({ memory: 512 }),
    "a limit of a swarm service": service({}, { taskSpec: { resources: { limits: { memoryBytes: 536870912 } } } }),
  },
  fails: {
    "no limit": [container({}), "memory"],
    zero: [container({ memory: 0 }), "memory"],
    "a swarm service": [service({}), "taskSpec.resources.limits.memoryBytes"],
  },
  open: { "a limit that is not known": [container({ memory: unknown() }), "memory"] },
});
