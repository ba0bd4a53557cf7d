import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { relaxation } from "../../../tools/judge/relaxed/relaxed";
import { sarifOf } from "../../../tools/readers/sarif";
import type { Review } from "../../../tools/review/review";
import { component, plan, resource } from "../plans";
import { review, reviewsOf, situations } from "./comment/situations";

interface Sarif {
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly level: string;
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region: { readonly startLine: number };
            };
          },
        ];
        readonly partialFingerprints: Readonly<Record<string, string>>;
      }[];
    },
  ];
}

describe("SARIF", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-sarif-"));
    writeFileSync(
      join(folder, "Pulumi.prod.yaml"),
      [
        "config:",
        "  aws:region: eu-central-1",
        "  slipway:database:",
        "    version: '17'",
        "    storageGb: 20",
        "  slipway:guards:",
        "    monthlyUsd: 100",
        "  slipway:policies:",
        "    level: advisory",
      ].join("\n"),
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  const places = (given: Review) =>
    (sarifOf([given], folder) as Sarif).runs[0].results.map(
      ({ ruleId, level, locations: [{ physicalLocation: at }] }) =>
        [ruleId, level, at.artifactLocation.uri, at.region.startLine].join(" "),
    );

  it("names the line of the setting, of its section, or of nothing closer", () => {
    const finding = {
      id: "x",
      stack: "prod",
      severity: "refused",
      message: "m",
      remedy: "r",
      link: "https://e",
    } as const;
    const findings = [
      { ...finding, setting: "database.storageGb" },
      { ...finding, setting: "database.poolSize" },
      { ...finding, setting: "cdn.ttl" },
    ];
    deepEqual(places(review({ findings: { findings, notEvaluated: [], passed: 0 } })), [
      "x error Pulumi.prod.yaml 5",
      "x error Pulumi.prod.yaml 3",
      "x error Pulumi.prod.yaml 1",
    ]);
  });

  it("names the program's line where the user registers the resource, and the setting where Slipway does", () => {
    const own = { ...resource("aws:s3/bucket:Bucket", "mine"), place: { file: "src/index.ts", line: 7 } };
    const database = component("database", "AwsRdsPostgres");
    const theirs = resource("aws:rds/instance:Instance", "db", {}, { parent: database });
    const verdict = { outcome: "fail", level: "mandatory", severity: "high", message: "m", fix: "f" } as const;
    const policies = {
      verdicts: [
        { ...verdict, rule: "s3-bpa", resource: own.urn },
        { ...verdict, rule: "rds-private", resource: theirs.urn },
      ],
      counts: { pass: 0, fail: 2, notEvaluated: 0, exempt: 0, remediated: 0 },
      ...{ exemptions: [], remediations: [], rulesRun: 2 },
    };
    deepEqual(places(review({ plan: plan(database, own, theirs), policies })), [
      "s3-bpa error src/index.ts 7",
      "rds-private error Pulumi.prod.yaml 3",
    ]);
    const standing = places(review({ plan: plan(database, own, theirs), policies, policiesBefore: policies }));
    ok(standing.every((line) => line.includes(" note ")));
  });

  it("names what is relaxed where it stands", () => {
    const relaxed = [
      relaxation("rule", "rds-private", "was mandatory and is disabled"),
      relaxation("guard", "guards.monthlyUsd", "was 50 and is 100"),
      relaxation("workflow", ".github/workflows/a b.yml", "decides"),
    ];
    deepEqual(places(review({ relaxed })), [
      "relaxed error Pulumi.prod.yaml 8",
      "relaxed error Pulumi.prod.yaml 7",
      "relaxed warning .github/workflows/a%20b.yml 1",
    ]);
  });

  it("is what code scanning takes, of every situation: rules by id, a line from 1, a fingerprint that is not the line", () => {
    for (const given of Object.values(situations)) {
      const { version, runs } = sarifOf(reviewsOf(given), folder) as Sarif;
      equal(version, "2.1.0");
      const [{ tool, results }] = runs;
      const rules = tool.driver.rules.map(({ id }) => id);
      equal(new Set(rules).size, rules.length);
      for (const { ruleId, level, locations, partialFingerprints } of results) {
        ok(rules.includes(ruleId));
        ok(["error", "warning", "note"].includes(level));
        ok(locations[0].physicalLocation.region.startLine >= 1);
        ok(partialFingerprints["slipway/v1"]);
      }
    }
  });
});
