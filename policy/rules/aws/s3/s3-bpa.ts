import { defineRule } from "../../../rule";
import { aws } from "../types";

const switches = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export default defineRule({
  id: "s3-bpa",
  title: "Buckets block public access",
  severity: "high",
  level: "mandatory",
  scope: "stack",
  appliesTo: aws.bucket,
  references: ["FSBP S3.8", "CIS AWS 2.1.4", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"],
  why: "One wrong policy or upload is enough to publish a bucket; this switch overrules it.",
  fix: "Add an `aws.s3.BucketPublicAccessBlock` with all four settings true.",
  judge(bucket, { each, fail, stack }) {
    const blocks = stack.attached(bucket, "bucket", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    if (blocks.length === 0) fail(bucket.root, "Nothing blocks public access to the bucket.");
    for (const block of blocks) {
      each(switches, (name) => {
        if (block.get(name).isNot(true))
          fail(block.get(name), "The bucket's public access block has this setting off.");
      });
    }
  },
});
