import { deepEqual, match, throws } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRule } from "../../../policy/index";
import { propertyRows } from "../../../tools/judge/refusals/changes";
import { AwsCloud } from "./aws-cloud";
import { inUse, noticedLater, onlyOnceItHasGrown } from "./aws-documented";

const instance = "aws:rds/instance:Instance";
const group = "aws:lb/targetGroup:TargetGroup";
const rule = "aws:lb/listenerRule:ListenerRule";
const urnOf = (type: string, name: string) => `urn:pulumi:prod::shop::${type}::${name}`;

describe("the stand-in for AWS", () => {
  let folder: string;
  let cloud: AwsCloud;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-account-"));
    cloud = new AwsCloud(join(folder, "account.json"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function live(type: string, name: string, inputs: Record<string, unknown>) {
    const arn = `arn:aws:test:eu-central-1:111122223333:${name}`;
    return { id: name, urn: urnOf(type, name), type, inputs, outputs: { arn, ...inputs } };
  }

  it("refuses at creation what a rule of one state refuses, and takes the rest", () => {
    throws(
      () => cloud.create(live(instance, "a", { backupRetentionPeriod: 36, skipFinalSnapshot: true })),
      /AWS refuses: .*rds-backup-retention/,
    );
    deepEqual(cloud.all(), []);
    cloud.create(live(instance, "a", { backupRetentionPeriod: 35, skipFinalSnapshot: true }));
    deepEqual(cloud.all().length, 1);
  });

  it("refuses at creation what what is there already refuses", () => {
    cloud.create(
      live(instance, "source", { manageMasterUserPassword: true, skipFinalSnapshot: true, backupRetentionPeriod: 7 }),
    );
    throws(
      () => cloud.create(live(instance, "replica", { replicateSourceDb: "source" })),
      /rds-replica-managed-password/,
    );
  });

  it("knows what takes the place of another from what goes", () => {
    const parameters = "aws:rds/parameterGroup:ParameterGroup";
    const before = live(parameters, "group", { family: "postgres17" });
    cloud.create(before);
    const database = { engine: "postgres", skipFinalSnapshot: true, parameterGroupName: "group", engineVersion: "17" };
    cloud.create(live(instance, "a", database));
    cloud.create({ ...live(parameters, "group-2", { family: "postgres18" }), urn: before.urn });
    const upgraded = { ...database, engineVersion: "18", allowMajorVersionUpgrade: true };
    throws(() => cloud.update(live(instance, "a", upgraded), []), /rds-parameter-family/);
    cloud.update(live(instance, "a", { ...upgraded, parameterGroupName: "group-2" }), []);
  });

  it("refuses to move a subnet group to another VPC", () => {
    const subnetGroup = "aws:rds/subnetGroup:SubnetGroup";
    for (const [name, vpcId] of [
      ["a", "one"],
      ["b", "one"],
      ["c", "two"],
    ]) {
      const zone = { availabilityZone: `eu-central-1${name}`, vpcId };
      cloud.create(live("aws:ec2/subnet:Subnet", `subnet-${name}`, zone));
    }
    cloud.create(live(subnetGroup, "group", { subnetIds: ["subnet-a", "subnet-b"] }));
    throws(
      () => cloud.update(live(subnetGroup, "group", { subnetIds: ["subnet-a", "subnet-c"] }), []),
      /InvalidSubnet/,
    );
    cloud.update(live(subnetGroup, "group", { subnetIds: ["subnet-b", "subnet-a"] }), []);
  });

  it("refuses a name that is taken", () => {
    cloud.create(live("aws:kms/alias:Alias", "a", { name: "alias/shop" }));
    throws(() => cloud.create(live("aws:kms/alias:Alias", "b", { name: "alias/shop" })), /AlreadyExists: name/);
  });

  it("refuses at an update what a row of changes refuses", () => {
    cloud.create(live(instance, "a", { allocatedStorage: 50, skipFinalSnapshot: true }));
    const changes = [{ path: "allocatedStorage", kind: "update", before: 50, after: 49 }] as const;
    throws(
      () => cloud.update(live(instance, "a", { allocatedStorage: 49, skipFinalSnapshot: true }), changes),
      /rds-storage-shrinks/,
    );
    deepEqual(cloud.find("a", instance)?.inputs["allocatedStorage"], 50);
  });

  it("refuses to delete what is protected, what is not empty, and what is in use", () => {
    cloud.create(live(instance, "a", { deletionProtection: true, skipFinalSnapshot: true }));
    throws(() => cloud.delete("a", urnOf(instance, "a")), /rds-deletion-protection/);
    cloud.create(live("aws:s3/bucket:Bucket", "files", {}));
    throws(() => cloud.delete("files", urnOf("aws:s3/bucket:Bucket", "files")), /bucket-not-empty/);
    cloud.create(live(group, "blue", {}));
    cloud.create(live(rule, "all", { actions: [{ targetGroupArn: "arn:aws:test:eu-central-1:111122223333:blue" }] }));
    throws(() => cloud.delete("blue", urnOf(group, "blue")), /ResourceInUse by all/);
    cloud.delete("all", urnOf(rule, "all"));
    cloud.delete("blue", urnOf(group, "blue"));
  });

  it("names rules and rows that there are, and AWS's documentation", () => {
    deepEqual(
      noticedLater.filter((id) => findRule(id) === undefined),
      [],
    );
    deepEqual(
      onlyOnceItHasGrown.filter((id) => !propertyRows.some((row) => row.id === id)),
      [],
    );
    for (const { source } of Object.values(inUse)) match(source, /^https:\/\/docs\.aws\.amazon\.com\//);
  });
});
