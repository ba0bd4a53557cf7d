import rule from "../../../../../policy/rules/aws/iam/iam-read-everything";
import { given, specify } from "../../../spec";

const type = "aws:iam/rolePolicy:RolePolicy";
const allow = (action: string, resource: string) =>
  given(type, { policy: { Statement: [{ Effect: "Allow", Action: action, Resource: resource }] } });

specify(rule, {
  passes: {
    "a named secret": allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-central-1:1:secret:db"),
    "names alone": allow("secretsmanager:ListSecrets", "*"),
  },
  fails: {
    "every secret": [allow("secretsmanager:GetSecretValue", "*"), "policy.Statement[0].Action"],
    "every object": [allow("s3:Get*", "*"), "policy.Statement[0].Action"],
  },
});
