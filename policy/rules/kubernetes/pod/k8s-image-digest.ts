import { defineRule } from "../../../rule";
import { imageReference } from "../../image";
import { containers, workloads } from "../types";

export default defineRule({
  id: "k8s-image-digest",
  title: "Containers name their image by digest",
  severity: "low",
  level: "advisory",
  appliesTo: workloads,
  references: ["CKV_K8S_43"],
  why: "A tag can be moved in the registry; a digest is the image that was tested.",
  fix: "Use `repository@sha256:…`.",
  judge(workload, { each, fail }) {
    each(containers(workload), (container) => {
      const image = container.get("image");
      if (imageReference(image) === "tag") fail(image, "The image is named by a tag alone.");
    });
  },
});
