import { defineRule } from "../../../rule";

export default defineRule({
  id: "dynamodb-recovery",
  title: "Tables can be restored to any second",
  severity: "medium",
  level: "mandatory",

  appliesTo: ["aws:dynamodb/table:Table"],
  references: ["FSBP DynamoDB.2", "CKV_AWS_28"],
  why: "A faulty release overwrites items, and DynamoDB has no other way back.",
  fix: "Set `pointInTimeRecovery.enabled` to true.",
  judge(resource, { fail }) {
    const value = resource.get("pointInTimeRecovery", "enabled");
    if (value.isNot(true)) fail(value, "There is no point-in-time recovery.");
  },
});
