import { deepEqual, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { SignalKind } from "../../components/monitoring/contract";
import { type Signal, signals } from "../../components/monitoring/signals";
import type { Plan } from "../../tools/plan/plan";
import { textNamed } from "../components/docker-mocks";
import { all, only } from "../record";
import { planOf, type TargetName, targetNames } from "./targets";

/** How a target's monitoring sees each kind of thing: the names under which a row may say that it has no metric. */
const seenBy: Readonly<Record<TargetName, (kind: SignalKind) => readonly (keyof NonNullable<Signal["absent"]>)[]>> = {
  "aws-ecs": () => ["cloudWatch"],
  kubernetes: (kind) => {
    const exporters = {
      database: "cloudnative-pg",
      cache: "redis-exporter",
      certificate: "kubernetes",
      worker: "kubernetes",
      job: "kubernetes",
    } as const;
    if (kind === "database-replica") return ["prometheus", "cloudnative-pg"];
    return ["prometheus", kind in exporters ? exporters[kind as keyof typeof exporters] : "application"];
  },
  docker: (kind) => {
    const exporters = {
      job: "job",
      backup: "pgbackrest",
      certificate: "blackbox",
      host: "node",
      site: "blackbox",
      "ingress-server": "nginx",
    } as const;
    return ["prometheus", kind in exporters ? exporters[kind as keyof typeof exporters] : "application"];
  },
};

/** The titles of the alarms and rules that a plan has. */
const watchedIn: Readonly<Record<TargetName, (plan: Plan) => readonly string[]>> = {
  "aws-ecs": (plan) =>
    all(plan, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => JSON.stringify(inputs["alarmDescription"])),
  kubernetes: (plan) => {
    const { spec } = only(plan, "kubernetes:monitoring.coreos.com/v1:PrometheusRule").inputs as unknown as {
      spec: { groups: [{ rules: { annotations: { summary: string } }[] }] };
    };
    return spec.groups[0].rules.map(({ annotations }) => annotations.summary);
  },
  docker: (plan) => {
    const { groups } = parse(textNamed(plan, "rules.yaml")) as {
      groups: [{ rules: { labels: { signal?: string } }[] }];
    };
    const ofSignals = groups[0].rules.filter(({ labels }) => labels.signal !== undefined);
    return ofSignals.map(({ labels }) => signals.find(({ id }) => id === labels.signal)!.alarm);
  },
};

describe("the table of signals", () => {
  for (const target of targetNames) {
    it(`is watched on ${target} row by row, or the row says why not, and never both`, async () => {
      const common = {
        workers: { mail: { command: ["node", "mail.js"] } },
        jobs: { cleanup: { command: ["node", "cleanup.js"], cron: "15 3 * * *" } },
        ...(target === "docker" && { docker: { backupsOnThisHostOnly: true, exporters: true } }),
        ...(target === "aws-ecs" && { aws: { backupPlan: {} } }),
      };
      const databases = {
        "aws-ecs": [{ readReplicas: 1 }, { implementation: "aurora-serverless-v2", readReplicas: 1 }],
        kubernetes: [{ readReplicas: 1 }],
        docker: [{}],
      }[target];
      const plans = await databases.reduce<Promise<Plan[]>>(
        async (before, database) => [...(await before), await planOf(target, { ...common, database })],
        Promise.resolve([]),
      );
      const watched = plans.flatMap(watchedIn[target]);
      const found = signals.map((signal) => {
        const there = watched.some((text) => text.includes(signal.alarm));
        const reasons = seenBy[target](signal.of).flatMap((name) => signal.absent?.[name] ?? []);
        return [
          signal.id,
          there ? "watched" : reasons.length > 0 ? "absent" : "forgotten",
          there && reasons.length > 0,
        ];
      });
      deepEqual(
        found.filter(([, state, both]) => state === "forgotten" || both === true),
        [],
      );
      // Each of them has most of the table: a rule that found nothing at all would pass the above by reasons alone.
      ok(found.filter(([, state]) => state === "watched").length >= 8, JSON.stringify(found));
    });
  }

  it("is Vercel's own on Vercel, and its page says so", () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "vercel.md"), "utf8");
    ok(page.includes("| Slipway's signals and alarms |"));
  });
});
