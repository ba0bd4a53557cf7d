import { deepEqual, equal, match, ok } from "node:assert/strict";

import {
  catalogue,
  evaluate,
  failing,
  mandatoryFailures,
  type PolicyConfiguration,
  type Resource,
} from "../../policy/index";
import { given, secret, unknown } from "./spec";

const today = new Date("2026-11-22T15:00:00Z");
const report = (resources: Resource[], configuration: PolicyConfiguration = {}) =>
  evaluate(resources, catalogue, { configuration, today });

const database = given(
  "aws:rds/instance:Instance",
  { publiclyAccessible: true, storageEncrypted: unknown() },
  { name: "primary" },
);
const repository = given("aws:ecr/repository:Repository", {}, { name: "shop" });
const exemption = {
  rule: "rds-private",
  resource: "prim*",
  reason: "moved on Monday, see issue 12",
  expires: "2026-11-22",
};
const verdictOf = (found: ReturnType<typeof report>, rule: string) =>
  found.verdicts.find((verdict) => verdict.rule === rule);

describe("an evaluation", () => {
  it("counts each rule once, by its worst answer", () => {
    const { counts, rulesRun } = report([
      given("aws:rds/instance:Instance", { storageEncrypted: true }, { name: "other" }),
      database,
    ]);
    equal(rulesRun, catalogue.length);
    ok(counts.fail >= 1 && counts.notEvaluated === 1);
    equal(verdictOf(report([database]), "rds-encrypted")?.outcome, "not-evaluated");
  });

  it("lists failures before what was not evaluated, and mandatory before advisory", () => {
    const order = report([database, repository]).verdicts.map(({ outcome, level }) => `${outcome} ${level}`);
    deepEqual(
      order,
      [...order].sort((a, b) => ranks.indexOf(a) - ranks.indexOf(b)),
    );
  });

  it("says why and how for everything it lists", () => {
    for (const { message, fix } of report([database, repository]).verdicts) match(`${message} ${fix}`, /\w+.*\./);
  });

  it("stops nothing at level advisory, but for rules that say otherwise", () => {
    equal(mandatoryFailures(report([database], { level: "advisory" })).length, 0);
    const strict = report([database], { level: "advisory", rules: { "rds-private": { level: "mandatory" } } });
    deepEqual(
      mandatoryFailures(strict).map(({ rule }) => rule),
      ["rds-private"],
    );
  });

  it("does not run a disabled rule", () => {
    const { verdicts, rulesRun } = report([database], { rules: { "rds-private": { level: "disabled" } } });
    equal(rulesRun, catalogue.length - 1);
    ok(!verdicts.some(({ rule }) => rule === "rds-private"));
  });

  it("takes a rule's parameters from the configuration", () => {
    const group = given("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30 });
    equal(verdictOf(report([group]), "logs-retention"), undefined);
    equal(
      verdictOf(report([group], { rules: { "logs-retention": { minimumDays: 90 } } }), "logs-retention")?.outcome,
      "fail",
    );
  });

  it("grants an exemption through its last day, and lists it", () => {
    const found = report([database], { exemptions: [exemption] });
    equal(verdictOf(found, "rds-private"), undefined);
    equal(found.counts.exempt, 1);
    deepEqual(found.exemptions, [{ ...exemption, state: "active", daysLeft: 0, covers: [database.urn] }]);
  });

  it("fails what an expired exemption covered, and says so", () => {
    const found = report([database], { exemptions: [{ ...exemption, expires: "2026-11-21" }] });
    match(verdictOf(found, "rds-private")?.message ?? "", /exemption expired on 2026-11-21/);
    equal(found.exemptions[0]?.state, "expired");
  });

  it("lists an exemption that nothing needs any more", () => {
    deepEqual(report([], { exemptions: [exemption] }).exemptions[0]?.covers, []);
  });

  it("repairs at level remediate, and judges what it repaired", () => {
    const found = report([repository], {
      rules: { "ecr-scan": { level: "remediate" }, "ecr-immutable": { level: "remediate" } },
    });
    deepEqual(found.remediations.map(({ rule, property, value }) => [rule, property, value]).sort(), [
      ["ecr-immutable", "imageTagMutability", "IMMUTABLE"],
      ["ecr-scan", "imageScanningConfiguration.scanOnPush", true],
    ]);
    equal(found.counts.remediated, 2);
    equal(verdictOf(found, "ecr-scan"), undefined);
  });

  it("leaves alone what is not known, and what is exempt", () => {
    const level = { rules: { "ecr-scan": { level: "remediate" } } } as const;
    const open = given("aws:ecr/repository:Repository", { imageScanningConfiguration: unknown() });
    deepEqual(report([open], level).remediations, []);
    deepEqual(
      report([repository], { ...level, exemptions: [{ ...exemption, rule: "ecr-scan", resource: "shop" }] })
        .remediations,
      [],
    );
  });

  it("makes every repair that it offers sufficient", () => {
    const pod = { spec: { template: { spec: { containers: [{ name: "web" }] } } } };
    const broken = [
      ...[
        "ecr/repository:Repository",
        "lb/loadBalancer:LoadBalancer",
        "ecs/cluster:Cluster",
        "kms/key:Key",
        "rds/proxy:Proxy",
        "cloudwatch/logGroup:LogGroup",
      ].map((type) => given(`aws:${type}`, {})),
      given("kubernetes:apps/v1:Deployment", pod),
    ];
    const repaired = catalogue
      .filter(({ remediate }) => remediate)
      .map((rule) => {
        const found = evaluate(broken, [rule], {
          today,
          configuration: { rules: { [rule.id]: { level: "remediate" } } },
        });
        deepEqual(found.verdicts, [], rule.id);
        return found.remediations.length > 0 ? rule.id : undefined;
      });
    ok(repaired.length >= 10 && !repaired.includes(undefined), `a repair that was not tried: ${repaired.join()}`);
  });

  it("takes an exemption in force before one that has expired, whatever comes first", () => {
    const [old, now] = [{ ...exemption, expires: "2026-11-21" }, exemption];
    for (const exemptions of [
      [old, now],
      [now, old],
    ])
      equal(verdictOf(report([database], { exemptions }), "rds-private"), undefined);
    const found = report([database], {
      exemptions: [
        { ...exemption, expires: "2026-12-22" },
        { ...exemption, resource: "other" },
        { ...exemption, rule: "rds-protect", resource: "*" },
      ],
    });
    deepEqual(
      found.exemptions.map(({ daysLeft, covers }) => [daysLeft, covers.length]),
      [
        [30, 1],
        [0, 0],
        [0, 1],
      ],
    );
  });

  it("matches an exemption by name or URN, and `*` alone is a pattern", () => {
    const exempt = (resource: string) =>
      verdictOf(report([database], { exemptions: [{ ...exemption, resource }] }), "rds-private") === undefined;
    deepEqual(
      ["primary", "p*y", "*", database.urn, "urn:*::primary"].filter((one) => !exempt(one)),
      [],
    );
    deepEqual(["prim", "rimary", "prim.ry", "primary*x", "urn:*::prim", "aws:rds*"].filter(exempt), []);
  });

  it("says at which level, and to what severity", () => {
    const levels = (configuration: PolicyConfiguration) => {
      const { level, severity } = verdictOf(report([database], configuration), "rds-private")!;
      return [level, severity];
    };
    const { severity } = catalogue.find(({ id }) => id === "rds-private")!;
    deepEqual(levels({}), ["mandatory", severity]);
    deepEqual(levels({ level: "advisory" }), ["advisory", severity]);
    deepEqual(levels({ rules: { "rds-private": { level: "remediate" } } }), ["mandatory", severity]);
  });

  it("counts rules that stop and rules that advise, each once", () => {
    const two = [database, given("aws:rds/instance:Instance", { publiclyAccessible: true }, { name: "second" })];
    const strict = report(two, { level: "advisory", rules: { "rds-private": { level: "mandatory" } } });
    deepEqual(failing(strict), { stopping: 1, advising: strict.counts.fail - 1 });
    ok(strict.counts.fail > 1);
    equal(mandatoryFailures(strict).length, 2);
  });

  it("prints no secret, wherever one is", () => {
    const plain = "hunter2-s3cr3t";
    const resources = [
      given("aws:rds/instance:Instance", {
        password: plain,
        publiclyAccessible: plain,
        engineVersion: plain,
        parameterGroupName: plain,
      }),
      given("aws:ecs/taskDefinition:TaskDefinition", {
        containerDefinitions: JSON.stringify([{ environment: [{ name: plain, value: plain }], user: plain }]),
      }),
      given("docker:index/container:Container", { envs: [`DB_PASSWORD=${plain}`], image: plain, user: plain }),
      given("kubernetes:core/v1:ConfigMap", { data: { DB_PASSWORD: plain } }),
      given("aws:ecs/taskDefinition:TaskDefinition", { containerDefinitions: secret }),
    ];
    ok(!JSON.stringify(report(resources)).includes(plain));
  });
});

const ranks = ["fail mandatory", "fail advisory", "not-evaluated mandatory", "not-evaluated advisory"];
