import rule from "../../../../../policy/rules/aws/kinesis/firehose-encrypted";
import { given, specify, unknown } from "../../../spec";

const type = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

specify(rule, {
  passes: {
    "one with encryption": given(type, { serverSideEncryption: { enabled: true } }),
  },
  fails: {
    "one that says nothing": [given(type, {}), "serverSideEncryption.enabled"],
  },
  open: { "what is not known": [given(type, { serverSideEncryption: unknown("urn#x") }), "serverSideEncryption"] },
});
