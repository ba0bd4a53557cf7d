import { defineRule } from "../../../rule";

export default defineRule({
  id: "apigateway-logs",
  title: "APIs log who asked for what",
  severity: "low",
  level: "advisory",

  appliesTo: ["aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"],
  references: ["FSBP APIGateway.9", "CKV_AWS_76", "CKV_AWS_95"],
  why: "After an incident nobody can say what was asked, and by whom.",
  fix: "Set `accessLogSettings` to a log group.",
  judge(resource, { fail }) {
    const value = resource.get("accessLogSettings");
    if (value.absent) fail(value, "Requests are not logged.");
  },
});
