import { defineRule } from "../../../rule";
import { imageReference } from "../../image";
import { containers, setting } from "../types";

export default defineRule({
  id: "docker-image",
  title: "Containers name the image they run",
  severity: "medium",
  level: "mandatory",
  appliesTo: [...containers, "docker:index/remoteImage:RemoteImage"],
  references: ["CIS Docker 5.28"],
  why: "`latest` is another image tomorrow: a container that is made anew may run what nobody released.",
  fix: "Name the image by digest, or by a tag other than latest.",
  judge(resource, { fail }) {
    const image = resource.type.endsWith("RemoteImage") ? resource.get("name") : setting(resource, "image");
    if (resource.get("build").present) return;
    if (imageReference(image) === "latest") fail(image, "The image has no tag, or the tag latest.");
  },
});
