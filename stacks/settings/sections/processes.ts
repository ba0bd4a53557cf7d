import { z } from "zod";
import * as format from "../formats";

const servers = {
  on: format.servers,
  why: { vercel: "Vercel runs functions, which end with their response; its cron jobs are in vercel.json" },
};

/** Goes into names of services, containers and CronJobs; Kubernetes takes 52 characters for those. */
const name = z
  .string()
  .regex(
    /^[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?$/,
    "expected a name of lower-case letters, digits and hyphens, at most 30",
  );

const command = z
  .array(z.string("expected text").min(1, "expected text"), 'expected a list of texts, such as ["node", "mail.js"]')
  .min(1, 'expected a command, such as ["node", "mail.js"]')
  .meta({ description: "Command in the application's image.", example: ["node", "mail.js"] });

const size = {
  cpuMillis: format
    .whole(100, 16000, { description: "CPU. Default: service.cpuMillis.", unit: "thousandths of a CPU" })
    .optional(),
  memoryMb: format.whole(128, 122880, { description: "Memory. Default: service.memoryMb.", unit: "MiB" }).optional(),
};

export const workers = z
  .record(
    name,
    z.strictObject(
      {
        command,
        ...size,
        replicas: format.whole(1, 100, { description: "Replicas. Default: 1." }).optional(),
      },
      "expected a mapping with a command",
    ),
  )
  .meta({
    ...servers,
    description:
      "Processes that run all the time without an ingress, by name: the application's image, variables, secrets and network with another `command`. Each may set `cpuMillis`, `memoryMb` (default: the service's) and `replicas` (default: 1).",
    example: { mail: { command: ["node", "mail.js"], replicas: 2 } },
  });

export const jobs = z
  .record(
    name,
    z.strictObject(
      {
        command,
        ...size,
        cron: format
          .text(
            { description: "When it runs, in UTC. Default: only when it is started by hand.", example: "15 3 * * *" },
            format.jobCron,
          )
          .optional(),
        timeoutMinutes: format
          .whole(1, 1440, { description: "Time after which a run is stopped. Default: 60.", unit: "minutes" })
          .optional(),
      },
      "expected a mapping with a command",
    ),
  )
  .meta({
    ...servers,
    description:
      "Processes that end, by name: the application's image, variables, secrets and network with another `command`. `cron` says when, in UTC; without it a job runs only when it is started by hand. Each may set `cpuMillis`, `memoryMb` (default: the service's) and `timeoutMinutes` (default: 60). The output `jobs` has the command that starts each.",
    example: { cleanup: { command: ["node", "cleanup.js"], cron: "15 3 * * *", timeoutMinutes: 30 } },
  });
