import rule from "../../../../../policy/rules/aws/elasticache/redis-user-password";
import { given, secret, specify, unknown } from "../../../spec";

const user = "aws:elasticache/user:User";
const open = { accessString: "on ~* +@all" };

specify(rule, {
  passes: {
    "a password": given(user, { ...open, authenticationMode: { type: "password", passwords: [secret] } }),
    IAM: given(user, { ...open, authenticationMode: { type: "iam" } }),
    "somebody who is off": given(user, { accessString: "off ~* -@all", noPasswordRequired: true }),
  },
  fails: {
    anybody: [given(user, { ...open, noPasswordRequired: true }), "noPasswordRequired"],
    "anybody, by its mode": [
      given(user, { accessString: "on ~* +@read", authenticationMode: { type: "no-password-required" } }),
      "authenticationMode.type",
    ],
  },
  open: {
    "rights that are not known": [given(user, { accessString: unknown(), noPasswordRequired: true }), "accessString"],
  },
});
