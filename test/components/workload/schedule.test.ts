import { deepEqual, equal, throws } from "node:assert/strict";
import { awsCron, scheduleOf } from "../../../components/workload/schedule";

describe("a job's schedule", () => {
  const cases: [cron: string, aws: string][] = [
    ["* * * * *", "cron(* * * * ? *)"],
    ["15 3 * * *", "cron(15 3 * * ? *)"],
    ["*/20 8-10 * * *", "cron(0,20,40 8,9,10 * * ? *)"],
    ["0 0 1,15 * *", "cron(0 0 1,15 * ? *)"],
    ["0 0 * JAN,7 *", "cron(0 0 * 1,7 ? *)"],
    ["0 9 * * 1-5", "cron(0 9 ? * MON,TUE,WED,THU,FRI *)"],
    ["0 9 * * 0", "cron(0 9 ? * SUN *)"],
    ["0 9 * * 7", "cron(0 9 ? * SUN *)"],
    ["0 9 * 2 SAT", "cron(0 9 ? 2 SAT *)"],
  ];
  for (const [cron, expected] of cases) {
    it(`${cron} is ${expected} on EventBridge`, () => equal(awsCron(scheduleOf("cleanup", cron)), expected));
  }

  it("leaves out what is every", () => deepEqual(scheduleOf("cleanup", "5 * * * *"), { minute: [5] }));

  it("refuses what schedulers take differently", () => {
    throws(() => scheduleOf("cleanup", "0 0 1 * 1"), /cleanup: cron 0 0 1 \* 1 has a day of the month and a weekday/);
    throws(() => scheduleOf("cleanup", "0 0 1 * * *"), /6 fields: expected 5/);
  });
});
