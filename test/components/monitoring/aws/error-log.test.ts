import { deepEqual, equal, match } from "node:assert/strict";
import { Writable } from "node:stream";
import pino from "pino";
import { AwsErrorLog } from "../../../../components/monitoring/aws/error-log";
import { isUnknown, type PlanValue } from "../../../../tools/plan/plan";
import { all, only, record } from "../../../record";
import { stackOf } from "../../../stacks/aws-ecs/stack-file";

const filter = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

describe("AwsErrorLog", () => {
  it("counts lines of the levels error and fatal, in a namespace of the stack's own", async () => {
    const { inputs } = only(await record(() => void new AwsErrorLog("web-log", { logGroupName: "web" })), filter);
    deepEqual(inputs, {
      logGroupName: "web",
      pattern: '{ ($.level = "error") || ($.level = "fatal") }',
      metricTransformation: {
        name: "ErrorsLogged",
        namespace: "Slipway/shop-test/web-log",
        value: "1",
        unit: "Count",
      },
    });
  });

  it("asks for what the logger of @slipway/next writes", async () => {
    const { inputs } = only(await record(() => void new AwsErrorLog("web-log", { logGroupName: "web" })), filter);
    const asked = [...(inputs["pattern"] as string).matchAll(/\$\.level = "(\w+)"/g)].map(([, level]) => level);
    const lines: string[] = [];
    const stream = new Writable({ write: (chunk, _, done) => (lines.push(String(chunk)), done()) });
    // As packages/next/src/observe/log.ts has it: the level by its name.
    const log = pino({ formatters: { level: (level) => ({ level }) } }, stream);
    log.error({ err: new Error("a password") }, "unhandled error");
    log.fatal("migration failed");
    log.warn("slow");
    log.info("an error in words is none");
    const counted = lines.filter((line) => asked.includes((JSON.parse(line) as { level: string }).level));
    deepEqual(
      counted.map((line) => (JSON.parse(line) as { msg: string }).msg),
      ["unhandled error", "migration failed"],
    );
  });

  it("is there for the site and each worker, with an alarm on its metric, and not for an image whose log is unknown", async () => {
    const plan = await stackOf({
      workers: { mail: { command: ["node", "mail.js"] } },
      monitoring: { emails: ["ops@example.com"] },
    });
    const groups = all(plan, filter).map(({ inputs, name }) => [name, sourceOf(inputs["logGroupName"])]);
    deepEqual(groups, [
      ["web-log", "web"],
      ["worker-mail-log", "worker-mail"],
    ]);
    const { inputs } = only(plan, alarm, "monitoring-web-log-errors-logged");
    const [query] = inputs["metricQueries"] as unknown as [{ metric: Record<string, unknown> }];
    deepEqual(query.metric, {
      namespace: "Slipway/shop-test/web-log",
      metricName: "ErrorsLogged",
      stat: "Sum",
      period: 300,
      dimensions: {},
    });
    deepEqual([inputs["threshold"], inputs["evaluationPeriods"], inputs["treatMissingData"]], [10, 2, "notBreaching"]);
    match(inputs["alarmDescription"] as string, /docs\/runbooks\/errors-logged\.md$/);
    const plain = await stackOf({ service: { health: { live: "/up", ready: "/up" } } });
    equal(all(plain, filter).length, 0);
  });
});

const sourceOf = (value: PlanValue | undefined): string | undefined =>
  isUnknown(value) ? value.$unknown[0]!.split("#")[0]!.split("::").at(-1) : undefined;
