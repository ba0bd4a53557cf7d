import { deepEqual, throws } from "node:assert/strict";
import { dailyAt, rdsArgs } from "../../stacks/application";
import { existingCache, existingStorage, given, merge } from "../../stacks/parts";
import { resolveSettings } from "../../stacks/settings/load";
import type { Settings } from "../../stacks/settings/settings";
import { type Raw, stackFile } from "./settings/refused";

const settingsOf = (more: Raw): Settings =>
  resolveSettings("test", stackFile("aws-ecs", more), { awsRegion: "eu-central-1" });

describe("parts of a stack that exist elsewhere", () => {
  it("a cache is its address, and nothing where the stack makes one", () => {
    const secrets = { REDIS_PASSWORD: { generate: 32 } };
    const url = "rediss://cache.example.com:6379";
    deepEqual(existingCache(settingsOf({ cache: { implementation: "external", url }, secrets })), {
      environment: { REDIS_URL: url },
    });
    deepEqual(existingCache(settingsOf({})), { environment: {} });
  });

  it("a bucket is what is known of it", () => {
    const storage = { implementation: "external", bucket: "acme-files", region: "eu-west-1" };
    deepEqual(existingStorage(settingsOf({ storage })), {
      environment: { STORAGE_BUCKET: "acme-files", STORAGE_REGION: "eu-west-1" },
    });
    deepEqual(existingStorage(settingsOf({ storage: { ...storage, endpoint: "https://s3.example.com" } }), "auto"), {
      environment: {
        ...{ STORAGE_BUCKET: "acme-files", STORAGE_ENDPOINT: "https://s3.example.com", STORAGE_REGION: "auto" },
      },
    });
    deepEqual(existingStorage(settingsOf({})), { environment: {} });
  });

  it("what no constraint has asked for is a defect, by the setting's name", () => {
    deepEqual([given("a", "x"), given("", "x")], ["a", ""]);
    throws(() => given(undefined, "secrets.A"), {
      message: "slipway:secrets.A is missing, and no constraint has said so: a defect of Slipway",
    });
  });

  it("add up, the later variable over the earlier, without those that are not there", () => {
    const statement = (Action: string) => ({ Effect: "Allow" as const, Action, Resource: "*" });
    deepEqual(
      merge({ environment: { A: "1", B: "1" }, permissions: [statement("s3:GetObject")] }, undefined, {
        environment: { B: "2" },
        permissions: [statement("s3:PutObject")],
      }),
      {
        environment: { A: "1", B: "2" },
        permissions: [statement("s3:GetObject"), statement("s3:PutObject")],
        signals: [],
      },
    );
  });
});

describe("what only RDS is told", () => {
  it("leaves a snapshot, but where nobody would look for one", () => {
    const leaves = (more: Raw) => rdsArgs(settingsOf(more)).finalSnapshot;
    const development = { preset: "development" };
    deepEqual(
      [
        leaves({}),
        leaves({ preset: "staging" }),
        leaves(development),
        leaves({ ...development, database: { protect: true } }),
        leaves({ ...development, database: { finalSnapshot: true } }),
        leaves({ database: { finalSnapshot: false } }),
      ],
      [true, true, false, true, true, false],
    );
  });

  it("is backed up at the minute and the hour of the expression", () => {
    const at = (backupCron: string) => dailyAt(settingsOf({ database: { backupCron } }));
    deepEqual(
      [at("15 3 * * *"), at(" 0 0 * * * ")],
      [
        { hour: 3, minute: 15 },
        { hour: 0, minute: 0 },
      ],
    );
  });
});
