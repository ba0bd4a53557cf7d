import rule from "../../../../../policy/rules/docker/container/docker-capabilities";
import { specify, unknown } from "../../../spec";
import { container, service } from "../containers";

specify(rule, {
  passes: {
    "one that gives up all": container({ capabilities: { drops: ["ALL"] } }),
    "one that binds port 80": container({ capabilities: { drops: ["CAP_ALL"], adds: ["CAP_NET_BIND_SERVICE"] } }),
  },
  fails: {
    "one that says nothing": [container({}), "capabilities.drops"],
    "one that gains one": [
      container({ capabilities: { drops: ["ALL"], adds: ["SYS_ADMIN"] } }),
      "capabilities.adds[0]",
    ],
    "a swarm service": [service({}), "taskSpec.containerSpec.capabilities.drops"],
  },
  open: { "a list that is not known": [container({ capabilities: unknown() }), "capabilities"] },
});
