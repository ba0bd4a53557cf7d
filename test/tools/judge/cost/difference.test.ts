import { strict as assert } from "node:assert";
import { costDifference } from "../../../../tools/judge/cost/difference";
import { estimate } from "../../../../tools/judge/cost/estimate";
import type { Plan, PlanValue } from "../../../../tools/plan/plan";
import { difference } from "../../../../tools/sources/difference/difference";
import { component, plan, resource } from "../../plans";

const parent = component("database", "AwsRdsPostgres");
const database = (inputs: Record<string, PlanValue>) =>
  plan(
    parent,
    resource(
      "aws:rds/instance:Instance",
      "db",
      { engine: "postgres", instanceClass: "db.t4g.medium", allocatedStorage: 20, storageType: "gp3", ...inputs },
      { parent },
    ),
  );

function compare(before: Plan, after: Plan, regions: readonly [string, string] = ["eu-central-1", "eu-central-1"]) {
  const cost = { before: estimate(before, { region: regions[0] }), after: estimate(after, { region: regions[1] }) };
  return costDifference(cost, difference(before, after))!;
}

describe("what a change costs", () => {
  it("is a difference and its share where everything has a price", () => {
    const { monthlyUsd, percent, unknown } = compare(database({}), database({ instanceClass: "db.t4g.large" }));
    assert.deepEqual(unknown, []);
    assert.ok(Math.abs(monthlyUsd! - 730 * (0.129 * 1 + 0.02 - 0.069 - 0.011)) < 20 && monthlyUsd! > 0);
    assert.ok(percent! > 50);
  });

  for (const [what, inputs] of [
    ["class", { instanceClass: "db.x9g.large" }],
    ["engine", { engine: "sqlserver-web" }],
    ["storage type", { storageType: "io2", iops: 40_000 }],
    ["IOPS beyond what gp3 includes", { iops: 12_000, allocatedStorage: 20 }],
  ] as const) {
    it(`is not known where a ${what} has no price: a hole is no saving`, () => {
      for (const [before, after] of [
        [database({}), database(inputs)],
        [database(inputs), database({})],
      ] as const) {
        const result = compare(before, after);
        assert.equal(result.monthlyUsd, undefined);
        assert.deepEqual(
          result.unknown.map(({ urn, component }) => [urn.split("::").pop(), component]),
          [["db", "database"]],
        );
        assert.equal(result.components[0]!.known, false);
      }
    });
  }

  it("is not known where the region is gone, though no resource changes", () => {
    const gone = compare(database({}), database({}), ["eu-central-1", ""]);
    assert.equal(gone.monthlyUsd, undefined);
    assert.equal(gone.unknown.length, 1);
  });

  it("is not known for a region without prices, and a region is never a saving", () => {
    const moved = compare(database({}), database({ tags: { region: "changed" }, port: 5433 }), [
      "eu-central-1",
      "af-south-1",
    ]);
    assert.equal(moved.monthlyUsd, undefined);
    assert.equal(moved.unknown.length, 1);
  });

  it("is known although something without a price stands beside it, untouched or with another tag", () => {
    const beside = (tag: string) => resource("acme:index:Thing", "thing", { tags: { tag } });
    const at = (instanceClass: string, tag: string) =>
      plan(...database({ instanceClass }).resources.slice(1), beside(tag));
    const result = compare(at("db.t4g.medium", "a"), at("db.t4g.large", "b"));
    assert.ok(result.monthlyUsd! > 0);
    assert.deepEqual(result.unknown, []);
  });

  it("is not known when something without a price comes, goes or changes", () => {
    const thing = (size: number) => resource("acme:index:Thing", "thing", { size });
    for (const [before, after] of [
      [plan(), plan(thing(1))],
      [plan(thing(1)), plan()],
      [plan(thing(1)), plan(thing(2))],
    ] as const)
      assert.equal(compare(before, after).monthlyUsd, undefined);
  });

  it("has no share of less than half a cent", () => {
    const report = (monthlyUsd: number) => ({ ...estimate(plan(), { region: "eu-central-1" }), monthlyUsd });
    const share = (before: number) => {
      const { percent } = costDifference({ before: report(before), after: report(10) }, undefined)!;
      return percent === undefined ? undefined : Math.round(percent);
    };
    assert.deepEqual([share(0.004), share(0.005), share(5)], [undefined, 199_900, 100]);
  });

  it("lists the greatest difference first, whichever way, and of two alike the more expensive", () => {
    const report = (costs: Record<string, number>) => ({
      ...estimate(plan(), { region: "eu-central-1" }),
      components: Object.entries(costs).map(([name, monthlyUsd]) => ({ urn: name, component: name, monthlyUsd })),
    });
    const before = report({ cache: 20, cdn: 5, database: 100, gone: 40 });
    const after = report({ cache: 10, cdn: 15, database: 70 });
    assert.deepEqual(
      costDifference({ before, after }, undefined)!.components.map(({ name }) => name),
      ["gone", "database", "cdn", "cache"],
    );
  });

  it("has no share of nothing, and is nothing without a base", () => {
    assert.equal(compare(plan(), database({})).percent, undefined);
    assert.equal(costDifference({ after: estimate(plan(), { region: "" }) }, undefined), undefined);
  });

  it("is not known where something paid by use comes, goes or gets larger; and is where another property of it changes", () => {
    const with_ = (inputs: Record<string, PlanValue>) =>
      plan(
        resource("aws:lambda/function:Function", "reports", inputs),
        resource("aws:sqs/queue:Queue", "jobs", inputs),
      );
    const unknown = (before: Plan, after: Plan) =>
      compare(before, after).unknown.map(({ urn }) => urn.split("::").pop());
    assert.deepEqual(unknown(plan(), with_({})), ["reports", "jobs"]);
    assert.deepEqual(unknown(with_({}), plan()), ["reports", "jobs"]);
    assert.deepEqual(unknown(with_({ memorySize: 128 }), with_({ memorySize: 1024 })), ["reports"]);
    assert.deepEqual(unknown(with_({ timeout: 3 }), with_({ timeout: 30 })), []);
  });
});
