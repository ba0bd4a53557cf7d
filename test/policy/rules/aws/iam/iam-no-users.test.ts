import rule from "../../../../../policy/rules/aws/iam/iam-no-users";
import { given, specify } from "../../../spec";

specify(rule, {
  passes: {},
  fails: {
    "a user": [given("aws:iam/user:User", { name: "ci" }), ""],
    "a key": [given("aws:iam/accessKey:AccessKey", { user: "ci" }), ""],
  },
});
