import { defineRule } from "../../../rule";
import type { Value } from "../../../value";

export default defineRule({
  id: "ebs-encrypted",
  title: "Volumes are encrypted at rest",
  severity: "high",
  level: "mandatory",
  scope: "stack",
  appliesTo: [
    "aws:ebs/volume:Volume",
    "aws:ebs/snapshotCopy:SnapshotCopy",
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
  ],
  references: ["FSBP EC2.3", "CKV_AWS_3", "CKV_AWS_8", "CKV_AWS_183"],
  why: "A snapshot of it is read wherever it is copied to.",
  fix: "Set `encrypted` to true, of the root volume too, or add an `aws.ebs.EncryptionByDefault` to the stack.",
  judge(resource, { each, fail, stack }) {
    const everywhere = stack.ofType("aws:ebs/encryptionByDefault:EncryptionByDefault");
    if (everywhere.some((one) => one.get("enabled").isNot(false))) return;
    const judge = (volume: Value) => {
      const encrypted = volume.get("encrypted");
      if (encrypted.isNot(true)) fail(encrypted, "The volume is not encrypted.");
    };
    if (/:(Volume|SnapshotCopy)$/.test(resource.type)) return judge(resource.root);
    if (resource.type.endsWith("LaunchTemplate")) {
      each(resource.get("blockDeviceMappings").items(), (mapping) => {
        if (mapping.get("ebs").present) judge(mapping.get("ebs"));
      });
      return;
    }
    each([resource.get("rootBlockDevice"), ...resource.get("ebsBlockDevices").items()], judge);
  },
});
