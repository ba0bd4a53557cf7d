import { deepEqual, ok } from "node:assert/strict";
import { isUnknown, type Plan, type PlanResource, type PlanValue } from "../../../tools/plan/plan";
import { all } from "../../record";
import { type Raw, stackOf } from "./stack-file";

const stack = (file: Raw = {}) => stackOf({ monitoring: { emails: ["ops@example.com"] }, ...file });
const stacks: Readonly<Record<string, Raw>> = {
  production: {},
  "on the internet, blue-green": {
    cdn: { implementation: "none" },
    release: { strategy: "blue-green" },
    network: { endpoints: ["sts"] },
  },
  "with replica and proxy": { database: { readReplicas: 1, proxy: true } },
  "with a backup plan": { aws: { backupPlan: {} } },
  "on Aurora, with users of the cache": {
    database: { implementation: "aurora-serverless-v2", readReplicas: 1, proxy: true },
    cache: { accessControl: "rbac" },
  },
  "with workers and jobs": {
    workers: { mail: { command: ["node", "mail.js"] } },
    jobs: { cleanup: { command: ["node", "cleanup.js"], cron: "15 3 * * *" } },
  },
};

const docs = "https://docs.aws.amazon.com";
/** Metrics of AWS that an alarm may ask for: namespace, where AWS lists them, and names by their dimensions. */
const metrics: Readonly<Record<string, readonly [string, Readonly<Record<string, readonly string[]>>]>> = {
  "AWS/ApplicationELB": [
    `${docs}/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html`,
    {
      LoadBalancer: [
        "HTTPCode_ELB_5XX_Count",
        "HTTPCode_Target_5XX_Count",
        "RejectedConnectionCount",
        "RequestCount",
        "TargetResponseTime",
      ],
      "LoadBalancer TargetGroup": [
        "HTTPCode_Target_5XX_Count",
        "HealthyHostCount",
        "RequestCount",
        "TargetResponseTime",
        "UnHealthyHostCount",
      ],
    },
  ],
  "AWS/CertificateManager": [
    `${docs}/acm/latest/userguide/cloudwatch-metrics.html`,
    { CertificateArn: ["DaysToExpiry"] },
  ],
  "AWS/CloudFront": [
    `${docs}/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html`,
    { "DistributionId Region": ["4xxErrorRate", "5xxErrorRate", "Requests", "TotalErrorRate"] },
  ],
  "AWS/ECS": [
    `${docs}/AmazonECS/latest/developerguide/available-metrics.html`,
    { "ClusterName ServiceName": ["CPUUtilization", "MemoryUtilization"] },
  ],
  "ECS/ContainerInsights": [
    `${docs}/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html`,
    { "ClusterName ServiceName": ["DesiredTaskCount", "PendingTaskCount", "RunningTaskCount"] },
  ],
  "AWS/ElastiCache": [
    `${docs}/AmazonElastiCache/latest/dg/CacheMetrics.html`,
    { CacheClusterId: ["CPUUtilization", "DatabaseMemoryUsagePercentage", "EngineCPUUtilization", "Evictions"] },
  ],
  "AWS/Events": [
    `${docs}/eventbridge/latest/userguide/eb-monitoring.html`,
    { RuleName: ["FailedInvocations", "Invocations", "MatchedEvents", "TriggeredRules"] },
  ],
  "AWS/Route53": [
    `${docs}/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html`,
    { HealthCheckId: ["ConnectionTime", "HealthCheckPercentageHealthy", "HealthCheckStatus"] },
  ],
  "AWS/RDS": [
    `${docs}/AmazonRDS/latest/UserGuide/rds-metrics.html`,
    {
      DBInstanceIdentifier: [
        "CPUUtilization",
        "DatabaseConnections",
        "FreeStorageSpace",
        "FreeableMemory",
        "ReplicaLag",
      ],
      // Of all servers together: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
      DBClusterIdentifier: ["ACUUtilization", "AuroraReplicaLag", "CPUUtilization", "DatabaseConnections"],
    },
  ],
};

