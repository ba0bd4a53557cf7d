import rule from "../../../../../policy/rules/docker/container/docker-image-digest";
import { specify, unknown } from "../../../spec";
import { container } from "../containers";

specify(rule, {
  passes: {
    "a digest": container({ image: `postgres@sha256:${"d".repeat(64)}` }),
    "the id of an image": container({ image: unknown("urn#repoDigest") }),
  },
  fails: { "a tag": [container({ image: "postgres:17.4" }), "image"] },
  open: { "an image that is not known": [container({ image: unknown("urn#name") }), "image"] },
});
