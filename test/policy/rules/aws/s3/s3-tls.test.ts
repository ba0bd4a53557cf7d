import rule from "../../../../../policy/rules/aws/s3/s3-tls";
import { given, partly, specify, unknown, urnOf } from "../../../spec";

const type = "aws:s3/bucket:Bucket";
const bucket = given(type, {});
const deny = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const document = (...statements: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const policy = (value: unknown) =>
  given("aws:s3/bucketPolicy:BucketPolicy", { bucket: unknown(`${urnOf(type)}#id`), policy: value }, { name: "tls" });

specify(rule, {
  passes: {
    "a policy as JSON": [bucket, policy(document(deny))],
    "a policy as an object": [bucket, policy({ Statement: [deny] })],
    "one statement without a list": [bucket, policy({ Statement: deny })],
    "everybody written the long way": [
      bucket,
      policy(document({ ...deny, Principal: { AWS: ["*"] }, Action: ["s3:*"] })),
    ],
    "a policy around ARNs that are not known": [
      bucket,
      policy(partly(document({ ...deny, Resource: ["{0}", "{0}/*"] }), `${urnOf(type)}#arn`)),
    ],
    "the policy of an old bucket": given(type, { policy: document(deny) }),
  },
  fails: {
    "a bucket without a policy": [bucket, ""],
    "a policy that allows": [[bucket, policy(document({ ...deny, Effect: "Allow" }))], "policy"],
    "a policy for reading alone": [[bucket, policy(document({ ...deny, Action: "s3:GetObject" }))], "policy"],
    "a policy that refuses TLS": [
      [bucket, policy(document({ ...deny, Condition: { Bool: { "aws:SecureTransport": "true" } } }))],
      "policy",
    ],
  },
  open: {
    "a policy that is not known": [[bucket, policy(unknown())], "policy"],
    "a policy that is no JSON": [[bucket, policy("{")], "policy"],
  },
});
