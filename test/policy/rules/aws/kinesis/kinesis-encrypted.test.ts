import rule from "../../../../../policy/rules/aws/kinesis/kinesis-encrypted";
import { given, specify, unknown } from "../../../spec";

const type = "aws:kinesis/stream:Stream";

specify(rule, {
  passes: {
    "one with a key": given(type, { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" }),
  },
  fails: {
    "one that says nothing": [given(type, {}), "encryptionType"],
    "one without": [given(type, { encryptionType: "NONE" }), "encryptionType"],
  },
  open: { "what is not known": [given(type, { encryptionType: unknown("urn#x") }), "encryptionType"] },
});
