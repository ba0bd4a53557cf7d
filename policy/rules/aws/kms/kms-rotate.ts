import { defineRule } from "../../../rule";

export default defineRule({
  id: "kms-rotate",
  title: "Keys are rotated every year",
  severity: "medium",
  level: "mandatory",
  appliesTo: ["aws:kms/key:Key"],
  references: ["FSBP KMS.4", "CIS AWS 3.6", "CKV_AWS_7"],
  why: "Rotation bounds how much one key has encrypted; KMS keeps the old ones for reading.",
  fix: "Set `enableKeyRotation` to true.",
  judge(key, { fail }) {
    const spec = key.get("customerMasterKeySpec");
    if (spec.present && spec.isNot("SYMMETRIC_DEFAULT")) return;
    if (key.get("keyUsage").is("SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT")) return;
    const rotation = key.get("enableKeyRotation");
    if (rotation.isNot(true)) fail(rotation, "The key is never rotated.");
  },
  remediate: () => [{ property: "enableKeyRotation", value: true }],
});
