import rule from "../../../../../policy/rules/docker/container/docker-nonroot";
import { specify, unknown } from "../../../spec";
import { container, service } from "../containers";

specify(rule, {
  passes: { "a numeric user": container({ user: "1000:1000" }) },
  fails: {
    "no user": [container({}), "user"],
    root: [container({ user: "0:1000" }), "user"],
    "root by name": [service({ user: "root" }), "taskSpec.containerSpec.user"],
  },
  open: { "a user that is not known": [container({ user: unknown() }), "user"] },
});
