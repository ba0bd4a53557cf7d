import rule from "../../../../../policy/rules/aws/iam/lambda-public";
import { given, specify, unknown } from "../../../spec";

const url = "aws:lambda/functionUrl:FunctionUrl";
const permission = "aws:lambda/permission:Permission";

specify(rule, {
  passes: {
    "callers with a signature": given(url, { authorizationType: "AWS_IAM" }),
    "a service": given(permission, { principal: "events.amazonaws.com" }),
    "everybody by one resource": given(permission, { principal: "*", sourceArn: unknown("urn#arn") }),
  },
  fails: {
    "an address for everybody": [given(url, { authorizationType: "NONE" }), "authorizationType"],
    "a permission for everybody": [given(permission, { principal: "*" }), "principal"],
  },
  open: { "a principal that is not known": [given(permission, { principal: unknown() }), "principal"] },
});
