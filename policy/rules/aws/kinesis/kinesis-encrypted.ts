import { defineRule } from "../../../rule";

export default defineRule({
  id: "kinesis-encrypted",
  title: "Streams are encrypted at rest",
  severity: "medium",
  level: "mandatory",

  appliesTo: ["aws:kinesis/stream:Stream"],
  references: ["FSBP Kinesis.1", "CKV_AWS_43"],
  why: "Records wait on disk for a day or more.",
  fix: "Set `encryptionType` to `KMS` and `kmsKeyId` to `alias/aws/kinesis` or a key of your own.",
  judge(resource, { fail }) {
    const value = resource.get("encryptionType");
    if (value.isNot("KMS")) fail(value, "Records are stored without encryption.");
  },
});
