import rule from "../../../../../policy/rules/docker/container/docker-rofs";
import { specify, unknown } from "../../../spec";
import { container, service } from "../containers";

specify(rule, {
  passes: {
    "one that cannot write": container({ readOnly: true }),
    "one that is never started": container({ start: false, mustRun: false }),
  },
  fails: {
    "one that says nothing": [container({}), "readOnly"],
    "one that is started later": [container({ start: false }), "readOnly"],
    "a swarm service": [service({}), "taskSpec.containerSpec.readOnly"],
  },
  open: { "a setting that is not known": [container({ readOnly: unknown() }), "readOnly"] },
});
