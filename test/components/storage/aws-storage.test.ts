import { strict as assert } from "node:assert";
import { AwsPrivateBucket } from "../../../components/shared/aws-private-bucket";
import { AwsS3Storage } from "../../../components/storage/aws-s3-storage";
import { orphans, statements } from "../aws-fixtures";
import { all, only, record } from "../../record";

describe("AwsPrivateBucket", () => {
  const bucket = (args: Partial<ConstructorParameters<typeof AwsPrivateBucket>[1]> = {}) =>
    record(() => void new AwsPrivateBucket("files", { versioned: true, protect: true, ...args }));

  it("blocks public access in all four ways, and ACLs", async () => {
    const plan = await bucket();
    const { bucket: _, ...blocked } = only(plan, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs;
    assert.deepEqual(blocked, {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const { rule } = only(plan, "aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs;
    assert.deepEqual(rule, { objectOwnership: "BucketOwnerEnforced" });
    assert.ok(!("acl" in only(plan, "aws:s3/bucket:Bucket").inputs));
  });

  it("denies whatever does not come over TLS, on bucket and objects", async () => {
    const [deny] = statements(only(await bucket(), "aws:s3/bucketPolicy:BucketPolicy"));
    assert.deepEqual(deny, {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: ["arn:aws:s3:::{0}", "arn:aws:s3:::{0}/*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("is protected and kept when it holds what cannot be made again", async () => {
    const { inputs, options } = only(await bucket(), "aws:s3/bucket:Bucket");
    assert.deepEqual([options.protect, options.retainOnDelete, inputs["forceDestroy"]], [true, true, false]);
  });

  it("can be emptied and deleted otherwise", async () => {
    const { inputs, options } = only(await bucket({ protect: false }), "aws:s3/bucket:Bucket");
    assert.equal(options.protect ?? false, false);
    assert.equal(options.retainOnDelete ?? false, false);
    assert.equal(inputs["forceDestroy"], true);
  });

  it("expires nothing by itself", async () => {
    const { rules } = only(await bucket(), "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs;
    assert.deepEqual(rules, [
      {
        id: "tidy",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        noncurrentVersionExpiration: { noncurrentDays: 30 },
      },
    ]);
  });

  it("without versions has no versioning and nothing to expire of it", async () => {
    const plan = await bucket({ versioned: false, expireAfterDays: 90 });
    assert.deepEqual(all(plan, "aws:s3/bucketVersioning:BucketVersioning"), []);
    const { rules } = only(plan, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs;
    assert.deepEqual((rules as object[])[0], {
      id: "tidy",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      expiration: { days: 90 },
    });
  });
});

describe("AwsS3Storage", () => {
  it("tells the application where its uploads go, and asks for no more than it needs there", async () => {
    let storage!: AwsS3Storage;
    const plan = await record(() => {
      storage = new AwsS3Storage("storage", { region: "eu-central-1", protect: true });
      return { environment: storage.environment, permissions: storage.permissions };
    });
    const bucket = { $unknown: [`${only(plan, "aws:s3/bucket:Bucket").urn}#bucket`] };
    assert.deepEqual(plan.outputs["environment"], { STORAGE_BUCKET: bucket, STORAGE_REGION: "eu-central-1" });
    assert.deepEqual(
      storage.permissions.map(({ Action }) => Action),
      [["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "s3:ListBucket"],
    );
    assert.deepEqual(orphans(plan), []);
  });
});
