import rule from "../../../../../policy/rules/docker/container/docker-network";
import { specify, unknown } from "../../../spec";
import { container } from "../containers";

specify(rule, {
  passes: {
    "a network of its own": container({ networksAdvanced: [{ name: unknown("urn#name") }] }),
    "no network": container({ networkMode: "none" }),
  },
  fails: { "the default bridge": [container({}), "networksAdvanced"] },
  open: { "networks that are not known": [container({ networksAdvanced: unknown() }), "networksAdvanced"] },
});
