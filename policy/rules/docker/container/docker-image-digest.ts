import { defineRule } from "../../../rule";
import { imageReference } from "../../image";
import { containers, setting } from "../types";

export default defineRule({
  id: "docker-image-digest",
  title: "Containers name their image by digest",
  severity: "low",
  level: "advisory",
  appliesTo: containers,
  references: ["CIS Docker 4.5"],
  why: "A tag can be moved in the registry; a digest is the image that was tested.",
  fix: "Use `repository@sha256:…`, or the `imageId` of a `docker.RemoteImage`.",
  judge(resource, { fail }) {
    const image = setting(resource, "image");
    if (imageReference(image) === "tag") fail(image, "The image is named by a tag alone.");
  },
});
