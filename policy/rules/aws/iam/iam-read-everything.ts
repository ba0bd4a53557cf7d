import { defineRule } from "../../../rule";
import { covers, eachGrant, identityPolicyHolders, isEveryAction, isEveryResource } from "../iam-document";

const reading = [
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:GetParametersByPath",
  "s3:GetObject",
  "kms:Decrypt",
];

export default defineRule({
  id: "iam-read-everything",
  title: "Nobody reads every secret, object or key",
  severity: "medium",
  level: "advisory",
  appliesTo: identityPolicyHolders,
  references: ["CKV_AWS_288", "CKV_AWS_287", "CKV_AWS_355"],
  why: "One leak of its credentials is then a leak of the whole account.",
  fix: "Name the secrets, parameters, buckets and keys.",
  judge(resource, context) {
    const { each, fail } = context;
    eachGrant(resource, context, (statement) => {
      if (statement.conditional) return;
      each(statement.list("Action"), (action) => {
        if (isEveryAction(action)) return;
        const found = reading.find((one) => covers(action.string() ?? "", one));
        // What is not known yet is an output, and so one of them.
        const onEverything = () => statement.onEverything((target) => !target.isUnknown && isEveryResource(target));
        if (found !== undefined && onEverything()) fail(action, `The statement allows ${found} on everything.`);
      });
    });
  },
});
