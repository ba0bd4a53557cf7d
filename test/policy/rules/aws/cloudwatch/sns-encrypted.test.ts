import rule from "../../../../../policy/rules/aws/cloudwatch/sns-encrypted";
import { given, specify, unknown } from "../../../spec";

const topic = "aws:sns/topic:Topic";

specify(rule, {
  passes: { "a key that is not known yet": given(topic, { kmsMasterKeyId: unknown("urn#arn") }) },
  fails: { "no key": [given(topic, {}), "kmsMasterKeyId"] },
});
