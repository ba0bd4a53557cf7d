import { deepEqual } from "node:assert/strict";
import { mandatoryFailures } from "../../../policy/index";
import { resolveSettings } from "../../../stacks/settings/load";
import { runStack } from "../../../stacks/targets";
import { evaluatePlan } from "../../../tools/judge/policy/evaluate-plan";
import { refusalsOf } from "../../../tools/judge/refusals/states";
import { record } from "../../record";
import { awsRegion, stackFile } from "./stack-file";

async function refusedOf(settings: object): Promise<string[]> {
  const resolved = resolveSettings("test", { ...stackFile, ...settings }, { awsRegion });
  const plan = await record(() => runStack(resolved), { config: { "aws:region": awsRegion } });
  const today = new Date();
  return [
    ...refusalsOf(plan, resolved.policies ?? {}, { today }).findings.map(({ id }) => id),
    ...mandatoryFailures(evaluatePlan(plan, resolved.policies ?? {}, { today })).map(({ rule }) => rule),
  ];
}

describe("what a stack file may say on AWS, AWS takes", function () {
  this.timeout(60_000);

  const accepted: Readonly<Record<string, object>> = {
    ...Object.fromEntries(
      ["rolling", "blue-green", "canary", "linear"].flatMap((strategy) =>
        ["cloudfront", "none"].map((implementation) => [
          `${strategy} releases, cdn ${implementation}`,
          { release: { strategy }, cdn: { implementation } },
        ]),
      ),
    ),
    "a database as large as RDS has": { database: { storageGb: 65_536 } },
    "a database that can grow no further": { database: { storageGb: 60_000 } },
    "five read replicas": { database: { readReplicas: 5 } },
    "one zone's outgoing traffic": { network: { nat: "per-zone" } },
    "sessions that people open": { aws: { connect: true } },
    "roles for pipelines": {
      aws: { github: { repository: "acme/shop" }, permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" },
    },
    "a NAT instance": { network: { nat: "instance" } },
    "no cache and no uploads": { cache: { implementation: "none" }, storage: { implementation: "none" } },
  };
  for (const [name, settings] of Object.entries(accepted)) {
    it(name, async () => deepEqual(await refusedOf(settings), []));
  }

  const refused: Readonly<Record<string, readonly [object, string]>> = {
    "a class of RDS that there is not": [{ database: { instanceClass: "db.m77g.large" } }, "rds-instance-class"],
    "a class that PostgreSQL 17 does not run on": [
      { database: { instanceClass: "db.m4.large" } },
      "rds-instance-class",
    ],
    "a node type that there is not": [{ cache: { nodeType: "cache.t4g.mega" } }, "elasticache-node-type"],
    "variables of 75 kB": [
      {
        service: {
          environment: Object.fromEntries(
            Array.from({ length: 300 }, (_, index) => [`VARIABLE_${index}`, "x".repeat(250)]),
          ),
        },
      },
      "ecs-task-definition-size",
    ],
  };
  for (const [name, [settings, rule]] of Object.entries(refused)) {
    it(`is refused: ${name}`, async () => deepEqual([...new Set(await refusedOf(settings))], [rule]));
  }
});
