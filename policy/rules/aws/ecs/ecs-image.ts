import { defineRule } from "../../../rule";
import { imageReference } from "../../image";
import { aws } from "../types";
import { containers } from "./containers";

export default defineRule({
  id: "ecs-image",
  title: "ECS containers name the image they run",
  severity: "medium",
  level: "mandatory",
  appliesTo: aws.taskDefinition,
  references: [],
  why: "`latest` is another image tomorrow: a task that restarts at night may run what nobody released.",
  fix: "Name the image by digest, or by a tag other than latest.",
  judge(task, { each, fail }) {
    each(containers(task), (container) => {
      const image = container.get("image");
      if (imageReference(image) === "latest") fail(image, "The image has no tag, or the tag latest.");
    });
  },
});
