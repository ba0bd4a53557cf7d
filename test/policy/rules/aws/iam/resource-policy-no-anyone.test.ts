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
    "everybody from the network of an office": bucketPolicy(
      document("*", { IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } }),
    ),
    "everybody of one account": bucketPolicy(document("*", { StringEquals: { "aws:SourceAccount": "1" } })),
    "everybody from an address that is an output": bucketPolicy(
      partly(
        '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Condition":{"StringEquals":{"aws:SourceArn":"{0}"}}}]}',
        "urn#arn",
      ),
    ),
    "all but some, denied": bucketPolicy(
      JSON.stringify({ Statement: [{ Effect: "Deny", NotPrincipal: { AWS: "arn:aws:iam::1:root" }, Action: "s3:*" }] }),
    ),
    "a queue without a policy": given("aws:sqs/queue:Queue", {}),
  },
  fails: {
    everybody: [bucketPolicy(document("*")), principal],
    "everybody the long way": [bucketPolicy(document({ AWS: "*" })), `${principal}.AWS`],
    "a topic": [given("aws:sns/topicPolicy:TopicPolicy", { policy: document("*") }), principal],
    "a key": [given("aws:kms/key:Key", { policy: document({ AWS: "*" }) }), `${principal}.AWS`],
    "a secret": [given("aws:secretsmanager/secretPolicy:SecretPolicy", { policy: document("*") }), principal],
    "everybody with a header that anybody can send": [
      bucketPolicy(document("*", { StringLike: { "aws:Referer": "https://shop.example.com/*" } })),
      principal,
    ],
    "everybody from both halves of the internet": [
      bucketPolicy(document("*", { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1", "::/1"] } })),
      principal,
    ],
    "an API": [given("aws:apigateway/restApi:RestApi", { policy: document("*") }), principal],
    "a domain of OpenSearch": [
      given("aws:opensearch/domain:Domain", { accessPolicies: document("*") }),
      principal.replace("policy", "accessPolicies"),
    ],
    "a bus of events": [given("aws:cloudwatch/eventBusPolicy:EventBusPolicy", { policy: document("*") }), principal],
    "a table": [given("aws:dynamodb/resourcePolicy:ResourcePolicy", { policy: document("*") }), principal],
    "an access point": [given("aws:s3/accessPoint:AccessPoint", { policy: document("*") }), principal],
    "everybody from everywhere": [
      bucketPolicy(document("*", { IpAddress: { "aws:SourceIp": ["0.0.0.0/0"] } })),
      principal,
    ],
    "everybody but one address": [
      bucketPolicy(document("*", { NotIpAddress: { "aws:SourceIp": "198.51.100.7/32" } })),
      principal,
    ],
    "all but some": [
      bucketPolicy(
        JSON.stringify({
          Statement: [{ Effect: "Allow", NotPrincipal: { AWS: "arn:aws:iam::1:root" }, Action: "s3:*" }],
        }),
      ),
      "policy.Statement[0].NotPrincipal",
    ],
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
