import rule from "../../../../../policy/rules/aws/athena/athena-encrypted";
import { given, specify } from "../../../spec";

const type = "aws:athena/database:Database";

specify(rule, {
  passes: { "one with a key": given(type, { encryptionConfiguration: { encryptionOption: "SSE_S3" } }) },
  fails: { "one without": [given(type, { bucket: "results" }), "encryptionConfiguration"] },
});
