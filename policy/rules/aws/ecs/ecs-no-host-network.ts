import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "ecs-no-host-network",
  title: "ECS tasks have a network of their own",
  severity: "high",
  level: "mandatory",
  appliesTo: aws.taskDefinition,
  references: ["FSBP ECS.17"],
  why: "On the host's network a task reaches the instance's metadata and every port that the host keeps to itself.",
  fix: "Set `networkMode` to `awsvpc`.",
  judge(task, { fail }) {
    const mode = task.get("networkMode");
    if (mode.is("host")) fail(mode, "The task is on the network of its host.");
  },
});
