import rule from "../../../../../policy/rules/aws/ecs/ecs-image";
import { given, partly, specify } from "../../../spec";
import { task, taskDefinition } from "./task";

const image = "containerDefinitions[0].image";
const digest = "a".repeat(64);

specify(rule, {
  passes: {
    "a tag": task({ image: "ghcr.io/acme/shop:1.4.2" }),
    "a digest": task({ image: `ghcr.io/acme/shop@sha256:${digest}` }),
    "a tag in a registry that is not known": given(taskDefinition, {
      containerDefinitions: partly('[{"image":"{0}:1.4.2"}]', "urn#url"),
    }),
  },
  fails: {
    "no tag": [task({ image: "ghcr.io/acme/shop" }), image],
    latest: [task({ image: "localhost:5000/shop:latest" }), image],
    "a port that looks like a tag": [task({ image: "localhost:5000/shop" }), image],
  },
  open: {
    "an image that is not known": [
      given(taskDefinition, { containerDefinitions: partly('[{"image":"{0}"}]', "urn#uri") }),
      image,
    ],
  },
});
