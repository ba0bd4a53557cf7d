import { defineRule } from "../../../rule";
import { imageReference } from "../../image";
import { containers, workloads } from "../types";

export default defineRule({
  id: "k8s-image",
  title: "Containers name the image they run",
  severity: "medium",
  level: "mandatory",
  appliesTo: workloads,
  references: ["CKV_K8S_14"],
  why: "`latest` is another image tomorrow: a pod that restarts at night may run what nobody released.",
  fix: "Name the image by digest, or by a tag other than latest.",
  judge(workload, { each, fail }) {
    each(containers(workload), (container) => {
      const image = container.get("image");
      if (imageReference(image) === "latest") fail(image, "The image has no tag, or the tag latest.");
    });
  },
});
