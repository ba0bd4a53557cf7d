import { defineRule } from "../../../rule";
import { statements } from "../iam-document";
import { aws } from "../types";

export default defineRule({
  id: "resource-policy-no-anyone",
  title: "No resource policy allows anybody",
  severity: "critical",
  level: "mandatory",
  appliesTo: [
    ...aws.bucket,
    ...aws.bucketPolicy,
    /^aws:sns\/topic(Policy)?:/,
    /^aws:sqs\/queue(Policy)?:/,
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    /^aws:kms\/(key|keyPolicy):/,
    /^aws:secretsmanager\/secret(Policy)?:Secret/,
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    "aws:backup/vaultPolicy:VaultPolicy",
  ],
  references: ["FSBP S3.2", "FSBP SNS.4", "FSBP SQS.3", "CKV_AWS_70", "CKV_AWS_33", "CKV_AWS_169", "CKV_AWS_32"],
  why: '`Principal: "*"` without a condition is the whole internet.',
  fix: "Name the principal, or add a condition on `aws:SourceArn`, `aws:SourceAccount` or `aws:PrincipalOrgID`.",
  judge(resource, { each, fail }) {
    const document = resource.get("policy");
    if (!document.present) return;
    each(statements(document), (statement) => {
      if (!statement.allows) return;
      each(statement.principals("AWS"), (principal) => {
        if (principal.is("*") && !statement.conditional) fail(principal, "Anybody is allowed.");
      });
    });
  },
});
