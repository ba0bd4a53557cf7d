import rule from "../../../../../policy/rules/aws/cognito/cognito-protect";
import { given, specify } from "../../../spec";

const type = "aws:cognito/userPool:UserPool";

specify(rule, {
  passes: { "a protected one": given(type, { deletionProtection: "ACTIVE" }) },
  fails: {
    "AWS's default": [given(type, {}), "deletionProtection"],
    "one that is open": [given(type, { deletionProtection: "INACTIVE" }), "deletionProtection"],
  },
});
