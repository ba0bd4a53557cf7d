import { defineRule } from "../../../rule";

export default defineRule({
  id: "codebuild-unprivileged",
  title: "Builds run without rights over their host",
  severity: "medium",
  level: "advisory",

  appliesTo: ["aws:codebuild/project:Project"],
  references: ["FSBP CodeBuild.5", "CKV_AWS_316"],
  why: "A privileged build is root on the machine, with the credentials of its role.",
  fix: "Set `environment.privilegedMode` to false, unless the build makes images.",
  judge(resource, { fail }) {
    const value = resource.get("environment", "privilegedMode");
    if (value.is(true)) fail(value, "The build is privileged.");
  },
});
