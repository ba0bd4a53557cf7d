import rule from "../../../../../policy/rules/aws/ssm/ssm-secure-string";
import { given, secret, specify } from "../../../spec";

const type = "aws:ssm/parameter:Parameter";

specify(rule, {
  passes: {
    "a setting": given(type, { type: "String", name: "/shop/log-level", value: "debug" }),
    "a secret that is one": given(type, { type: "SecureString", name: "/shop/password", value: secret }),
  },
  fails: {
    "a secret by name": [given(type, { type: "String", name: "/shop/db/password", value: "hunter2" }), "value"],
    "a secret by mark": [given(type, { type: "String", name: "/shop/x", value: secret }), "value"],
    "a secret by its shape, in a list": [
      given(type, { type: "StringList", name: "/shop/x", value: "AKIAIOSFODNN7EXAMPLE,b" }),
      "value",
    ],
    "one in plain text by its own name": [
      given(type, { type: "String", name: "/a/token", insecureValue: "x" }),
      "insecureValue",
    ],
  },
});
