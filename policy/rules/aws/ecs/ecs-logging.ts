import { defineRule } from "../../../rule";
import { aws } from "../types";
import { containers } from "./containers";

export default defineRule({
  id: "ecs-logging",
  title: "ECS containers send their logs somewhere",
  severity: "high",
  level: "mandatory",
  appliesTo: aws.taskDefinition,
  references: ["FSBP ECS.9"],
  why: "What a task printed before it died is gone with it.",
  fix: "Set `logConfiguration.logDriver`, for example awslogs with a group that has a retention.",
  judge(task, { each, fail }) {
    each(containers(task), (container) => {
      const driver = container.get("logConfiguration", "logDriver");
      if (driver.absent || driver.is("none", "")) fail(driver, "The container's logs go nowhere.");
    });
  },
});
