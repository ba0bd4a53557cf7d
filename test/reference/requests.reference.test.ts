import { deepEqual, equal, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { requestCoverage } from "../../tools/generate/request-coverage";
import type { Plan, PlanValue } from "../../tools/plan/plan";
import { answerOf, coverageOf, planOf, referenceTools, stacks } from "./plans";

interface Answer {
  readonly errors: readonly { readonly type: string; readonly path: string; readonly message: string }[];
  readonly types: Readonly<
    Record<string, { readonly call: string | null; readonly checked: string[]; readonly unchecked: string[] }>
  >;
}

/** The calls by which the resources are made, as AWS publishes them for its own SDKs and botocore has them. */
describe("every input on AWS, against the calls of AWS's API", function () {
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

  const requests = (plan: Plan) => answerOf<Answer>(tools, "requests.py", plan);

  const answers = new Map<string, Answer>();
  for (const stack of Object.keys(stacks)) {
    it(`is one that they take: ${stack}`, async () => {
      const answer = requests(await planOf(stack));
      answers.set(stack, answer);
      deepEqual(answer.errors, []);
    });
  }

  it("is in the table of docs/deployability.md, or said there not to be checked", () => {
    const merged = coverageOf(answers.values(), ({ call }) => ({ call }));
    if (process.env["SLIPWAY_RECORD"] !== undefined) {
      console.log(JSON.stringify(merged));
      return;
    }
    deepEqual(merged, requestCoverage);
  });

  const wrong: readonly (readonly [string, string, (inputs: Record<string, PlanValue>) => void])[] = [
    ["a launch type that is none", "aws:ecs/service:Service", (inputs) => (inputs["launchType"] = "FARGTE")],
    ["storage that is no number", "aws:rds/instance:Instance", (inputs) => (inputs["allocatedStorage"] = "fifty")],
    [
      "an alarm that compares oddly",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      (inputs) => (inputs["comparisonOperator"] = "Above"),
    ],
    ["a rule at priority 50,001", "aws:lb/listenerRule:ListenerRule", (inputs) => (inputs["priority"] = 50_001)],
    [
      "a check each 4 s",
      "aws:lb/targetGroup:TargetGroup",
      (inputs) => ((inputs["healthCheck"] as Record<string, PlanValue>)["interval"] = 4),
    ],
    ["a name with a space", "aws:cloudwatch/logDeliverySource:LogDeliverySource", (inputs) => (inputs["name"] = "a b")],
    ["a scope of nothing", "aws:wafv2/webAcl:WebAcl", (inputs) => (inputs["scope"] = "GLOBAL")],
    [
      "HTTP of another version",
      "aws:cloudfront/distribution:Distribution",
      (inputs) => (inputs["httpVersion"] = "http4"),
    ],
  ];
  it(`is refused when it is wrong: ${wrong.map(([what]) => what).join(", ")}`, async () => {
    const plan = JSON.parse(JSON.stringify(await planOf("production"))) as Plan;
    for (const [, type, change] of wrong) change(plan.resources.find((one) => one.type === type)!.inputs);
    const { errors } = requests(plan);
    for (const [what, type] of wrong)
      ok(
        errors.some((one) => one.type === type),
        what,
      );
  });

  it("what the application asks of CloudFront is the request that botocore would write", () => {
    const recorded = join(__dirname, "../../packages/next/test/cache/create-invalidation.json");
    const python = join(tools, "python/bin/python");
    const { status, stdout, stderr } = spawnSync(python, [join(__dirname, "recorded.py"), recorded], {
      encoding: "utf8",
    });
    equal(`${status} ${stdout}${stderr}`, "0 ");
  });
});
