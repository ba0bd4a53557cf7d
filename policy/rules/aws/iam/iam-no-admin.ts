import { defineRule } from "../../../rule";
import { eachGrant, identityPolicyHolders, isEveryAction } from "../iam-document";

export default defineRule({
  id: "iam-no-admin",
  title: "No policy allows everything on everything",
  severity: "critical",
  level: "mandatory",
  appliesTo: identityPolicyHolders,
  references: ["FSBP IAM.1", "CIS AWS 1.16", "CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_355"],
  why: "An attacker who takes over the one process that holds it owns the account.",
  fix: "Name the actions and the resources that the holder needs.",
  judge(resource, context) {
    eachGrant(resource, context, (statement) => {
      const everything = statement.list("Action").filter(isEveryAction);
      const [except] = statement.list("NotAction");
      // Resources are often outputs: they are read only when the actions make them matter.
      if (everything.length === 0 && !except) return;
      if (!statement.onEverything()) return;
      for (const action of everything) context.fail(action, "The statement allows every action on every resource.");
      if (except) context.fail(except, "The statement allows all but a few actions on every resource.");
    });
  },
});
