import { defineRule } from "../../../rule";
import { containers, setting } from "../types";

export default defineRule({
  id: "docker-rofs",
  title: "Containers cannot write to their root file system",
  severity: "medium",
  level: "mandatory",
  appliesTo: containers,
  references: ["CIS Docker 5.12"],
  why: "An attacker who breaks into the process cannot put a tool or a changed page beside it.",
  fix: "Set `readOnly: true`, with `tmpfs` or a volume where the process must write.",
  judge(resource, { fail }) {
    // Docker copies files into a container only while its root can be written. One that is made for that, and never
    // started, has no process that could write.
    if (resource.get("start").is(false) && resource.get("mustRun").is(false)) return;
    const readonly = setting(resource, "readOnly");
    if (readonly.isNot(true)) fail(readonly, "The container can write to its root file system.");
  },
});
