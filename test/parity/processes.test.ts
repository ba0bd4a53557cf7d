import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { resolveSettings } from "../../stacks/settings/load";
import { evaluatePlan } from "../../tools/judge/policy/evaluate-plan";
import { mandatoryFailures } from "../../tools/judge/policy/report";
import { estimate } from "../../tools/judge/cost/estimate";
import type { Plan, PlanResource } from "../../tools/plan/plan";
import { isUnknown } from "../../tools/plan/plan";
import { planOf, targetNames, targets, type TargetName } from "./targets";

const processes = {
  workers: { mail: { command: ["node", "mail.js"], replicas: 2, memoryMb: 1024 } },
  jobs: {
    cleanup: { command: ["node", "cleanup.js", "--all"], cron: "15 3 * * 1-5", timeoutMinutes: 30 },
    import: { command: ["node", "import.js"] },
  },
};

const running: Readonly<Record<TargetName, RegExp>> = {
  "aws-ecs": /:TaskDefinition$/,
  kubernetes: /:(Deployment|CronJob)$/,
  docker: /:Container$/,
};
const named = (plan: Plan, target: TargetName, name: string): PlanResource[] =>
  plan.resources.filter((one) => running[target].test(one.type) && one.name.includes(name));
/** The inputs as text, templates included. */
const text = (resource: PlanResource) =>
  JSON.stringify(resource.inputs, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || !isUnknown(value)) return value;
    return (value as { template?: string }).template ?? "?";
  }).replaceAll('\\"', '"');
const envNames = (resource: PlanResource) =>
  [...text(resource).matchAll(/"(?:name":"|)([A-Z][A-Z_]{3,})(?:"|=)/g)].map(([, name]) => name!);

describe("workers and jobs", () => {
  for (const target of targetNames) {
    describe(target, () => {
      it("run the application's image, variables and secrets with a command of their own", async () => {
        const plan = await planOf(target, processes);
        const [web] = named(plan, target, target === "docker" ? "-app-1" : "web");
        for (const [name, command] of [
          ["worker-mail", '"node","mail.js"'],
          ["job-cleanup", '"node","cleanup.js","--all"'],
          ["job-import", '"node","import.js"'],
        ] as const) {
          const found = named(plan, target, name);
          equal(found.length, target === "docker" && name === "worker-mail" ? 2 : 1, name);
          ok(text(found[0]!).includes(command), `${name}: ${text(found[0]!)}`);
          const missing = envNames(web!).filter((each) => !envNames(found[0]!).includes(each));
          deepEqual(
            missing.filter(
              (each) =>
                !/^(PORT|HOSTNAME|KEEP_ALIVE_TIMEOUT$|ASSETS_BUCKET|CLOUDFRONT_|NODE_|COMPLETE$|SUCCESS$)/.test(each),
            ),
            [],
            name,
          );
        }
      });

      it("come after the release, and the stack says how to start a job", async () => {
        const plan = await planOf(target, processes);
        for (const name of ["worker-mail", "job-cleanup", "job-import"]) {
          const component = plan.resources.find((one) => one.name.endsWith(name) && /^slipway:/.test(one.type));
          // What a component waits for, its children wait for: the engine knows no parent of theirs before.
          match(JSON.stringify(component!.dependencies), /ecs\/service:Service::web|Deployment::web|-app-1/, name);
        }
      });

      it("are watched", async () => {
        const plan = await planOf(target, processes);
        const all = JSON.stringify(plan.resources.map(({ inputs }) => inputs));
        ok(all.includes("Job failed"), "job");
        if (target !== "docker") ok(all.includes("Too few worker replicas"), "worker");
      });

      it("keep every policy that the stack keeps without them", async () => {
        const failures = async (more: Record<string, unknown>) => {
          return mandatoryFailures(evaluatePlan(await planOf(target, more), {}, { today: new Date("2026-01-01") })).map(
            (one) => JSON.stringify(one),
          );
        };
        const before = await failures({});
        deepEqual(
          (await failures(processes)).filter((each) => !before.includes(each)),
          [],
        );
      });

      it("has no cost that nobody names", async () => {
        const where = { region: "eu-central-1" };
        const before = estimate(await planOf(target), where);
        const after = estimate(await planOf(target, processes), where);
        deepEqual(after.unpriced, before.unpriced);
      });
    });
  }

  it("are refused on Vercel, with the reason", () => {
    throws(
      () => resolveSettings("test", { target: "vercel", ...targets.vercel.file, ...processes }, {}),
      (error: Error) => {
        match(error.message, /slipway:workers +does not work with target vercel: Vercel runs functions/);
        match(error.message, /slipway:jobs +does not work with target vercel/);
        return true;
      },
    );
  });

  it("are refused with every problem at once: name, command, size, cron", () => {
    throws(
      () =>
        resolveSettings(
          "test",
          {
            target: "aws-ecs",
            ...targets["aws-ecs"].file,
            workers: { Mail: { command: ["a"] }, empty: { command: [] }, odd: { command: ["a"], memoryMb: 700 } },
            jobs: {
              both: { command: ["a"], cron: "0 3 1 * 1" },
              last: { command: ["a"], cron: "0 3 L * *" },
              long: { command: ["a"], timeoutMinutes: 2000 },
              none: { cron: "0 3 * * *" },
            },
          },
          { awsRegion: "eu-central-1" },
        ),
      (error: Error) => {
        for (const part of [
          /slipway:workers\.Mail .*lower-case/,
          /slipway:workers\.empty\.command .*expected a command/,
          /slipway:workers\.odd\.memoryMb +700 does not go with cpuMillis 500/,
          /slipway:jobs\.both\.cron .*schedulers disagree/,
          /slipway:jobs\.last\.cron .*expected/,
          /slipway:jobs\.long\.timeoutMinutes .*1 to 1440/,
          /slipway:jobs\.none\.command .*missing/,
        ])
          match(error.message, part);
        return true;
      },
    );
  });
});
