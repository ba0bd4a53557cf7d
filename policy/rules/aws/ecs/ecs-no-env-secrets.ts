import { defineRule } from "../../../rule";
import { secretArgument, secretFault } from "../../secret-like";
import { aws } from "../types";
import { containers } from "./containers";

export default defineRule({
  id: "ecs-no-env-secrets",
  title: "No secret is in the environment or the command of a task definition",
  severity: "critical",
  level: "mandatory",
  appliesTo: aws.taskDefinition,
  references: ["FSBP ECS.8"],
  why: "Everybody who may call ecs:DescribeTaskDefinition reads it, in every revision that ever was.",
  fix: "Move the value to Secrets Manager and name it under `secrets` with `valueFrom`.",
  judge(task, { each, fail }) {
    const definitions = task.get("containerDefinitions");
    if (definitions.isSecret) return fail(definitions, "The container definitions hold a value that is marked secret.");
    each(containers(task), (container) => {
      each(container.get("environment").items(), (variable) => {
        const value = variable.get("value");
        const fault = secretFault(variable.get("name").string() ?? "", value, "variable");
        if (fault) fail(value, fault);
      });
      each([container.get("command"), container.get("entryPoint")], (command) => {
        const words = command.items();
        each(words.entries(), ([index, word]) => {
          const fault = secretArgument(word, words[index + 1]);
          if (fault) fail(word, fault);
        });
      });
    });
  },
});
