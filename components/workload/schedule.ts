/** When a job runs, each field as the list of its values; absent: every one. In UTC. */
export interface Schedule {
  readonly minute?: readonly number[];
  readonly hour?: readonly number[];
  readonly dayOfMonth?: readonly number[];
  /** 1 is January. */
  readonly month?: readonly number[];
  /** 0 is Sunday. */
  readonly dayOfWeek?: readonly number[];
}

const names = ["minute", "hour", "dayOfMonth", "month", "dayOfWeek"] as const;

/**
 * Five cron fields as lists of values, which is what every scheduler can be given.
 *
 * @throws when it is none, or asks for a day of the month and a weekday at once: EventBridge does not take both.
 */
export function scheduleOf(job: string, cron: string): Schedule {
  // Loaded when there is one: it brings a calendar library along.
  const { CronExpressionParser } = require("cron-parser") as typeof import("cron-parser");
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== names.length) throw new Error(`${job}: cron ${cron} has ${fields.length} fields: expected 5`);
  const { fields: parsed } = CronExpressionParser.parse(cron, { tz: "UTC" });
  const schedule = Object.fromEntries(
    names.flatMap((name, index) => {
      if (fields[index] === "*") return [];
      const values = parsed[name].values.map(Number);
      // Cron has two numbers for Sunday.
      return [[name, name === "dayOfWeek" ? [...new Set(values.map((day) => day % 7))].sort() : values]];
    }),
  ) as Schedule;
  if (schedule.dayOfMonth !== undefined && schedule.dayOfWeek !== undefined) {
    throw new Error(`${job}: cron ${cron} has a day of the month and a weekday: expected * for one of them`);
  }
  return schedule;
}

const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
export function awsCron({ minute, hour, dayOfMonth, month, dayOfWeek }: Schedule): string {
  const listed = (values: readonly (number | string)[] | undefined) => values?.join(",") ?? "*";
  const days =
    dayOfWeek === undefined
      ? [listed(dayOfMonth), listed(month), "?"]
      : ["?", listed(month), dayOfWeek.map((day) => weekdays[day]!).join(",")];
  return `cron(${[listed(minute), listed(hour), ...days, "*"].join(" ")})`;
}
