import rule from "../../../../../policy/rules/aws/lambda/lambda-env-secrets";
import { given, secret, specify, unknown } from "../../../spec";

const type = "aws:lambda/function:Function";
const variables = (environment: Record<string, unknown>) => given(type, { environment: { variables: environment } });

specify(rule, {
  passes: {
    none: given(type, {}),
    "a reference": variables({ DB_SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db" }),
    "a setting": variables({ LOG_LEVEL: "debug" }),
  },
  fails: {
    "a password by name": [variables({ DB_PASSWORD: "hunter2" }), "environment.variables.DB_PASSWORD"],
    "a key by shape": [variables({ KEY: "AKIAIOSFODNN7EXAMPLE" }), "environment.variables.KEY"],
    "a value that is marked": [variables({ ANYTHING: secret }), "environment.variables.ANYTHING"],
    "a document with one in it": [
      variables({ CONFIG: '{"db":{"password":"hunter2"}}' }),
      "environment.variables.CONFIG",
    ],
    "an environment that is marked as a whole": [
      given(type, { environment: { variables: secret } }),
      "environment.variables",
    ],
  },
  open: { "what is not known": [given(type, { environment: unknown("urn#x") }), "environment"] },
});
