import { deepEqual, ok } from "node:assert/strict";
import { z } from "zod";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import { reaches } from "../../../stacks/settings/reach";
import { fieldsOf, innermost, stackFile } from "../../../stacks/settings/schema";
import { targets as targetNames, type Target } from "../../../stacks/settings/settings";
import { warningsOf } from "../../../stacks/settings/warnings";
import { targets } from "../../parity/targets";

type Raw = Record<string, unknown>;

/** A valid value of any setting, other than its preset's. */
function sample(schema: z.ZodType): unknown {
  const inner = innermost(schema);
  const example = inner.meta()?.["example"];
  if (example !== undefined) return example;
  if (inner instanceof z.ZodEnum) return inner.options.at(-1);
  if (inner instanceof z.ZodLiteral) return [...inner.values][0];
  if (inner instanceof z.ZodNumber) return Number(inner.minValue) + 1;
  if (inner instanceof z.ZodBoolean) return true;
  if (inner instanceof z.ZodString) return "system";
  return undefined;
}

/** What no example says. */
const samples: Readonly<Record<string, unknown>> = {
  "build.dockerfile": "Dockerfile",
  "build.args": { A: "1" },
  "database.subnetIds": ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
  "database.clientSecurityGroupIds": ["sg-0a1b2c3d"],
  "tls.certificateArn": `arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012`,
  "tls.cdnCertificateArn": `arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012`,
  "monitoring.smtp": { host: "smtp.example.com:587", from: "alarms@example.com" },
  "storage.endpoint": "https://minio.example.com",
  ...Object.fromEntries(
    [
      "postgres",
      "valkey",
      "redisExporter",
      "nginx",
      "haproxy",
      "certbot",
      "prometheus",
      "alertmanager",
      "nodeExporter",
      "nginxExporter",
      "blackboxExporter",
      "grafana",
    ].map((name) => [`images.${name}`, "mirror.example.com/x:1"]),
  ),
};

function problems(target: Target, more: Raw): string[] {
  const { file } = targets[target];
  try {
    resolveSettings("test", merged({ target, ...file }, more), { awsRegion: "eu-central-1" });
    return [];
  } catch (error) {
    ok(error instanceof SettingsError, String(error));
    return error.problems.map(({ key, message }) => `${key} ${message}`);
  }
}

const merged = (file: Raw, more: Raw): Raw => ({
  ...file,
  ...Object.fromEntries(
    Object.entries(more).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? { ...(file[name] as Raw | undefined), ...value } : value,
    ]),
  ),
});

describe("where a setting acts", () => {
  const cases = fieldsOf(stackFile).flatMap(([name, schema]) =>
    fieldsOf(schema).map(([key, field]) => ({ name, key, value: samples[`${name}.${key}`] ?? sample(field) })),
  );

  for (const target of targetNames) {
    it(`is told on ${target} of each that does not, and of no other`, () => {
      const wrong = cases.flatMap(({ name, key, value }): string[] => {
        const dotted = `${name}.${key}`;
        const reach = reaches().get(dotted);
        if (reach === undefined) return [];
        ok(value !== undefined, `no sample for ${dotted}`);
        const section = reaches().get(name)!;
        const acts = reach.on.includes(target);
        // A section that has a reason of its own is refused whole.
        const reported = !section.on.includes(target) && section.why[target] !== undefined ? name : dotted;
        const refused = problems(target, { [name]: { [key]: value } }).some((text) =>
          text.startsWith(`slipway:${reported} does not work with target ${target}: `),
        );
        return refused === acts ? [`${dotted}: ${acts ? "acts, and is refused" : "cannot act, and is accepted"}`] : [];
      });
      // Their values, not the settings, are what these do not work with.
      deepEqual(
        wrong.filter((text) => !/^(\w+\.implementation|release\.strategy|cdn\.assetRetentionDays): acts/.test(text)),
        [],
      );
    });
  }

  it("takes what is off on a target that has no such thing: it is true there", () => {
    deepEqual(problems("docker", { database: { standby: false, readReplicas: 0 }, cache: { standby: false } }), []);
    deepEqual(problems("vercel", { monitoring: { emails: [] }, kubernetes: {} }), []);
  });

  it("is a warning where another implementation would read a size, and a refusal where nothing is named for it", () => {
    const settings = resolveSettings(
      "test",
      { ...targets.kubernetes.file, target: "kubernetes", database: { instanceClass: "db.m7g.large" } },
      {},
    );
    deepEqual(
      warningsOf(settings).filter((text) => text.includes("no effect")),
      ["slipway:database.instanceClass has no effect with implementation cloudnative-pg: it is for rds"],
    );
    deepEqual(problems("kubernetes", { database: { vpcId: "vpc-0a1b2c3d" } }), [
      "slipway:database.vpcId is only for implementation rds, not cloudnative-pg",
    ]);
  });

  it("is known of every setting of the schema", () => {
    for (const [key, { on }] of reaches()) ok(on.length > 0, key);
    ok(reaches().size > 100, String(reaches().size));
  });
});
