import rule from "../../../../../policy/rules/docker/container/docker-no-new-privileges";
import { specify, unknown } from "../../../spec";
import { container } from "../containers";

specify(rule, {
  passes: { "the option": container({ securityOpts: ["no-new-privileges:true"] }) },
  fails: {
    "no option": [container({}), "securityOpts"],
    "a filter that is off": [
      container({ securityOpts: ["no-new-privileges", "seccomp=unconfined"] }),
      "securityOpts[1]",
    ],
  },
  open: { "options that are not known": [container({ securityOpts: unknown() }), "securityOpts"] },
});
