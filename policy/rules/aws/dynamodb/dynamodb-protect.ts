import { defineRule } from "../../../rule";

export default defineRule({
  id: "dynamodb-protect",
  title: "Tables are protected against deletion",
  severity: "medium",
  level: "advisory",

  appliesTo: ["aws:dynamodb/table:Table"],
  references: ["FSBP DynamoDB.6"],
  why: "A rename in the program deletes the table and every item of it.",
  fix: "Set `deletionProtectionEnabled` to true.",
  judge(resource, { fail }) {
    const value = resource.get("deletionProtectionEnabled");
    if (value.isNot(true)) fail(value, "Deletion protection is off.");
  },
});
