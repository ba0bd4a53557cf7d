import { defineRule } from "../../../rule";
import { statements } from "../iam-document";
import { aws } from "../types";

export default defineRule({
  id: "iam-trust",
  title: "Roles trust somebody in particular",
  severity: "critical",
  level: "mandatory",
  appliesTo: aws.role,
  references: ["CKV_AWS_60", "CKV_AWS_61"],
  why: "A role that trusts `*` can be taken by anybody who has an AWS account and learns its name.",
  fix: "Name the service, the account or the role under `Principal`.",
  judge(role, { each, fail }) {
    each(statements(role.get("assumeRolePolicy")), (statement) => {
      if (!statement.allows) return;
      each(statement.principals("AWS"), (principal) => {
        if (principal.is("*") && !statement.conditional) fail(principal, "Anybody may take this role.");
      });
    });
  },
});
