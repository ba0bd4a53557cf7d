import { defineRule } from "../../../rule";

export default defineRule({
  id: "ecs-rollback",
  title: "A failed ECS deployment rolls back by itself",
  severity: "medium",
  level: "advisory",
  appliesTo: ["aws:ecs/service:Service"],
  references: ["AWS Well-Architected REL08-BP04"],
  why: "Without it a release that never becomes healthy is started again and again until somebody looks.",
  fix: "Set `deploymentCircuitBreaker: { enable: true, rollback: true }`, or alarms with `rollback: true`.",
  judge(service, { fail }) {
    if (service.get("deploymentController", "type").is("CODE_DEPLOY", "EXTERNAL")) return;
    if (service.get("schedulingStrategy").is("DAEMON")) return;
    const breaker = service.get("deploymentCircuitBreaker");
    const rollsBack = (value: typeof breaker): boolean =>
      value.get("enable").is(true) && value.get("rollback").is(true);
    if (!rollsBack(breaker) && !rollsBack(service.get("alarms")))
      fail(breaker, "A failed deployment is not rolled back.");
  },
});
