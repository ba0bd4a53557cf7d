import rule from "../../../../../policy/rules/aws/ecs/ecs-rollback";
import { given, specify, unknown } from "../../../spec";

const service = (properties: Record<string, unknown>) => given("aws:ecs/service:Service", properties);

specify(rule, {
  passes: {
    "a circuit breaker": service({ deploymentCircuitBreaker: { enable: true, rollback: true } }),
    alarms: service({ alarms: { enable: true, rollback: true, alarmNames: ["errors"] } }),
    "a deployment that CodeDeploy controls": service({ deploymentController: { type: "CODE_DEPLOY" } }),
  },
  fails: {
    "a service that says nothing": [service({}), "deploymentCircuitBreaker"],
    "a breaker that stops and stays": [
      service({ deploymentCircuitBreaker: { enable: true, rollback: false } }),
      "deploymentCircuitBreaker",
    ],
  },
  open: {
    "a breaker that is not known": [service({ deploymentCircuitBreaker: unknown() }), "deploymentCircuitBreaker"],
  },
});
