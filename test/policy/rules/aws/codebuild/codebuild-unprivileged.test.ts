import rule from "../../../../../policy/rules/aws/codebuild/codebuild-unprivileged";
import { given, specify, unknown } from "../../../spec";

const type = "aws:codebuild/project:Project";

specify(rule, {
  passes: {
    "one without": given(type, { environment: { privilegedMode: false } }),
    "the default": given(type, {}),
  },
  fails: {
    "a privileged one": [given(type, { environment: { privilegedMode: true } }), "environment.privilegedMode"],
  },
  open: { "what is not known": [given(type, { environment: unknown("urn#x") }), "environment"] },
});
