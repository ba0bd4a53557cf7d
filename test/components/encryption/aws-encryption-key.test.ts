import { strict as assert } from "node:assert";
import { AwsEncryptionKey } from "../../../components/encryption/aws-encryption-key";
import { orphans, statements } from "../aws-fixtures";
import { all, only, record } from "../../record";

const key = (args: { region?: string; edge?: boolean; protect?: boolean } = {}) =>
  record(() => {
    const made = new AwsEncryptionKey("key", { region: "eu-central-1", edge: true, protect: true, ...args });
    return { arn: made.arn, edgeArn: made.edgeArn };
  });

describe("AwsEncryptionKey", () => {
  it("rotates, waits a month before it is gone, and can get a replica", async () => {
    const { inputs, options } = only(await key(), "aws:kms/key:Key");
    assert.equal(inputs["enableKeyRotation"], true);
    assert.equal(inputs["deletionWindowInDays"], 30);
    assert.equal(inputs["multiRegion"], true);
    assert.deepEqual([options.protect, options.retainOnDelete], [true, true]);
  });

  it("lets the logs of its own region and account use it, and the services that notify", async () => {
    const policy = statements(only(await key(), "aws:kms/key:Key"));
    assert.deepEqual(
      policy.map(({ Principal }) => Principal),
      [
        { AWS: "arn:aws:iam::{0}:root" },
        { Service: "logs.eu-central-1.amazonaws.com" },
        { Service: "cloudwatch.amazonaws.com" },
        { Service: "events.amazonaws.com" },
        { Service: "events.rds.amazonaws.com" },
      ],
    );
    // EventBridge does not send the account with what it asks of a key, and RDS documents no condition.
    assert.deepEqual(
      policy.map(({ Condition }) => Condition !== undefined),
      [false, true, true, false, false],
    );
  });

  it("has a replica in us-east-1 for the edge, whose logs are those of us-east-1", async () => {
    const replica = only(await key(), "aws:kms/replicaKey:ReplicaKey");
    assert.equal(replica.inputs["region"], "us-east-1");
    assert.deepEqual(statements(replica)[1]?.Principal, { Service: "logs.us-east-1.amazonaws.com" });
  });

  it("is its own replica in us-east-1", async () => {
    const plan = await key({ region: "us-east-1" });
    assert.deepEqual(all(plan, "aws:kms/replicaKey:ReplicaKey"), []);
    assert.deepEqual(plan.outputs["edgeArn"], plan.outputs["arn"]);
  });

  it("has neither replica nor edge when nothing is at the edge", async () => {
    const plan = await key({ edge: false, protect: false });
    assert.deepEqual(all(plan, "aws:kms/replicaKey:ReplicaKey"), []);
    assert.ok(!("edgeArn" in plan.outputs));
    assert.equal(only(plan, "aws:kms/key:Key").options.protect ?? false, false);
    assert.deepEqual(orphans(plan), []);
  });
});
