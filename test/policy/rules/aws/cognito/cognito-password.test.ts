import rule from "../../../../../policy/rules/aws/cognito/cognito-password";
import { given, specify } from "../../../spec";

const type = "aws:cognito/userPool:UserPool";

specify(rule, {
  passes: {
    "AWS's default": given(type, {}),
    "eight characters": given(type, { passwordPolicy: { minimumLength: 8 } }),
  },
  fails: { six: [given(type, { passwordPolicy: { minimumLength: 6 } }), "passwordPolicy.minimumLength"] },
});
