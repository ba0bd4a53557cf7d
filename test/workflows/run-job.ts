import { checkOut, type Job, runJob } from "./runner";

/** A job in a process of its own, so that the API which it asks can answer: JSON in, exit code out. */
interface Given {
  readonly job: Job;
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly artifacts: string;
  readonly bare: string;
}

const { bare, job, ...rest } = JSON.parse(process.argv[2]!) as Given;
const { status, printed } = runJob(job, { ...rest, checkout: checkOut(bare, "main") });
if (status !== 0) process.stderr.write(printed);
process.exitCode = status;
