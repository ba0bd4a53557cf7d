import { deepEqual, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Plan, PlanValue } from "../../tools/plan/plan";
import { referenceCoverage } from "../../tools/generate/reference-coverage";
import { planOf, referenceTools, stacks } from "./plans";

interface Answer {
  readonly errors: readonly {
    readonly rule: string;
    readonly type: string;
    readonly name: string;
    readonly path: string;
    readonly message: string;
  }[];
  readonly types: Readonly<
    Record<string, { readonly as: string | null; readonly checked: string[]; readonly unchecked: string[] }>
  >;
}

/** CloudFormation's schemas, which AWS publishes for each resource type, as cfn-lint applies them. */
describe("every input on AWS, against CloudFormation's schemas", function () {
  this.timeout(120_000);
  let tools = "";

  before(function () {
    const found = referenceTools();
    if (found === undefined) {
      console.log("      not there: bash test/reference/build.sh");
      this.skip();
    }
    tools = found!;
  });

  function lint(plan: Plan): Answer {
    const { stdout, stderr } = spawnSync(join(tools, "python/bin/python"), [join(__dirname, "lint.py")], {
      input: JSON.stringify(plan),
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout) as Answer;
  }

  const answers = new Map<string, Answer>();
  for (const stack of Object.keys(stacks)) {
    it(`is one that they take: ${stack}`, async () => {
      const answer = lint(await planOf(stack));
      answers.set(stack, answer);
      deepEqual(answer.errors, []);
    });
  }

  it("is in the table of docs/deployability.md, or said there not to be checked", () => {
    const all = [...answers.values()].map(({ types }) => types);
    const names = [...new Set(all.flatMap((types) => Object.keys(types)))].sort();
    const merged = names.map((type) => {
      const of = all.flatMap((types) => types[type] ?? []);
      const checked = [...new Set(of.flatMap((one) => one.checked))].sort();
      const unchecked = [...new Set(of.flatMap((one) => one.unchecked))].filter((one) => !checked.includes(one)).sort();
      return [type, { as: of[0]!.as, checked: checked.length, unchecked }] as const;
    });
    if (process.env["SLIPWAY_RECORD"] !== undefined) {
      console.log(JSON.stringify(Object.fromEntries(merged)));
      return;
    }
    deepEqual(Object.fromEntries(merged), referenceCoverage);
  });

  const wrong: readonly (readonly [string, string, (inputs: Record<string, PlanValue>) => void])[] = [
    ["a CPU that Fargate has not", "aws:ecs/taskDefinition:TaskDefinition", (inputs) => (inputs["cpu"] = "300")],
    ["a launch type that is none", "aws:ecs/service:Service", (inputs) => (inputs["launchType"] = "FARGTE")],
    ["backups of 36 days", "aws:rds/instance:Instance", (inputs) => (inputs["backupRetentionPeriod"] = 36)],
    [
      "a check each 4 s",
      "aws:lb/targetGroup:TargetGroup",
      (inputs) => ((inputs["healthCheck"] as Record<string, PlanValue>)["interval"] = 4),
    ],
    [
      "an alarm that compares oddly",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      (inputs) => (inputs["comparisonOperator"] = "Above"),
    ],
    ["logs for 91 days", "aws:cloudwatch/logGroup:LogGroup", (inputs) => (inputs["retentionInDays"] = 91)],
    ["a rule at priority 50,001", "aws:lb/listenerRule:ListenerRule", (inputs) => (inputs["priority"] = 50_001)],
    ["a flow log of nothing", "aws:ec2/flowLog:FlowLog", (inputs) => (inputs["trafficType"] = "NONE")],
    [
      "HTTP of another version",
      "aws:cloudfront/distribution:Distribution",
      (inputs) => (inputs["httpVersion"] = "http4"),
    ],
  ];
  it(`is refused when it is wrong: ${wrong.map(([what]) => what).join(", ")}`, async () => {
    const plan = JSON.parse(JSON.stringify(await planOf("production"))) as Plan;
    for (const [, type, change] of wrong) {
      change(plan.resources.find((one) => one.type === type)!.inputs);
    }
    const { errors } = lint(plan);
    for (const [what, type] of wrong)
      ok(
        errors.some((one) => one.type === type),
        what,
      );
  });
});
