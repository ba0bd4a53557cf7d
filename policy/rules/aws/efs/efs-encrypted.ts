import { defineRule } from "../../../rule";

export default defineRule({
  id: "efs-encrypted",
  title: "File systems are encrypted at rest",
  severity: "medium",
  level: "mandatory",
  appliesTo: ["aws:efs/fileSystem:FileSystem"],
  references: ["FSBP EFS.1", "CIS AWS 2.3.1", "CKV_AWS_42"],
  why: "Encryption cannot be added later: it replaces the file system and what is on it.",
  fix: "Set `encrypted` to true before the first deployment.",
  judge(files, { fail }) {
    const encrypted = files.get("encrypted");
    if (encrypted.isNot(true)) fail(encrypted, "The file system is not encrypted.");
  },
});
