import rule from "../../../../../policy/rules/docker/container/docker-host-ns";
import { specify, unknown } from "../../../spec";
import { container } from "../containers";

specify(rule, {
  passes: { "a network of its own": container({ networkMode: "bridge" }) },
  fails: {
    "the host's network": [container({ networkMode: "host" }), "networkMode"],
    "the host's processes beside an unknown": [container({ networkMode: unknown(), pidMode: "host" }), "pidMode"],
  },
  open: { "a mode that is not known": [container({ networkMode: unknown() }), "networkMode"] },
});
