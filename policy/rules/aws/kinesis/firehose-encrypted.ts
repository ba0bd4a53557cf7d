import { defineRule } from "../../../rule";

export default defineRule({
  id: "firehose-encrypted",
  title: "Delivery streams are encrypted at rest",
  severity: "low",
  level: "advisory",

  appliesTo: ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
  references: ["CKV_AWS_240"],
  why: "Records wait on disk until they are delivered.",
  fix: "Set `serverSideEncryption.enabled` to true, or read from an encrypted Kinesis stream.",
  judge(resource, { fail }) {
    const value = resource.get("serverSideEncryption", "enabled");
    if (value.isNot(true)) fail(value, "Records are stored without encryption.");
  },
});
