import { defineRule } from "../../../rule";

export default defineRule({
  id: "ecs-exec",
  title: "Nobody opens a shell in a running task",
  severity: "medium",
  level: "advisory",
  appliesTo: ["aws:ecs/service:Service"],
  references: ["AWS Well-Architected SEC06-BP03"],
  why: "ECS Exec gives every holder of one IAM permission a shell beside the application and its secrets.",
  fix: "Leave `enableExecuteCommand` off, and turn it on for the hour in which it is needed.",
  judge(service, { fail }) {
    const exec = service.get("enableExecuteCommand");
    if (exec.is(true)) fail(exec, "ECS Exec is on.");
  },
});
