import { strict as assert } from "node:assert";
import { catalogue, packConfiguration, type PolicyConfiguration } from "../../../../policy/index";
import { lostProtections } from "../../../../tools/judge/relaxed/protections";
import { editedGuards, isCertain, relaxedPolicies, releasedVerdicts } from "../../../../tools/judge/relaxed/relaxed";
import type { ResourceOptions } from "../../../../tools/plan/plan";
import { difference } from "../../../../tools/sources/difference/difference";
import { plan, resource } from "../../plans";

const pack = (configuration: PolicyConfiguration = {}) => packConfiguration(configuration, catalogue);
const said = (before: PolicyConfiguration, after: PolicyConfiguration) =>
  relaxedPolicies(pack(before), pack(after)).map(({ kind, subject, message }) => `${kind} ${subject} ${message}`);
const exemption = { rule: "sg-open", resource: "web-*", reason: "until the office moves", expires: "2027-01-31" };

describe("what a change relaxes", () => {
  it("is nothing when nothing is weaker, and nothing when something is stricter", () => {
    assert.deepEqual(said({}, {}), []);
    assert.deepEqual(said({ level: "advisory" }, {}), []);
    assert.deepEqual(said({ rules: { "rds-private": { level: "disabled" } } }, {}), []);
    assert.deepEqual(said({ exemptions: [exemption] }, {}), []);
    assert.deepEqual(said({ exemptions: [exemption] }, { exemptions: [{ ...exemption, expires: "2026-12-01" }] }), []);
  });

  it("is a rule that is disabled or lowered, one by one or by the ceiling", () => {
    assert.deepEqual(said({}, { rules: { "rds-private": { level: "disabled" } } }), [
      "rule rds-private was mandatory and is disabled",
    ]);
    assert.deepEqual(said({}, { rules: { "rds-private": { level: "advisory" } } }), [
      "rule rds-private was mandatory and is advisory",
    ]);
    const mandatory = catalogue.filter(({ level }) => level === "mandatory").length;
    assert.equal(said({}, { level: "advisory" }).length, mandatory);
  });

  it("is another parameter, since only a person knows which of two is stricter", () => {
    const [text] = said({}, { rules: { "logs-retention": { minimumDays: 1 } } });
    assert.match(text!, /^rule logs-retention minimumDays was the default and is 1$/);
  });

  it("is an exemption that is new, wider or longer", () => {
    assert.deepEqual(said({}, { exemptions: [exemption] }), [
      "exemption sg-open exempts web-* until 2027-01-31: until the office moves",
    ]);
    assert.equal(said({ exemptions: [exemption] }, { exemptions: [{ ...exemption, resource: "*" }] }).length, 1);
    assert.match(
      said({ exemptions: [exemption] }, { exemptions: [{ ...exemption, expires: "2028-01-31" }] })[0]!,
      /until 2028-01-31, was 2027-01-31/,
    );
  });

  it("is a rule that the pack no longer has", () => {
    const { "rds-private": _, ...rest } = pack();
    assert.deepEqual(
      relaxedPolicies(pack(), rest).map(({ message }) => message),
      ["was mandatory and is removed"],
    );
    assert.deepEqual(relaxedPolicies(pack({ rules: { "rds-private": { level: "disabled" } } }), rest), []);
  });

  it("is what the base's rules stop and the change's do not, whatever was edited", () => {
    const verdict = (rule: string, level: "mandatory" | "advisory" = "mandatory") => ({
      ...{ rule, resource: "urn:x::y::z::db", outcome: "fail" as const, level, severity: "high" as const },
      ...{ message: "is public", fix: "" },
    });
    const released = releasedVerdicts(
      [verdict("a"), verdict("b"), verdict("c", "advisory")],
      [verdict("b"), verdict("a", "advisory")],
      () => "db",
    );
    assert.deepEqual(
      released.map(({ subject, message }) => `${subject}: ${message}`),
      ["a: by the base's rules db fails: is public"],
    );
  });

  it("names edited rules, tools and workflows, which somebody has to read", () => {
    const found = editedGuards(
      [
        ".github/workflows/comment.yml",
        ".github/CODEOWNERS",
        "policy/rules/x.ts",
        "tools/review/build.ts",
        "app/page.tsx",
      ],
      { packs: ["policy"], tools: /^tools\// },
    );
    assert.deepEqual(
      found.map(({ kind, subject }) => `${kind} ${subject}`),
      [
        "workflow .github/workflows/comment.yml",
        "workflow .github/CODEOWNERS",
        "source policy/rules/x.ts",
        "source tools/review/build.ts",
      ],
    );
    assert.ok(found.every((one) => !isCertain(one)));
    assert.deepEqual(editedGuards(["tools/x.ts", "policy/y.ts"], { packs: [], tools: undefined }), []);
  });
});

describe("protection that a change takes away", () => {
  const database = (inputs: Record<string, string | number | boolean>, options: ResourceOptions = {}) =>
    plan(resource("aws:rds/instance:Instance", "db", inputs, { options }));
  const lost = (before: ReturnType<typeof plan>, after: ReturnType<typeof plan>) =>
    lostProtections(difference(before, after)).map(({ message }) => message);

  it("is Pulumi's own", () => {
    assert.match(lost(database({}, { protect: true }), database({}))[0]!, /no longer protected/);
    assert.match(lost(database({}, { retainOnDelete: true }), database({}))[0]!, /no longer retained/);
    assert.deepEqual(lost(database({}), database({}, { protect: true })), []);
  });

  for (const [property, before, after] of [
    ["deletionProtection", true, false],
    ["skipFinalSnapshot", false, true],
    ["backupRetentionPeriod", 14, 0],
    ["backupRetentionPeriod", 14, 7],
    ["storageEncrypted", true, false],
    ["publiclyAccessible", false, true],
    ["deleteAutomatedBackups", false, true],
    ["recoveryWindowInDays", 30, 0],
    ["retentionInDays", 365, 30],
  ] as const) {
    it(`is the provider's: ${property} ${before} to ${after}, and not the way back`, () => {
      assert.equal(lost(database({ [property]: before }), database({ [property]: after })).length, 1);
      assert.deepEqual(lost(database({ [property]: after }), database({ [property]: before })), []);
    });
  }

  it("is a setting that is removed, too", () => {
    assert.equal(lost(database({ deletionProtection: true }), database({})).length, 1);
    assert.equal(lost(database({ backupRetentionPeriod: 14 }), database({})).length, 1);
  });
});
