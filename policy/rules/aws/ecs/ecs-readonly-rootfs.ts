import { defineRule } from "../../../rule";
import { aws } from "../types";
import { containers } from "./containers";

export default defineRule({
  id: "ecs-readonly-rootfs",
  title: "ECS containers cannot write to their root file system",
  severity: "high",
  level: "mandatory",
  appliesTo: aws.taskDefinition,
  references: ["FSBP ECS.5", "CKV_AWS_336"],
  why: "An attacker who breaks into the process cannot put a tool or a changed page beside it.",
  fix: "Set `readonlyRootFilesystem: true` and mount a volume where the application must write, such as /tmp.",
  judge(task, { each, fail }) {
    each(containers(task), (container) => {
      const readonly = container.get("readonlyRootFilesystem");
      if (readonly.isNot(true)) fail(readonly, "The container can write to its root file system.");
    });
  },
});
