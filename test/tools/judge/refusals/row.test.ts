import { deepEqual, equal } from "node:assert/strict";
import {
  compareVersions,
  concerns,
  lessThanBefore,
  shown,
  version,
} from "../../../../tools/judge/refusals/changes/row";
import { bySeverity, type Finding, findingSeverities } from "../../../../tools/judge/refusals/finding";
import { refusalsOf } from "../../../../tools/judge/refusals/states";
import type { PlanValue } from "../../../../tools/plan/plan";
import { plan, resource } from "../../plans";

const unknown: PlanValue = { $unknown: ["urn#value"] };

describe("a row of the consequences", () => {
  it("concerns its property and what is below it, and no other that begins alike", () => {
    const row = { property: "healthCheck" } as Parameters<typeof concerns>[0];
    const paths = ["healthCheck", "healthCheck.path", "healthCheck[0]", "healthCheckType", "health", "x.healthCheck"];
    deepEqual(
      paths.filter((path) => concerns(row, { path } as never)),
      ["healthCheck", "healthCheck.path", "healthCheck[0]"],
    );
  });

  it("compares numbers, also those in text, and nothing that is not known", () => {
    const less = (before: PlanValue | undefined, after: PlanValue | undefined) =>
      lessThanBefore({ before, after } as Parameters<typeof lessThanBefore>[0]);
    for (const [before, after] of [
      [2, 1],
      ["10", "9"],
      [1, 0],
      ["1.5", 1],
    ] as const)
      equal(less(before, after), true, `${before} ${after}`);
    for (const [before, after] of [
      [1, 1],
      [1, 2],
      [1, ""],
      [1, " "],
      [1, "none"],
      ["", -1],
      [1, undefined],
      [undefined, 1],
      [2, unknown],
      [unknown, 1],
      [2, true],
    ] as const)
      equal(less(before, after), false, JSON.stringify([before, after]));
  });

  it("reads versions as far as they are numbers", () => {
    deepEqual(
      ["17.4", 17, "8.0.mysql_aurora.3.05.2", "17", "v17", "", undefined, true].map((each) => version(each)),
      [[17, 4], [17], [8, 0], [17], undefined, undefined, undefined, undefined],
    );
    deepEqual(
      [
        compareVersions([17, 4], [17, 3]),
        compareVersions([17, 4], [17, 5]),
        compareVersions([17], [17, 5]),
        compareVersions([17, 5], [17]),
        compareVersions([9, 6], [10]),
      ].map(Math.sign),
      [-1, 1, 0, 0, 1],
    );
  });

  it("shows text, numbers and booleans, and of the rest that it is not known", () => {
    deepEqual(
      ["a", 1, false, unknown, undefined, ["a"]].map((each) => shown(each)),
      ["a", "1", "false", ...Array<string>(3).fill("a value that is not known yet")],
    );
  });
});

describe("findings", () => {
  it("stand in the order of what they do: refused, data, outage, harmless", () => {
    const of = (severity: Finding["severity"], id: string) => ({ severity, id }) as Finding;
    const mixed = [of("harmless", "d"), of("outage", "c"), of("refused", "a"), of("data", "b")].sort(bySeverity);
    deepEqual(
      mixed.map(({ id }) => id),
      ["a", "b", "c", "d"],
    );
    deepEqual(findingSeverities, ["refused", "data", "outage", "harmless"]);
  });
});

describe("what AWS would refuse of a desired state", () => {
  const balancer = (inputs: Readonly<Record<string, PlanValue>>) =>
    refusalsOf(
      plan(resource("aws:lb/loadBalancer:LoadBalancer", "alb", inputs)),
      {},
      { today: new Date("2027-01-01") },
    );

  it("is a finding with where, why, what to do and AWS's page", () => {
    const { findings, notEvaluated, passed } = balancer({ idleTimeout: 4001 });
    equal(findings.length, 1);
    const [{ id, link, message, remedy, severity, stack, urn, ...rest }] = findings as [Finding];
    deepEqual([id, severity, stack, rest], ["alb-idle-timeout", "refused", "prod", {}]);
    equal(urn?.endsWith("::alb"), true);
    equal(/^https:\/\/docs\.aws\.amazon\.com\//.test(link), true, link);
    equal(message.includes("4001") || message.includes("4000"), true, message);
    equal(remedy.length > 10, true, remedy);
    deepEqual([notEvaluated, passed > 0], [[], true]);
  });

  it("is not evaluated, and says why, where a value is known only after deployment", () => {
    const { findings, notEvaluated } = balancer({ idleTimeout: unknown });
    deepEqual(findings, []);
    const [{ id, link, reason, stack }] = notEvaluated as [(typeof notEvaluated)[number]];
    deepEqual([id, stack], ["alb-idle-timeout", "prod"]);
    equal(/not known/.test(reason), true, reason);
    equal(/^https:/.test(link), true);
  });

  it("is nothing of what AWS takes", () => {
    const { findings, notEvaluated, passed } = balancer({ idleTimeout: 60 });
    deepEqual([findings, notEvaluated, passed > 0], [[], [], true]);
  });

  it("is left out where a stack exempts it, until the day that it says", () => {
    const exemptions = [
      { rule: "alb-idle-timeout", resource: "alb", reason: "raised by AWS for us", expires: "2027-01-31" },
    ];
    const judged = (today: string) =>
      refusalsOf(
        plan(resource("aws:lb/loadBalancer:LoadBalancer", "alb", { idleTimeout: 5000 })),
        { exemptions },
        { today: new Date(today) },
      ).findings.map(({ id }) => id);
    deepEqual([judged("2027-01-31"), judged("2027-02-02")], [[], ["alb-idle-timeout"]]);
  });
});
