import rule from "../../../../../policy/rules/aws/iam/resource-policy-no-anyone";
import { given, partly, specify, unknown } from "../../../spec";

const document = (Principal: unknown, Condition?: unknown) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*", Principal, Condition }] });
const bucketPolicy = (policy: unknown) => given("aws:s3/bucketPolicy:BucketPolicy", { policy });
const principal = "policy.Statement[0].Principal";

specify(rule, {
  passes: {
    "the CDN": bucketPolicy(
      document({ Service: "cloudfront.amazonaws.com" }, { StringEquals: { "AWS:SourceArn": "arn" } }),
    ),
    "everybody of one account": bucketPolicy(document("*", { StringEquals: { "aws:SourceAccount": "1" } })),
    "a queue without a policy": given("aws:sqs/queue:Queue", {}),
  },
  fails: {
    everybody: [bucketPolicy(document("*")), principal],
    "everybody the long way": [bucketPolicy(document({ AWS: "*" })), `${principal}.AWS`],
    "a topic": [given("aws:sns/topicPolicy:TopicPolicy", { policy: document("*") }), principal],
    "a key": [given("aws:kms/key:Key", { policy: document({ AWS: "*" }) }), `${principal}.AWS`],
    "a secret": [given("aws:secretsmanager/secretPolicy:SecretPolicy", { policy: document("*") }), principal],
    "everybody beside an unknown": [
      bucketPolicy(
        partly(
          '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"{0}/*"}]}',
          "urn#arn",
        ),
      ),
      principal,
    ],
  },
  open: { "a policy that is not known": [bucketPolicy(unknown()), "policy"] },
});
