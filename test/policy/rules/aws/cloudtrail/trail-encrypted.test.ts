import rule from "../../../../../policy/rules/aws/cloudtrail/trail-encrypted";
import { given, specify } from "../../../spec";

const type = "aws:cloudtrail/trail:Trail";

specify(rule, {
  passes: {
    "one with a key": given(type, { kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/1" }),
  },
  fails: {
    "one without": [given(type, {}), "kmsKeyId"],
  },
});
