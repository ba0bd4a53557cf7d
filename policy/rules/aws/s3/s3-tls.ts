import { defineRule } from "../../../rule";
import type { Value } from "../../../value";
import { type Statement, statements } from "../iam-document";
import { aws } from "../types";

export default defineRule({
  id: "s3-tls",
  title: "Buckets refuse requests without TLS",
  severity: "medium",
  level: "mandatory",
  scope: "stack",
  appliesTo: aws.bucket,
  references: ["FSBP S3.5", "CIS AWS 2.1.1", "CKV_AWS_379"],
  why: "S3 answers plain HTTP as well, with the same files and the same signed addresses.",
  fix: "Add a bucket policy that denies `s3:*` to everybody when `aws:SecureTransport` is false.",
  judge(bucket, { fail, stack }) {
    const policies = stack.attached(bucket, "bucket", ...aws.bucketPolicy).map((policy) => policy.get("policy"));
    const documents: Value[] = [...policies, bucket.get("policy")].filter(({ present }) => present);
    if (!documents.some((document) => statements(document).some(deniesPlainHttp))) {
      fail(documents[0] ?? bucket.root, "No bucket policy refuses requests without TLS.");
    }
  },
});

function deniesPlainHttp(statement: Statement): boolean {
  const transport = statement.conditionValues(/^bool(ifexists)?$/i, /^aws:securetransport$/i);
  return (
    statement.denies &&
    statement.principals("AWS").some((principal) => principal.is("*")) &&
    statement.list("Action").some((action) => action.is("*", "s3:*")) &&
    transport.some((value) => value.is(false))
  );
}