/** Of the program's own, by the filters that make them. */
const ownMetrics = (plan: Plan): string[] =>
  all(plan, "aws:cloudwatch/logMetricFilter:LogMetricFilter").map(({ inputs }) => {
    const { name, namespace } = inputs["metricTransformation"] as Record<string, string>;
    return `${namespace} ${name}`;
  });

interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, PlanValue>>;
}

function metricsOf({ inputs }: PlanResource): Metric[] {
  const queries = (inputs["metricQueries"] ?? []) as unknown as { readonly metric?: Metric }[];
  const alone = inputs["namespace"] === undefined ? [] : [inputs as unknown as Metric];
  return [...alone, ...queries.flatMap(({ metric }) => metric ?? [])];
}

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const compositeType = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
/** Whether a composite alarm of the kind that this program makes, any of several, has an alarm in it. */
function goesOffWith({ inputs }: PlanResource, alarm: PlanResource): boolean {
  const rule = inputs["alarmRule"];
  if (!isUnknown(rule)) return false;
  const any = /^(ALARM\("\{\d+\}"\))( OR ALARM\("\{\d+\}"\))*$/.test(rule.template ?? "");
  return any && rule.$unknown.some((source) => source.split("#")[0] === alarm.urn);
}

/** The resource that a value comes from. */
const sourceOf = (value: PlanValue | undefined): string | undefined =>
  isUnknown(value) ? value.$unknown[0]!.split("#")[0] : undefined;

describe("what belongs together on AWS", () => {
  for (const [name, file] of Object.entries(stacks)) {
    describe(name, () => {
      it("asks for metrics alone that AWS has, with their dimensions", async () => {
        const plan = await stack(file);
        const own = ownMetrics(plan);
        ok(own.length > 0);
        const unknown = all(plan, alarmType).flatMap((alarm) =>
          metricsOf(alarm)
            .filter(({ dimensions, metricName, namespace }) => {
              const by = Object.keys(dimensions).sort().join(" ");
              if (own.includes(`${namespace} ${metricName}`)) return by !== "";
              return !(metrics[namespace]?.[1][by] ?? []).includes(metricName);
            })
            .map(({ dimensions, metricName, namespace }) => [
              alarm.name,
              namespace,
              metricName,
              Object.keys(dimensions),
            ]),
        );
        deepEqual(unknown, []);
      });

      it("tells somebody of each alarm, when it goes off and when it ends", async () => {
        const plan = await stack(file);
        const heard = new Set(
          all(plan, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => sourceOf(inputs["topic"])),
        );
        const tells = ({ inputs }: PlanResource, kind: string) =>
          ((inputs[kind] ?? []) as PlanValue[]).some((topic) => heard.has(sourceOf(topic)));
        const composites = all(plan, compositeType);
        const silent = [...all(plan, alarmType), ...composites].filter(
          (alarm) =>
            !["alarmActions", "okActions"].every((kind) =>
              [alarm, ...composites.filter((composite) => goesOffWith(composite, alarm))].some((one) =>
                tells(one, kind),
              ),
            ),
        );
        // That a release has gone back is told; that the next may go on is not.
        deepEqual(
          silent.map(({ name: alarm }) => alarm),
          [],
        );
      });

      it("tells of each trouble once: what is a part of a composite alarm is silent, and by no webhook either", async () => {
        const plan = await stack({
          ...file,
          monitoring: { emails: ["ops@example.com"], webhook: "https://hooks.example.com/x" },
        });
        const composites = all(plan, compositeType);
        ok(composites.length >= 3);
        const children = all(plan, alarmType).filter((alarm) =>
          composites.some((composite) => goesOffWith(composite, alarm)),
        );
        ok(children.length >= 6);
        const patterns = JSON.stringify(all(plan, "aws:cloudwatch/eventRule:EventRule"));
        for (const { inputs, name: alarm, type } of [...all(plan, alarmType), ...composites]) {
          const silent = children.some((child) => child.name === alarm);
          deepEqual(((inputs["alarmActions"] ?? []) as unknown[]).length > 0, !silent, alarm);
          const posted =
            type === compositeType
              ? patterns.includes(inputs["alarmName"] as string)
              : (inputs["alarmDescription"] as string).startsWith("shop-test ");
          deepEqual(posted, !silent, alarm);
        }
        const suppressors = composites.map(({ inputs, name: alarm }) => [
          alarm,
          sourceOf((inputs["actionsSuppressor"] as unknown as { alarm: PlanValue } | undefined)?.alarm)
            ?.split("::")
            .at(-1),
        ]);
        deepEqual(Object.fromEntries(suppressors), {
          "monitoring-requests-fail": undefined,
          "monitoring-slow": "monitoring-requests-fail",
          "monitoring-budget": "monitoring-requests-fail",
          "monitoring-edge": undefined,
        });
      });

      it("opens what a named flow needs, and nothing else", async () => {
        const plan = await stack(file);
        const flows = flowsOf(file);
        deepEqual(
          ingressOf(plan),
          flows
            .filter(([, to]) => to !== "internet")
            .map(written)
            .sort(),
        );
        // The caller must be let out, too: by a rule for that group, or for the whole VPC.
        const egress = egressOf(plan);
        const leaves = (from: string, to: string, port: number) =>
          egress.filter(
            (rule) =>
              rule.from === from &&
              rule.ports[0] <= port &&
              port <= rule.ports[1] &&
              (rule.to === to || (rule.to === "vpc" && to !== "internet")),
          );
        const inside = flows.filter(([from]) => !["internet", "cloudfront"].includes(from));
        deepEqual(
          inside.filter(([from, to, port]) => leaves(from, to, port).length === 0),
          [],
        );
        const used = new Set(inside.flatMap(([from, to, port]) => leaves(from, to, port)));
        deepEqual(
          egress.filter((rule) => !used.has(rule)),
          [],
        );
      });
    });
  }
});

