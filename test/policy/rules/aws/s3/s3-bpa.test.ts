import rule from "../../../../../policy/rules/aws/s3/s3-bpa";
import { given, specify, unknown, urnOf } from "../../../spec";

const type = "aws:s3/bucket:Bucket";
const bucket = given(type, { bucket: "shop-assets" });
const all = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const block = (properties: Record<string, unknown>) =>
  given(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    { bucket: unknown(`${urnOf(type)}#id`), ...all, ...properties },
    { name: "block" },
  );

specify(rule, {
  passes: {
    "a bucket with a block": [bucket, block({})],
    "a block by the bucket's name": [bucket, block({ bucket: "shop-assets" })],
    "the second type of bucket": [
      given("aws:s3/bucketV2:BucketV2", {}),
      block({ bucket: unknown(`${urnOf("aws:s3/bucketV2:BucketV2")}#bucket`) }),
    ],
  },
  fails: {
    "a bucket without a block": [bucket, ""],
    "a block of another bucket": [[bucket, block({ bucket: "blog" })], ""],
    "a block with a hole": [[bucket, block({ restrictPublicBuckets: false })], "restrictPublicBuckets"],
  },
  open: {
    "a block of who knows which bucket": [[bucket, block({ bucket: unknown() })], "bucket of block"],
    "a switch that is not known": [[bucket, block({ blockPublicAcls: unknown() })], "blockPublicAcls"],
  },
});
