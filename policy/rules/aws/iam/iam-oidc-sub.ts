import { defineRule } from "../../../rule";
import type { Value } from "../../../value";
import { type Statement, statements } from "../iam-document";
import { aws } from "../types";

export default defineRule({
  id: "iam-oidc-sub",
  title: "Roles for pipelines trust one repository",
  severity: "critical",
  level: "mandatory",
  appliesTo: aws.role,
  references: ["CKV_AWS_358"],
  why: "Every repository of the world shares the identity provider. Without a condition on the subject any of them may take the role.",
  fix: "Add `StringEquals` on `<provider>:sub`, such as `repo:owner/name:environment:production`, and on `:aud`.",
  judge(role, { each, fail }) {
    each(statements(role.get("assumeRolePolicy")), (statement) => {
      if (!statement.allows) return;
      each(statement.principals("Federated"), (provider) => {
        const subjects = subjectsOf(statement);
        if (subjects.length === 0 && !identifiesOtherwise(provider)) {
          fail(statement.condition, "Every identity of the provider may take this role.");
        }
        each(subjects, (subject) => {
          if (/^(\*|repo:\*|repo:[^/:]*\*|project_path:\*)/.test(subject.string() ?? "")) {
            fail(subject, "The subject admits repositories of other owners.");
          }
        });
      });
    });
  },
});

/** SAML and Cognito tell who somebody is by other keys than the subject. */
function identifiesOtherwise(provider: Value): boolean {
  return provider.is("cognito-identity.amazonaws.com") || (provider.text()?.includes(":saml-provider/") ?? false);
}

function subjectsOf(statement: Statement) {
  return statement.conditionValues(/^(ForAnyValue:)?String(Equals|Like)(IgnoreCase)?$/i, /:(sub|job_workflow_ref)$/i);
}
