import { defineRule } from "../../../rule";

export default defineRule({
  id: "trail-encrypted",
  title: "Trails are encrypted with a key of their own",
  severity: "low",
  level: "advisory",

  appliesTo: ["aws:cloudtrail/trail:Trail"],
  references: ["FSBP CloudTrail.2", "CKV_AWS_35"],
  why: "The log names every principal, address and resource; a key decides who reads it, apart from the bucket.",
  fix: "Set `kmsKeyId`.",
  judge(resource, { fail }) {
    const value = resource.get("kmsKeyId");
    if (value.absent) fail(value, "Everybody who reads the bucket reads the trail.");
  },
});
