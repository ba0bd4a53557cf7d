import rule from "../../../../../policy/rules/docker/container/docker-image";
import { given, specify, unknown } from "../../../spec";
import { container, service } from "../containers";

const remote = "docker:index/remoteImage:RemoteImage";

specify(rule, {
  passes: {
    "a tag": container({ image: "postgres:17.4" }),
    "the id of an image": container({ image: unknown("urn#imageId") }),
    "an id that is known": container({ image: `sha256:${"c".repeat(64)}` }),
    "an image that is built here": given(remote, { name: "shop", build: { context: "app" } }),
  },
  fails: {
    "no tag": [container({ image: "postgres" }), "image"],
    "latest, pulled": [given(remote, { name: "nginx:latest" }), "name"],
    "latest in a swarm": [service({ image: "nginx" }), "taskSpec.containerSpec.image"],
  },
  open: { "an image that is not known": [container({ image: unknown() }), "image"] },
});
