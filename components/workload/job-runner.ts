/**
 * What runs a job's command where the target has no time limit of its own for one: a program for `node -e`, which the
 * application's image has for certain, where it may have no shell. The command follows as its arguments.
 *
 * It hands on SIGTERM, stops a run after JOB_TIMEOUT_SECONDS with SIGTERM and 10 s later with SIGKILL, and ends with the
 * command's own exit code; 124 where the time was over, as `timeout` of coreutils does.
 */
const run = `
const { spawn } = require("node:child_process");
const [command, ...args] = process.argv.slice(1);
let child;
const run = () => new Promise((done) => {
  let late = false;
  child = spawn(command, args, { stdio: "inherit" });
  const timers = [];
  const limit = Number(process.env.JOB_TIMEOUT_SECONDS) * 1000;
  timers.push(setTimeout(() => {
    late = true;
    child.kill("SIGTERM");
    timers.push(setTimeout(() => child.kill("SIGKILL"), 10000));
  }, limit));
  const end = (code) => { timers.forEach(clearTimeout); child = undefined; done(late ? 124 : code); };
  child.on("error", (error) => { console.error(error.message); end(127); });
  child.on("exit", (code, signal) => end(signal ? 143 : code));
});`;

/** Runs the command once, and ends as it does. */
export const runOnce = `${run}
process.on("SIGTERM", () => child && child.kill("SIGTERM"));
run().then((code) => process.exit(code));
`;

/**
 * Runs the command whenever JOB_SCHEDULE, a Schedule as JSON, says so, never twice at once; without one it waits for
 * `docker exec`. On METRICS_PORT it says how the last run ended.
 */
export const runScheduled = `${run}
const schedule = process.env.JOB_SCHEDULE ? JSON.parse(process.env.JOB_SCHEDULE) : undefined;
const has = (list, value) => list === undefined || list.includes(value);
const due = (now) => schedule !== undefined && has(schedule.minute, now.getUTCMinutes()) && has(schedule.hour, now.getUTCHours()) &&
  has(schedule.dayOfMonth, now.getUTCDate()) && has(schedule.month, now.getUTCMonth() + 1) && has(schedule.dayOfWeek, now.getUTCDay());
let last = 0, ended = 0, stopping = false;
const tick = async () => {
  const now = new Date();
  const started = Math.floor(now / 60000);
  if (due(now) && !stopping) {
    console.log("started " + now.toISOString());
    last = await run();
    ended = Date.now() / 1000;
    console.log("ended with exit code " + last);
    if (stopping) process.exit(0);
  }
  // The next minute that has not begun: what is missed while a run goes on is not made up for.
  const next = (Math.max(Math.floor(Date.now() / 60000), started) + 1) * 60000;
  setTimeout(tick, next - Date.now() + 50);
};
process.on("SIGTERM", () => { stopping = true; if (child) child.kill("SIGTERM"); else process.exit(0); });
require("node:http").createServer((request, response) => {
  response.setHeader("content-type", "text/plain; version=0.0.4");
  response.end("# TYPE slipway_job_exit_code gauge\\nslipway_job_exit_code " + last + "\\n# TYPE slipway_job_end_timestamp_seconds gauge\\nslipway_job_end_timestamp_seconds " + ended + "\\n");
}).listen(Number(process.env.METRICS_PORT));
tick();
`;