type Flow = readonly [from: string, to: string, port: number];
const written = ([from, to, port]: Flow): string => `${from} -> ${to}:${port}`;

/** Who must reach whom. */
function flowsOf(file: Raw): Flow[] {
  const { cdn, database, network } = file as {
    cdn?: { implementation?: string };
    database?: { proxy?: boolean };
    network?: { endpoints?: string[] };
  };
  const application = "network-application";
  return [
    ...(cdn?.implementation === "none"
      ? ([
          ["internet", "web-alb", 80],
          ["internet", "web-alb", 443],
        ] as const)
      : ([["cloudfront", "web-alb", 443]] as const)),
    ["web-alb", application, 3000],
    [application, "database-access", 5432],
    [application, "cache-access", 6379],
    [application, "internet", 443],
    ...(database?.proxy === true
      ? ([
          [application, "database-proxy", 5432],
          ["database-proxy", "database-access", 5432],
        ] as const)
      : []),
    ...(network?.endpoints === undefined ? [] : ([[application, "network-endpoints", 443]] as const)),
  ];
}

const groupOf = (value: PlanValue | undefined): string | undefined => sourceOf(value)?.split("::").at(-1);

function ingressOf(plan: Plan): string[] {
  return all(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    .map(({ inputs }): Flow => {
      const from = groupOf(inputs["referencedSecurityGroupId"]);
      return [
        from ?? (inputs["prefixListId"] === undefined ? "internet" : "cloudfront"),
        groupOf(inputs["securityGroupId"])!,
        inputs["toPort"] as number,
      ];
    })
    .map(written)
    .sort();
}

interface Egress {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly [number, number];
}

function egressOf(plan: Plan): Egress[] {
  return all(plan, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").map(({ inputs }) => ({
    from: groupOf(inputs["securityGroupId"])!,
    to: groupOf(inputs["referencedSecurityGroupId"]) ?? (inputs["cidrIpv4"] === "0.0.0.0/0" ? "internet" : "vpc"),
    ports: [inputs["fromPort"] as number, inputs["toPort"] as number],
  }));
}
