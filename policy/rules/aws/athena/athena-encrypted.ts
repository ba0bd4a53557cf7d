import { defineRule } from "../../../rule";

export default defineRule({
  id: "athena-encrypted",
  title: "Results of queries are encrypted",
  severity: "medium",
  level: "advisory",
  appliesTo: ["aws:athena/database:Database"],
  references: ["CKV_AWS_77"],
  why: "Results hold what was queried, in a bucket that others may read.",
  fix: "Set `encryptionConfiguration.encryptionOption` to `SSE_KMS` or `SSE_S3`.",
  judge(database, { fail }) {
    const encryption = database.get("encryptionConfiguration");
    if (encryption.absent) fail(encryption, "Results are stored as the bucket has it.");
  },
});
