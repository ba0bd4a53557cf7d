import { deepEqual, equal, ok } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failing } from "../../../../policy/index";
import { reviewOfEvents } from "../../../../tools/review/of-events";
import { preview } from "../../../../tools/review/preview";
import { missing, needs } from "../../../project";
import { OwnEngine } from "../../../policy/three-ways/own-engine";

/** `slipway diff prod --engine`, with a stand-in for AWS. */
describe("a difference with the live state", function () {
  this.timeout(300_000);
  let engine: OwnEngine;

  before(function () {
    needs(this, missing("pulumi", "pulumi-resource-random"));
    engine = new OwnEngine();
    engine.up("prod");
  });

  after(() => engine?.remove());

  const review = () =>
    reviewOfEvents({
      stack: "prod",
      projectDir: engine.folder,
      commit: "4f2c9aa0d1b7e5a3c2f90812345678deadbeef01",
      events: engine.preview("prod"),
    });

  it("says of a stack that is as it should be what the in-process preview says", async () => {
    const { policies, cost } = await preview({ projectDir: engine.folder, stack: "prod" });
    const live = await review();
    const rules = (report: typeof policies) =>
      [...new Set(report.verdicts.filter(({ outcome }) => outcome === "fail").map(({ rule }) => rule))].sort();
    deepEqual(rules(live.policies!), rules(policies));
    ok(live.plan!.resources.every(({ operation }) => operation === "same"));
    for (const estimate of [live.cost!.before, live.cost!.after]) {
      equal(estimate?.monthlyUsd.toFixed(2), cost.monthlyUsd.toFixed(2));
    }
  });

  it("compares what stands with what would, in cost and in policies", async () => {
    const file = join(engine.folder, "Pulumi.prod.yaml");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace("slipway:database:", "slipway:database:\n    standby: false"),
    );
    const { policies, cost, plan } = await review();
    const database = plan!.resources.find(({ type }) => type === "aws:rds/instance:Instance");
    deepEqual(
      database?.changes?.map(({ path, before, after }) => [path, before, after]),
      [["multiAz", true, false]],
    );
    equal(failing(policies!).stopping, 1);
    ok(cost!.before!.monthlyUsd - cost!.after.monthlyUsd > 50, "the second server is no longer paid for");
  });
});
