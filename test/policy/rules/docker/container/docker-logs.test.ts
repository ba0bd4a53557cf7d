import rule from "../../../../../policy/rules/docker/container/docker-logs";
import { specify, unknown } from "../../../spec";
import { container } from "../containers";

specify(rule, {
  passes: {
    "the local driver": container({ logDriver: "local" }),
    "a limit": container({ logDriver: "json-file", logOpts: { "max-size": "10m" } }),
  },
  fails: {
    "one that says nothing": [container({}), "logOpts.max-size"],
    "a driver that drops them": [container({ logDriver: "none" }), "logDriver"],
  },
  open: { "a driver that is not known": [container({ logDriver: unknown() }), "logDriver"] },
});
