import { defineRule } from "../../../rule";
import { imageReference } from "../../image";
import { aws } from "../types";
import { containers } from "./containers";

export default defineRule({
  id: "ecs-image-digest",
  title: "ECS containers name their image by digest",
  severity: "low",
  level: "advisory",
  appliesTo: aws.taskDefinition,
  references: [],
  why: "A tag can be moved in the registry; a digest is the image that was tested.",
  fix: "Use `repository@sha256:…`.",
  judge(task, { each, fail }) {
    each(containers(task), (container) => {
      const image = container.get("image");
      if (imageReference(image) === "tag") fail(image, "The image is named by a tag alone.");
    });
  },
});
