import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "ecs-no-host-pid",
  title: "ECS tasks do not share the host's processes",
  severity: "high",
  level: "mandatory",
  appliesTo: aws.taskDefinition,
  references: ["FSBP ECS.3", "CKV_AWS_335"],
  why: "With the host's process namespace a container sees, and may stop, every other one on that host.",
  fix: "Remove `pidMode` and `ipcMode`, or set them to `task`.",
  judge(task, { each, fail }) {
    each([task.get("pidMode"), task.get("ipcMode")], (mode) => {
      if (mode.is("host")) fail(mode, "The task shares a namespace with its host.");
    });
  },
});
