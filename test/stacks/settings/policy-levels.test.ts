import { deepEqual, equal, match, ok } from "node:assert/strict";
import { findRule, mandatoryFailures, type PolicyReport } from "../../../policy/index";
import { runStack } from "../../../stacks/targets";
import { resolveSettings } from "../../../stacks/settings/load";
import { leftOut, policiesOf } from "../../../stacks/settings/policy-levels";
import type { SettingsError } from "../../../stacks/settings/problems";
import { presetNames, type Settings, type Target } from "../../../stacks/settings/settings";
import { evaluatePlan } from "../../../tools/judge/policy/evaluate-plan";
import { record } from "../../record";

const image = "ghcr.io/acme/shop@sha256:4be1c7a0d5e9f8b3a6c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0";
const awsRegion = "eu-central-1";

/** The least that a stack file of each target says. */
const targets = {
  "aws-ecs": { minimal: { tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" } } },
  kubernetes: { minimal: {} },
  docker: { minimal: { docker: { backupsOnThisHostOnly: true } } },
  vercel: {
    minimal: {
      image: undefined,
      build: { context: "app" },
      database: { url: "postgres://app@db.example.com:5432/app" },
      secrets: { DATABASE_PASSWORD: "hunter2" },
    },
  },
} as const satisfies Record<Target, unknown>;

async function judged(target: Target, preset: string, more: object = {}): Promise<PolicyReport> {
  const { minimal } = targets[target];
  const raw = { target, preset, domain: "shop.example.com", image, ...minimal, ...more };
  const settings: Settings = resolveSettings("test", raw, { awsRegion });
  const plan = await record(() => runStack(settings), { config: { "aws:region": awsRegion } });
  return evaluatePlan(plan, settings.policies ?? {}, { today: new Date() });
}

const stopping = (report: PolicyReport) => mandatoryFailures(report).map(({ rule }) => rule);
const advised = (report: PolicyReport) =>
  new Set(
    report.verdicts.filter(({ outcome, level }) => outcome === "fail" && level === "advisory").map((v) => v.rule),
  );

describe("policies by preset", function () {
  this.timeout(60_000);

  for (const target of Object.keys(targets) as Target[]) {
    for (const preset of presetNames) {
      it(`let a minimal ${preset} stack on ${target} through, or its settings say what is missing`, async () => {
        if (target !== "kubernetes" || preset !== "production") {
          return deepEqual(stopping(await judged(target, preset)), []);
        }
        // What nobody but the owner of the cluster can know.
        const keys = await judged(target, preset).catch((error: SettingsError) => error.problems.map(({ key }) => key));
        deepEqual(keys, [
          "slipway:kubernetes.backupBucket",
          "slipway:kubernetes.ingressNamespace",
          "slipway:storage.implementation",
        ]);
        const told = {
          kubernetes: { backupBucket: "s3://backups/shop", ingressNamespace: "traefik" },
          storage: { implementation: "volume" },
        };
        deepEqual(stopping(await judged(target, preset, told)), []);
      });
    }
  }

  it("still say what a preset leaves out, and stop nothing for it", async () => {
    const found = new Set([
      ...advised(await judged("aws-ecs", "development", { cdn: { implementation: "none" } })),
      ...advised(await judged("kubernetes", "development")),
    ]);
    for (const rule of Object.keys(leftOut.development)) ok(found.has(rule), `${rule} did not advise`);
  });

  it("stop production where it leaves out what staging may", async () => {
    deepEqual(stopping(await judged("aws-ecs", "production", { database: { standby: false } })), ["rds-multi-az"]);
  });

  it("are the rules' own again when the stack file says so, for one rule or for all", async () => {
    const own = { rules: { "rds-multi-az": { level: "mandatory" } } };
    deepEqual(stopping(await judged("aws-ecs", "staging", { policies: own })), ["rds-multi-az"]);
    deepEqual(stopping(await judged("aws-ecs", "staging", { policies: { level: "mandatory" } })), ["rds-multi-az"]);
  });

  it("keep the parameters and exemptions of the stack file", () => {
    const given = {
      rules: { "rds-backup": { minimumDays: 3 }, "cf-waf": { level: "disabled" } },
      exemptions: [],
    } as const;
    const { rules, exemptions } = policiesOf("development", given);
    deepEqual(rules?.["rds-backup"], { level: "advisory", minimumDays: 3 });
    deepEqual(rules["cf-waf"], { level: "disabled" });
    equal(exemptions, given.exemptions);
  });

  it("advise only by rules that are mandatory of themselves, and not in production", () => {
    deepEqual(leftOut.production, {});
    for (const [rule, what] of presetNames.flatMap((preset) => Object.entries(leftOut[preset]))) {
      equal(findRule(rule)?.level, "mandatory", rule);
      match(what, /^\w.*[^.]$/);
    }
  });
});
