import rule from "../../../../../policy/rules/docker/container/docker-restart";
import { specify, unknown } from "../../../spec";
import { container } from "../containers";

specify(rule, {
  passes: {
    "one that comes back": container({ restart: "unless-stopped" }),
    "a task that runs once": container({ mustRun: false }),
  },
  fails: {
    "one that says nothing": [container({}), "restart"],
    "one that stays down": [container({ restart: "no" }), "restart"],
  },
  open: { "a policy that is not known": [container({ restart: unknown() }), "restart"] },
});
