import rule from "../../../../../policy/rules/aws/dynamodb/dynamodb-protect";
import { given, specify, unknown } from "../../../spec";

const type = "aws:dynamodb/table:Table";

specify(rule, {
  passes: {
    "a protected one": given(type, { deletionProtectionEnabled: true }),
  },
  fails: {
    "one that says nothing": [given(type, {}), "deletionProtectionEnabled"],
  },
  open: {
    "what is not known": [given(type, { deletionProtectionEnabled: unknown("urn#x") }), "deletionProtectionEnabled"],
  },
});
