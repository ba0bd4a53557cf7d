import rule from "../../../../../policy/rules/aws/ecs/ecs-image-digest";
import { given, partly, specify } from "../../../spec";
import { task, taskDefinition } from "./task";

const image = "containerDefinitions[0].image";
const digest = "b".repeat(64);

specify(rule, {
  passes: {
    "a digest": task({ image: `ghcr.io/acme/shop@sha256:${digest}` }),
    "a digest in a registry that is not known": given(taskDefinition, {
      containerDefinitions: partly(`[{"image":"{0}@sha256:${digest}"}]`, "urn#repositoryUrl"),
    }),
    "the output of a build": given(taskDefinition, {
      containerDefinitions: partly('[{"image":"{0}"}]', "urn:pulumi:p::s::docker-build:index:Image::shop#ref"),
    }),
  },
  fails: { "a tag": [task({ image: "ghcr.io/acme/shop:1.4.2" }), image] },
  open: {
    "an image that is not known": [
      given(taskDefinition, { containerDefinitions: partly('[{"image":"{0}"}]', "urn#uri") }),
      image,
    ],
  },
});
