import { defineRule } from "../../../rule";

export default defineRule({
  id: "ecr-immutable",
  title: "A tag in ECR never moves to another image",
  severity: "medium",
  level: "mandatory",
  appliesTo: ["aws:ecr/repository:Repository"],
  references: ["FSBP ECR.2", "CKV_AWS_51"],
  why: "Everybody who can push could replace the image behind a tag that was reviewed and released.",
  fix: "Set `imageTagMutability` to `IMMUTABLE`.",
  judge(repository, { fail }) {
    const mutability = repository.get("imageTagMutability");
    if (mutability.isNot("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION")) fail(mutability, "Tags can be moved.");
  },
  remediate: () => [{ property: "imageTagMutability", value: "IMMUTABLE" }],
});
