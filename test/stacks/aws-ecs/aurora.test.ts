import { deepEqual, equal, match, ok } from "node:assert/strict";
import { awsEcsTarget } from "../../../stacks/aws-ecs/target";
import { SettingsError } from "../../../stacks/settings/problems";
import type { Unconstrained } from "../../../stacks/settings/settings";
import { actionsOf } from "../../../tools/operate/doctor/aws-ecs/rows/account";
import type { AwsEcsSettings } from "../../../stacks/settings/settings";
import { all, only } from "../../record";
import { type Raw, resolved, stackOf } from "./stack-file";

const aurora = (database: Raw = {}, more: Raw = {}): Raw => ({
  ...more,
  database: { implementation: "aurora-serverless-v2", ...database },
});
const cluster = "aws:rds/cluster:Cluster";
const server = "aws:rds/clusterInstance:ClusterInstance";

function problems(file: Raw): string[] {
  try {
    resolved(file);
    return [];
  } catch (error) {
    ok(error instanceof SettingsError, String(error));
    return error.problems.map(({ key, message }) => `${key} ${message}`);
  }
}

describe("database.implementation aurora-serverless-v2", () => {
  it("is a cluster in place of an instance, with the capacity of the stack file", async () => {
    const plan = await stackOf(aurora({ minAcu: 1, maxAcu: 16 }));
    deepEqual(all(plan, "aws:rds/instance:Instance"), []);
    const { inputs } = only(plan, cluster);
    deepEqual(inputs["serverlessv2ScalingConfiguration"], { minCapacity: 1, maxCapacity: 16 });
    deepEqual([inputs["engine"], inputs["engineVersion"]], ["aurora-postgresql", "17"]);
    equal(inputs["backupRetentionPeriod"], 14);
    equal(inputs["deletionProtection"], true);
  });

  it("has the servers that the preset asks for, and more for reads alone", async () => {
    const tiers = async (file: Raw) => all(await stackOf(file), server).map(({ inputs }) => inputs["promotionTier"]);
    deepEqual(await tiers(aurora()), [0, 1]);
    deepEqual(await tiers(aurora({ readReplicas: 2 })), [0, 1, 2, 2]);
    deepEqual(await tiers(aurora({}, { preset: "staging" })), [0]);
  });

  it("gives the application the writer, the readers where there are any for it, and the password by reference", async () => {
    const task = async (file: Raw) =>
      JSON.stringify(only(await stackOf(file), "aws:ecs/taskDefinition:TaskDefinition", "web").inputs);
    const [plain, withReaders, withProxy] = [
      await task(aurora()),
      await task(aurora({ readReplicas: 1 })),
      await task(aurora({ proxy: true })),
    ];
    match(plain, /DATABASE_URL/);
    match(plain, /DATABASE_SECRET_ARN/);
    ok(!plain.includes("DATABASE_REPLICA_URL"));
    match(withReaders, /DATABASE_REPLICA_URL/);
    ok(!withProxy.includes("DATABASE_REPLICA_URL"));
  });

  it("is watched as a cluster, and its events and snapshots are heard of", async () => {
    const plan = await stackOf(aurora({}, { monitoring: { emails: ["ops@example.com"] } }));
    const alarms = all(plan, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name);
    deepEqual(alarms.filter((name) => /database/.test(name)).sort(), [
      "monitoring-database-aurora-capacity",
      "monitoring-database-aurora-connections",
      "monitoring-database-aurora-cpu",
      "monitoring-database-aurora-replica-lag",
      "monitoring-database-backup",
    ]);
    const { inputs } = only(plan, "aws:rds/eventSubscription:EventSubscription");
    deepEqual([inputs["sourceType"], inputs["eventCategories"]], ["db-cluster", ["failover", "failure"]]);
  });

  it("tells the verbs of day two of its cluster", async () => {
    const { operations } = (await stackOf(aurora())).outputs as Record<string, Record<string, unknown>>;
    deepEqual(Object.keys(operations!["backups"] as object), ["cluster"]);
    const { DATABASE_PASSWORD } = operations!["rotations"] as Record<string, Record<string, unknown>>;
    equal(DATABASE_PASSWORD?.["by"], "rds-cluster");
  });

  it("may be one that exists", async () => {
    const plan = await stackOf(aurora({ identifier: "shop-production", readReplicas: 1 }));
    deepEqual([...all(plan, cluster), ...all(plan, server)], []);
    const task = JSON.stringify(only(plan, "aws:ecs/taskDefinition:TaskDefinition", "web").inputs);
    match(task, /DATABASE_REPLICA_URL/);
  });

  for (const [title, file, said] of [
    [
      "more at least than at most",
      aurora({ minAcu: 4, maxAcu: 2 }),
      [/database\.maxAcu is less than database\.minAcu, 4/],
    ],
    ["a pause in production", aurora({ minAcu: 0 }), [/database\.minAcu pauses .* expected 0\.5 or more/]],
    [
      "a pause behind a proxy",
      aurora({ minAcu: 0, proxy: true }, { preset: "staging" }),
      [/database\.minAcu and database\.proxy exclude each other/],
    ],
    [
      "a time to a pause that never comes",
      aurora({ autoPauseSeconds: 600 }),
      [/database\.autoPauseSeconds is only for/],
    ],
    ["a quarter", aurora({ minAcu: 0.25 }), [/database\.minAcu expected 0 to 256 .* in steps of 0\.5/]],
    ["more than there is", aurora({ maxAcu: 256.5 }), [/database\.maxAcu expected 1 to 256/]],
    ["less than there is", aurora({ maxAcu: 0.5 }), [/database\.maxAcu expected 1 to 256/]],
    ["hourly snapshots", aurora({ backupCron: "0 * * * *" }), [/database\.backupCron this database is backed up once/]],
    [
      "a capacity of RDS",
      { database: { maxAcu: 4 } },
      [/database\.maxAcu is only for implementation aurora-serverless-v2/],
    ],
  ] as const)
    it(`refuses ${title}`, () => {
      const found = problems(file);
      equal(found.length, said.length, found.join("\n"));
      for (const [index, expected] of said.entries()) match(found[index]!, expected);
    });

  it("takes the limits themselves", () => {
    deepEqual(problems(aurora({ minAcu: 256, maxAcu: 256 })), []);
    deepEqual(problems(aurora({ minAcu: 0, maxAcu: 1, autoPauseSeconds: 300 }, { preset: "staging" })), []);
  });

  it("says that nothing pauses while the application runs", () => {
    const settings = resolved(aurora({ minAcu: 0 }, { preset: "development" })) as unknown as Unconstrained;
    const said = awsEcsTarget.warnings.map((warning) => warning(settings as never)).filter((one) => one !== undefined);
    ok(said.some((one) => /pauses only while no replica/.test(one)));
  });

  it("needs what makes a cluster", () => {
    const actions = actionsOf(resolved(aurora()) as AwsEcsSettings);
    deepEqual(
      actions.filter((action) => action.startsWith("rds:")),
      ["rds:CreateDBCluster", "rds:CreateDBInstance"],
    );
  });
});
