import { defineRule } from "../../../rule";
import { aws } from "../types";
import { containers } from "./containers";

export default defineRule({
  id: "ecs-nonroot",
  title: "ECS containers run as a user other than root",
  severity: "high",
  level: "mandatory",
  appliesTo: aws.taskDefinition,
  references: ["FSBP ECS.20"],
  why: "Root within a container is one kernel defect away from root on the host. Without `user` the image decides, and nobody sees here what it decided.",
  fix: "Set `user` to a numeric id, for example `1000:1000`.",
  judge(task, { each, fail }) {
    each(containers(task), (container) => {
      const user = container.get("user");
      if (user.absent || user.is("")) fail(user, "No user is set: the image decides whether it is root.");
      else if (/^(0+|root)(:|$)/.test(user.string() ?? "")) fail(user, "The container runs as root.");
    });
  },
});
