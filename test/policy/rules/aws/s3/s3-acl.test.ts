import rule from "../../../../../policy/rules/aws/s3/s3-acl";
import { given, specify, unknown } from "../../../spec";

const bucket = "aws:s3/bucket:Bucket";
const everybody = "http://acs.amazonaws.com/groups/global/AllUsers";

specify(rule, {
  passes: {
    "a bucket that says nothing": given(bucket, {}),
    "a private one": given("aws:s3/bucketAclV2:BucketAclV2", { acl: "private" }),
  },
  fails: {
    "a public bucket": [given(bucket, { acl: "public-read" }), "acl"],
    "a public list": [given("aws:s3/bucketAcl:BucketAcl", { acl: "authenticated-read" }), "acl"],
    "a public file": [given("aws:s3/bucketObjectv2:BucketObjectv2", { acl: "public-read" }), "acl"],
    "a grant to everybody": [
      given(bucket, { grants: [{ type: "Group", uri: everybody, permissions: ["READ"] }] }),
      "grants[0].uri",
    ],
    "a grant of a policy": [
      given("aws:s3/bucketAcl:BucketAcl", {
        accessControlPolicy: { grants: [{ grantee: { type: "Group", uri: everybody } }] },
      }),
      "accessControlPolicy.grants[0].grantee.uri",
    ],
  },
  open: { "a list that is not known": [given(bucket, { acl: unknown() }), "acl"] },
});
