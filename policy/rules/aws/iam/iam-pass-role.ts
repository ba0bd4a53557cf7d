import { defineRule } from "../../../rule";
import { covers, eachGrant, identityPolicyHolders } from "../iam-document";

export default defineRule({
  id: "iam-pass-role",
  title: "Nobody may hand out just any role",
  severity: "high",
  level: "mandatory",
  appliesTo: identityPolicyHolders,
  references: ["CKV_AWS_286"],
  why: "Who may pass every role may start a task as the administrator.",
  fix: "Name the roles under `Resource`, or add a condition on `iam:PassedToService`.",
  judge(resource, context) {
    eachGrant(resource, context, (statement) => {
      // A condition says to whom, which bounds it whatever role an unknown ARN is.
      if (statement.conditional) return;
      const passing = statement.list("Action").find((action) => covers(action.string() ?? "", "iam:PassRole"));
      if (!passing || passing.is("*", "*:*")) return;
      const everything = statement
        .list("Resource")
        .some((target) => target.is("*") || target.text()?.endsWith(":role/*"));
      if (everything) context.fail(passing, "The statement lets its holder pass every role.");
    });
  },
});
