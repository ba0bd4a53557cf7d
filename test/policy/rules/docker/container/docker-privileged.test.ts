import rule from "../../../../../policy/rules/docker/container/docker-privileged";
import { specify, unknown } from "../../../spec";
import { container } from "../containers";

specify(rule, {
  passes: { "a plain container": container({}) },
  fails: { "a privileged one": [container({ privileged: true }), "privileged"] },
  open: { "a setting that is not known": [container({ privileged: unknown() }), "privileged"] },
});
