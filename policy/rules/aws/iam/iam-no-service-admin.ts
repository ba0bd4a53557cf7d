import { defineRule } from "../../../rule";
import { eachGrant, identityPolicyHolders } from "../iam-document";

export default defineRule({
  id: "iam-no-service-admin",
  title: "No policy allows all of a service on everything",
  severity: "medium",
  level: "advisory",
  appliesTo: identityPolicyHolders,
  references: ["FSBP IAM.21"],
  why: "`s3:*` on `*` is every bucket of the account, and the right to open each of them.",
  fix: "Name the actions, or the resources, or both.",
  judge(resource, context) {
    const { each, fail } = context;
    eachGrant(resource, context, (statement) => {
      each(statement.list("Action"), (action) => {
        if (!/^[a-z0-9-]+:\*$/i.test(action.string() ?? "")) return;
        const everywhere = statement.onEverything();
        if (everywhere) fail(action, "The statement allows all of a service on everything.");
      });
    });
  },
});
