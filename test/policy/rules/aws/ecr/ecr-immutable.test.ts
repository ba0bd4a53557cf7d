import rule from "../../../../../policy/rules/aws/ecr/ecr-immutable";
import { given, specify, unknown } from "../../../spec";

const repository = "aws:ecr/repository:Repository";

specify(rule, {
  passes: {
    "tags that stay": given(repository, { imageTagMutability: "IMMUTABLE" }),
    "tags that stay but for some": given(repository, { imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" }),
  },
  fails: { "a repository that says nothing": [given(repository, {}), "imageTagMutability"] },
  open: { "a setting that is not known": [given(repository, { imageTagMutability: unknown() }), "imageTagMutability"] },
});
