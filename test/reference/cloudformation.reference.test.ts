import { deepEqual, ok } from "node:assert/strict";
import type { Plan, PlanValue } from "../../tools/plan/plan";
import { referenceCoverage } from "../../tools/generate/reference-coverage";
import { answerOf, coverageOf, planOf, referenceTools, stacks } from "./plans";

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

  const lint = (plan: Plan) => answerOf<Answer>(tools, "lint.py", plan);

  const answers = new Map<string, Answer>();
  for (const stack of Object.keys(stacks)) {
    it(`is one that they take: ${stack}`, async () => {
      const answer = lint(await planOf(stack));
      answers.set(stack, answer);
      deepEqual(answer.errors, []);
    });
  }

  it("is in the table of docs/deployability.md, or said there not to be checked", () => {
    const merged = coverageOf(answers.values(), ({ as }) => ({ as }));
    if (process.env["SLIPWAY_RECORD"] !== undefined) {
      console.log(JSON.stringify(merged));
      return;
    }
    deepEqual(merged, referenceCoverage);
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
