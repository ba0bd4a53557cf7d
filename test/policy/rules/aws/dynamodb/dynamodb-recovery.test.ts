import rule from "../../../../../policy/rules/aws/dynamodb/dynamodb-recovery";
import { given, specify, unknown } from "../../../spec";

const type = "aws:dynamodb/table:Table";

specify(rule, {
  passes: {
    "one that can": given(type, { pointInTimeRecovery: { enabled: true } }),
  },
  fails: {
    "one that says nothing": [given(type, {}), "pointInTimeRecovery.enabled"],
    "one that cannot": [given(type, { pointInTimeRecovery: { enabled: false } }), "pointInTimeRecovery.enabled"],
  },
  open: { "what is not known": [given(type, { pointInTimeRecovery: unknown("urn#x") }), "pointInTimeRecovery"] },
});
