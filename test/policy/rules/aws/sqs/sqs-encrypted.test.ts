import rule from "../../../../../policy/rules/aws/sqs/sqs-encrypted";
import { given, specify, unknown } from "../../../spec";

const type = "aws:sqs/queue:Queue";

specify(rule, {
  passes: {
    "AWS's default": given(type, {}),
    "a key": given(type, { kmsMasterKeyId: "alias/aws/sqs" }),
  },
  fails: {
    "encryption that is turned off": [given(type, { sqsManagedSseEnabled: false }), "sqsManagedSseEnabled"],
  },
  open: { "what is not known": [given(type, { sqsManagedSseEnabled: unknown("urn#x") }), "sqsManagedSseEnabled"] },
});
