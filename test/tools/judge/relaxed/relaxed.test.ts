import { strict as assert } from "node:assert";
import { catalogue, packConfiguration, type PolicyConfiguration } from "../../../../policy/index";
import { lostProtections } from "../../../../tools/judge/relaxed/protections";
import { editedGuards, isCertain, relaxedPolicies, releasedVerdicts } from "../../../../tools/judge/relaxed/relaxed";
import type { PlanResource, ResourceOptions } from "../../../../tools/plan/plan";
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
    assert.deepEqual(said({ exemptions: [exemption] }, { exemptions: [exemption] }), []);
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

  it("knows the pipelines of other forges, and what decides what is installed", () => {
    const kinds = (...files: string[]) => editedGuards(files, { packs: [], tools: undefined }).map(({ kind }) => kind);
    const workflows = [
      ".gitlab/ci/preview.yml",
      ".gitea/workflows/preview.yaml",
      ".forgejo/workflows/preview.yml",
      ".circleci/config.yml",
      ".buildkite/pipeline.yml",
      ".drone.yml",
      ".woodpecker/preview.yml",
      ".travis.yml",
      "bitbucket-pipelines.yml",
      "azure-pipelines.yaml",
      "atlantis.yaml",
      "cloudbuild.yaml",
      "infra/buildspec.preview.yml",
      "infra/Jenkinsfile",
      "docs/CODEOWNERS",
    ];
    assert.deepEqual(
      workflows.filter((file) => kinds(file)[0] !== "workflow"),
      [],
    );
    assert.deepEqual(kinds(".npmrc", "infra/.yarnrc.yml", "patches/slipway+0.1.0.patch"), Array(3).fill("source"));
    assert.deepEqual(kinds(".gitattributes", ".gitmodules"), ["workflow", "workflow"]);
    assert.deepEqual(kinds("docs/drone.yml", "src/buildspecs.ts", "app/atlantis.yaml", "notes/.travis.yml"), []);
  });
});

const bucket = "aws:s3/bucket:Bucket";
const table = "aws:dynamodb/table:Table";
const level = (enforce: string) => ({ metadata: { labels: { "pod-security.kubernetes.io/enforce": enforce } } });

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

  type Inputs = PlanResource["inputs"];
  for (const [what, type, before, after, says] of [
    ["a block that is removed", table, { pointInTimeRecovery: { enabled: true } }, {}, /no point-in-time recovery/],
    ["versioning within a bucket", bucket, { versioning: { enabled: true } }, {}, /overwritten/],
    [
      "backups of files",
      "aws:efs/backupPolicy:BackupPolicy",
      { backupPolicy: { status: "ENABLED" } },
      { backupPolicy: { status: "DISABLED" } },
      /no more backups/,
    ],
    [
      "a backup plan",
      "aws:backup/plan:Plan",
      { rules: [{ ruleName: "a", lifecycle: { deleteAfter: 90 } }] },
      { rules: [{ ruleName: "a", lifecycle: { deleteAfter: 7 } }] },
      /restore points/,
    ],
    ["a key", "aws:kms/key:Key", { isEnabled: true, enableKeyRotation: true }, { isEnabled: true }, /rotated/],
    [
      "public access",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      { blockPublicPolicy: true },
      { blockPublicPolicy: false },
      /no longer blocked/,
    ],
    ["a trail", "aws:cloudtrail/trail:Trail", { isMultiRegionTrail: true }, {}, /less is recorded/],
    [
      "a database of Google's",
      "gcp:sql/databaseInstance:DatabaseInstance",
      { settings: { backupConfiguration: { enabled: true } } },
      { settings: {} },
      /no backups/,
    ],
    [
      "a volume",
      "kubernetes:core/v1:PersistentVolume",
      { spec: { persistentVolumeReclaimPolicy: "Retain" } },
      { spec: { persistentVolumeReclaimPolicy: "Delete" } },
      /deleted with its claim/,
    ],
    [
      "a StatefulSet's claims",
      "kubernetes:apps/v1:StatefulSet",
      { spec: {} },
      { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } } },
      /claims are deleted/,
    ],
    [
      "a schedule of backups",
      "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup",
      { spec: {} },
      { spec: { suspend: true } },
      /no more backups/,
    ],
    ["Pod Security", "kubernetes:core/v1:Namespace", level("restricted"), level("baseline"), /more rights/],
  ] satisfies [string, string, Inputs, Inputs, RegExp][]) {
    it(`is the provider's, of ${what}`, () => {
      const [said, ...more] = lost(plan(resource(type, "it", before)), plan(resource(type, "it", after)));
      assert.match(said!, says);
      assert.deepEqual(more, []);
      assert.deepEqual(lost(plan(resource(type, "it", after)), plan(resource(type, "it", before))), []);
    });
  }

  it("is a resource that does nothing but guard, unless what it guards goes too or another takes its place", () => {
    const guarded = resource(bucket, "b");
    const block = resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block");
    const guard = { ...block, dependencies: [guarded.urn] };
    assert.deepEqual(lost(plan(guarded, guard), plan(guarded)), ["is deleted: public access is no longer blocked"]);
    assert.deepEqual(lost(plan(guarded, guard), plan()), []);
    assert.deepEqual(
      lost(plan(guarded, guard), plan(guarded, { ...guard, urn: `${guard.urn}-2`, name: "block-2" })),
      [],
    );
    assert.deepEqual(lost(plan(guarded), plan(guarded, guard)), []);
  });
});
