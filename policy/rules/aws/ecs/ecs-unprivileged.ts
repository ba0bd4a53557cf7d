import { defineRule } from "../../../rule";
import { aws } from "../types";
import { containers } from "./containers";

export default defineRule({
  id: "ecs-unprivileged",
  title: "ECS containers are not privileged and gain no capabilities",
  severity: "critical",
  level: "mandatory",
  appliesTo: aws.taskDefinition,
  references: ["FSBP ECS.4", "CKV_AWS_334"],
  why: "A privileged container is root on its host, and an added capability is a part of that.",
  fix: "Remove `privileged` and `linuxParameters.capabilities.add`.",
  parameters: {
    allowedCapabilities: {
      type: "strings",
      default: [],
      description: "Capabilities that may be added, such as SYS_PTRACE.",
    },
  },
  judge(task, { each, fail, parameters, separately }) {
    each(containers(task), (container) => {
      separately(
        () => {
          const privileged = container.get("privileged");
          if (privileged.is(true)) fail(privileged, "The container is privileged: root on its host.");
        },
        () => {
          each(container.get("linuxParameters", "capabilities", "add").items(), (capability) => {
            if (capability.isNot(...parameters.allowedCapabilities))
              fail(capability, "The container gains a capability.");
          });
        },
      );
    });
  },
});
