import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { alarmOf, hasCloudWatch } from "../../../../components/monitoring/aws/alarms";
import { AwsAlertTopic } from "../../../../components/monitoring/aws/alert-topic";
import { AwsCloudWatch, type AwsCloudWatchArgs } from "../../../../components/monitoring/aws/cloudwatch";
import type { SignalSource } from "../../../../components/monitoring/contract";
import { signals } from "../../../../components/monitoring/signals";
import { isSecret, type Plan } from "../../../../tools/plan/plan";
import { projectDir } from "../../../project";
import { all, only, record } from "../../../record";
import { json, keyArn, once, orphans, output, statements } from "../../aws-fixtures";

const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const composite = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const topicArn = "arn:aws:sns:eu-central-1:111122223333:alerts";
const thresholds = { errorPercent: 1, p95Milliseconds: 1000, saturationPercent: 80 };

const sources: SignalSource[] = [
  { kind: "ingress", name: "ingress", identifiers: { LoadBalancer: "app/web/1" } },
  {
    kind: "service",
    name: "web",
    identifiers: {
      ClusterName: "cluster",
      ServiceName: "web",
      LoadBalancer: "app/web/1",
      TargetGroup: "targetgroup/blue/1",
      AlternateTargetGroup: "targetgroup/green/1",
    },
    capacity: { minReplicas: 4 },
  },
  {
    kind: "database",
    name: "database",
    identifiers: { DBInstanceIdentifier: "database-1" },
    capacity: { storageGb: 50, maxConnections: 405 },
  },
  {
    kind: "database-replica",
    name: "replica",
    identifiers: { DBInstanceIdentifier: "replica-1" },
    capacity: { storageGb: 50, maxConnections: 405 },
  },
  {
    kind: "database-cluster",
    name: "cluster",
    identifiers: { DBClusterIdentifier: "cluster-1" },
    capacity: { maxConnections: 1622 },
  },
  { kind: "cache", name: "cache-1", identifiers: { CacheClusterId: "cache-001" } },
  { kind: "cdn", name: "cdn", identifiers: { DistributionId: "E1", Region: "Global" } },
  { kind: "certificate", name: "certificate", identifiers: { CertificateArn: "arn:certificate" } },
];

const monitoring = once((args?: Partial<AwsCloudWatchArgs>) =>
  record(() => ({
    dashboard: new AwsCloudWatch("monitoring", {
      region: "eu-central-1",
      sources,
      thresholds,
      notify: { emails: ["ops@example.com"] },
      topicArn,
      edgeKeyArn: keyArn,
      ...args,
    }).dashboard,
  })),
);

describe("AwsCloudWatch", () => {
  it("has an alarm for each signal that CloudWatch sees, of each source", async () => {
    const expected = signals
      .filter(hasCloudWatch)
      .flatMap((signal) =>
        sources.filter(({ kind }) => kind === signal.of).map(({ name }) => `monitoring-${name}-${signal.id}`),
      );
    const found = all(await monitoring(), alarm).map(({ name }) => name);
    assert.deepEqual(found.filter((name) => !name.endsWith("-backup")).sort(), expected.sort());
  });

  it("has no signal that nobody watches: each is an alarm, or says why not", () => {
    for (const signal of signals) assert.ok(signal.cloudWatch ?? signal.absent?.cloudWatch, signal.id);
  });

  it("leads from every alarm to a page that there is", async () => {
    for (const { inputs } of all(await monitoring(), alarm)) {
      const [page] = /docs\/runbooks\/[a-z-]+\.md$/.exec(inputs["alarmDescription"] as string)!;
      assert.ok(existsSync(join(projectDir, page)), page);
    }
  });

  it("tells somebody of every alarm, and of its end: by itself, or by a composite one", async () => {
    const plan = await monitoring();
    for (const { name, inputs } of [...all(plan, alarm), ...all(plan, composite)]) {
      const silent = ["ingress-errors", "replicas", "latency", "error-budget"].some((id) => name.endsWith(id));
      assert.equal(((inputs["alarmActions"] ?? []) as unknown[]).length, silent ? 0 : 1, name);
      assert.deepEqual(inputs["okActions"], inputs["alarmActions"], name);
    }
    const alone = await monitoring({ compositeAlarms: false });
    assert.deepEqual(all(alone, composite), []);
    for (const { name, inputs } of all(alone, alarm))
      assert.equal((inputs["alarmActions"] as unknown[]).length, 1, name);
  });

  describe("composite alarms", () => {
    const rules = (plan: Plan) =>
      Object.fromEntries(all(plan, composite).map(({ inputs, name }) => [name, inputs["alarmRule"]]));
    const childOf = (...names: string[]) => names.map((name) => `ALARM("${name}")`).join(" OR ");

    it("hold what visitors meet at the same moment, and are quiet while something worse lasts", async () => {
      const plan = await monitoring({ releaseAlarms: { errors: "release-errors", latency: "release-latency" } });
      const names = new Map(all(plan, alarm).map((one) => [one.name, output(one, "name")]));
      assert.deepEqual(readable(rules(plan)), {
        "monitoring-requests-fail": childOf("monitoring-ingress-errors", "monitoring-web-replicas", "release-errors"),
        "monitoring-slow": childOf("monitoring-ingress-latency", "release-latency"),
        "monitoring-budget": childOf("monitoring-ingress-error-budget"),
      });
      assert.ok(names.size > 10);
      const { inputs } = only(plan, composite, "monitoring-budget");
      assert.deepEqual(
        { ...(inputs["actionsSuppressor"] as object), alarm: undefined },
        { alarm: undefined, waitPeriod: 120, extensionPeriod: 21_600 },
      );
      assert.equal(inputs["alarmName"], "shop-test-budget");
    });

    it("are where their alarms are: one of CloudFront alone notifies by itself, and in us-east-1 follows the rest", async () => {
      const elsewhere = await monitoring();
      assert.equal(only(elsewhere, alarm, "monitoring-cdn-cdn-errors").inputs["alarmActions"] !== undefined, true);
      const there = await monitoring({ region: "us-east-1", edgeKeyArn: undefined });
      const { inputs } = only(there, composite, "monitoring-edge");
      assert.deepEqual(
        (inputs["actionsSuppressor"] as Record<string, unknown>)["alarm"],
        output(only(there, composite, "monitoring-requests-fail"), "arn"),
      );
    });

    it("are none where one alarm is alone", async () => {
      const plan = await monitoring({ sources: sources.filter(({ kind }) => kind === "service") });
      assert.deepEqual(rules(plan), {});
      assert.deepEqual(only(plan, alarm, "monitoring-web-replicas").inputs["alarmActions"], [topicArn]);
    });

    /** By the names of the resources in place of those that AWS will give. */
    function readable(found: Record<string, unknown>): Record<string, string> {
      return Object.fromEntries(
        Object.entries(found).map(([name, rule]) => {
          const { $unknown, template } = rule as { $unknown: string[]; template: string };
          return [
            name,
            template.replace(/\{(\d+)\}/g, (_, index) => $unknown[Number(index)]!.split("#")[0]!.split("::").at(-1)!),
          ];
        }),
      );
    }
  });

  it("computes the error ratio of all requests, in percent", async () => {
    const { inputs } = only(await monitoring(), alarm, "monitoring-ingress-errors");
    const dimensions = { LoadBalancer: "app/web/1" };
    const metric = (metricName: string) => ({
      namespace: "AWS/ApplicationELB",
      metricName,
      stat: "Sum",
      period: 60,
      dimensions,
    });
    assert.deepEqual(inputs["metricQueries"], [
      { id: "requests", returnData: false, metric: metric("RequestCount") },
      { id: "target", returnData: false, metric: metric("HTTPCode_Target_5XX_Count") },
      { id: "balancer", returnData: false, metric: metric("HTTPCode_ELB_5XX_Count") },
      { id: "value", returnData: true, expression: "100 * (FILL(target, 0) + FILL(balancer, 0)) / requests" },
    ]);
    assert.deepEqual(
      [inputs["comparisonOperator"], inputs["threshold"], inputs["evaluationPeriods"], inputs["treatMissingData"]],
      ["GreaterThanThreshold", 1, 3, "notBreaching"],
    );
    assert.ok(!("region" in inputs));
  });

  it("takes the team's milliseconds to CloudWatch's seconds", async () => {
    assert.equal(only(await monitoring(), alarm, "monitoring-ingress-latency").inputs["threshold"], 1);
  });

  it("finds the replicas in either target group, and takes silence for their absence", async () => {
    const { inputs } = only(await monitoring(), alarm, "monitoring-web-replicas");
    const groups = (inputs["metricQueries"] as { metric?: { dimensions: { TargetGroup: string } } }[]).map(
      ({ metric }) => metric?.dimensions.TargetGroup,
    );
    assert.deepEqual(groups, ["targetgroup/blue/1", "targetgroup/green/1", undefined]);
    assert.deepEqual([inputs["threshold"], inputs["treatMissingData"]], [2, "breaching"]);
  });

  it("puts the sizes of what is watched into limits and expressions", async () => {
    const plan = await monitoring();
    const storage = only(plan, alarm, "monitoring-database-database-storage").inputs;
    assert.equal(storage["threshold"], 0.15 * 50 * 1024 ** 3);
    const connections = only(plan, alarm, "monitoring-database-database-connections").inputs;
    assert.deepEqual(
      (connections["metricQueries"] as { expression?: string }[])[1]?.expression,
      "100 * connections / 405",
    );
  });

  it("looks at a certificate once a day, as AWS does", async () => {
    const { inputs } = only(await monitoring(), alarm, "monitoring-certificate-certificate-expiry");
    assert.equal((inputs["metricQueries"] as { metric: { period: number } }[])[0]?.metric.period, 86400);
    assert.equal(inputs["evaluationPeriods"], 1);
  });

  it("watches CloudFront where its metrics are, and notifies a topic of that region", async () => {
    const plan = await monitoring();
    const { inputs } = only(plan, alarm, "monitoring-cdn-cdn-errors");
    const topic = only(plan, "aws:sns/topic:Topic", "monitoring-edge");
    assert.equal(inputs["region"], "us-east-1");
    assert.equal(topic.inputs["region"], "us-east-1");
    assert.deepEqual(inputs["alarmActions"], [output(topic, "arn")]);
  });

  it("needs no second topic in us-east-1 itself, nor without a CDN", async () => {
    assert.deepEqual(all(await monitoring({ region: "us-east-1", edgeKeyArn: undefined }), "aws:sns/topic:Topic"), []);
    const without = sources.filter(({ kind }) => kind !== "cdn");
    assert.deepEqual(all(await monitoring({ sources: without, edgeKeyArn: undefined }), "aws:sns/topic:Topic"), []);
    await assert.rejects(monitoring({ edgeKeyArn: undefined }), /edgeKeyArn is missing/);
  });

  it("tells when no backup was finished for 26 hours", async () => {
    const plan = await monitoring();
    const { inputs } = only(plan, alarm, "monitoring-database-backup");
    assert.deepEqual(
      [inputs["evaluationPeriods"], inputs["treatMissingData"], inputs["comparisonOperator"]],
      [26, "notBreaching", "LessThanThreshold"],
    );
    // An hour counts only where the database was there: a new one has missed no backup on its first day.
    const [backups, storage, missed] = inputs["metricQueries"] as unknown as {
      expression?: string;
      metric: { metricName: string; period: number };
    }[];
    assert.deepEqual(
      [backups, storage].map((query) => [query!.metric.metricName, query!.metric.period]),
      [
        ["MatchedEvents", 3600],
        ["FreeStorageSpace", 3600],
      ],
    );
    assert.equal(missed?.expression, "SUM([FILL(backups, 0), 0 * storage])");
    const rule = only(plan, "aws:cloudwatch/eventRule:EventRule", "monitoring-database-backup");
    const target = only(plan, "aws:cloudwatch/eventTarget:EventTarget", "monitoring-database-backup");
    assert.deepEqual(target.inputs["rule"], output(rule, "name"));
    assert.deepEqual(json<{ detail: object }>(rule.inputs["eventPattern"]).detail, {
      EventID: ["RDS-EVENT-0002"],
      SourceIdentifier: ["database-1"],
    });
  });

  it("passes on failures of the databases, not each day's backup", async () => {
    const { inputs } = only(await monitoring(), "aws:rds/eventSubscription:EventSubscription", "monitoring-databases");
    assert.deepEqual(inputs["sourceIds"], ["database-1", "replica-1"]);
    assert.ok(!(inputs["eventCategories"] as string[]).includes("backup"));
  });

  it("hears of a cluster's failovers, and of its snapshots by the name that Aurora gives them", async () => {
    const plan = await monitoring();
    const { inputs } = only(plan, "aws:rds/eventSubscription:EventSubscription", "monitoring-clusters");
    assert.deepEqual(
      [inputs["sourceType"], inputs["sourceIds"], inputs["eventCategories"]],
      ["db-cluster", ["cluster-1"], ["failover", "failure"]],
    );
    const rule = only(plan, "aws:cloudwatch/eventRule:EventRule", "monitoring-cluster-backup");
    assert.deepEqual(json(rule.inputs["eventPattern"]), {
      source: ["aws.rds"],
      "detail-type": ["RDS DB Cluster Snapshot Event"],
      detail: { EventID: ["RDS-EVENT-0169"], SourceIdentifier: [{ prefix: "rds:cluster-1-" }] },
    });
    const [, there] = only(plan, alarm, "monitoring-cluster-backup").inputs["metricQueries"] as unknown as {
      metric: { dimensions: unknown };
    }[];
    assert.deepEqual(there!.metric.dimensions, { DBClusterIdentifier: "cluster-1" });
  });

  it("posts to a web address from both regions, and shows it to nobody", async () => {
    const plan = await monitoring({ notify: { emails: [], webhook: "https://hooks.example.com/T0/B0/x" } });
    const destinations = all(plan, "aws:cloudwatch/eventApiDestination:EventApiDestination");
    assert.deepEqual(
      destinations.map(({ inputs }) => inputs["region"] ?? "here"),
      ["here", "us-east-1"],
    );
    assert.ok(destinations.every(({ inputs }) => isSecret(inputs["invocationEndpoint"])));
    assert.ok(!JSON.stringify(plan).includes("hooks.example.com"));
  });

  describe("with a webhook alone", () => {
    const target = "aws:cloudwatch/eventTarget:EventTarget";
    const posted = (url: string) => monitoring({ notify: { emails: [], webhook: url }, domain: "shop.example.com" });
    const pattern = (plan: Plan, name: string) =>
      json<{ source: string[]; detail: Record<string, unknown>; resources?: unknown }>(
        only(plan, "aws:cloudwatch/eventRule:EventRule", name).inputs["eventPattern"],
      );
    const template = (plan: Plan, name: string) =>
      JSON.parse(
        (only(plan, target, name).inputs["inputTransformer"] as { inputTemplate: string }).inputTemplate,
      ) as Record<string, unknown>;

    it("tells of every alarm of the stack in both regions, also of one that goes off before it was ever well", async () => {
      const plan = await posted("https://hooks.example.com/x");
      for (const name of ["monitoring-webhook", "monitoring-edge-webhook"]) {
        const { detail } = pattern(plan, name);
        // A composite alarm has a rule, and a message of its own.
        assert.deepEqual(detail["configuration"], {
          description: [{ prefix: "shop-test " }],
          alarmRule: [{ exists: false }],
        });
        const heard = { actionsSuppressedBy: [{ exists: false }] };
        assert.deepEqual(detail["$or"], [
          { state: { value: ["ALARM"], ...heard } },
          { state: { value: ["OK"], ...heard }, previousState: { value: ["ALARM"], ...heard } },
        ]);
      }
      for (const { inputs } of all(plan, alarm))
        assert.match(
          inputs["alarmDescription"] as string,
          /^(Without an action of its own: )?shop-test shop\.example\.com \[(page|ticket)\] .* docs\/runbooks\/[a-z-]+\.md$/,
        );
    });

    it("tells of each composite alarm by its name, in words of its own, and not while another suppresses it", async () => {
      const plan = await posted("https://hooks.slack.com/services/T0/B0/x");
      for (const { inputs, name } of all(plan, composite)) {
        const kind = name.replace("monitoring-", "monitoring-webhook-");
        const { detail } = pattern(plan, kind);
        assert.deepEqual(detail["alarmName"], [inputs["alarmName"]]);
        assert.match(JSON.stringify(detail["$or"]), /actionsSuppressedBy/);
        const { text } = template(plan, kind) as { text: string };
        assert.ok(text.startsWith(`<state>: ${inputs["alarmDescription"] as string} <reason> https://`), text);
      }
    });

    it("tells of failures of the databases and of releases that went back", async () => {
      const plan = await posted("https://hooks.example.com/x");
      const databases = pattern(plan, "monitoring-webhook-databases");
      assert.deepEqual(databases.detail["SourceIdentifier"], ["database-1", "replica-1"]);
      const releases = pattern(plan, "monitoring-webhook-releases");
      assert.deepEqual(releases.detail, { eventName: ["SERVICE_DEPLOYMENT_FAILED"] });
      assert.deepEqual(releases.resources, [{ suffix: "/cluster/web" }]);
      // Addresses of e-mail hear of them too.
      assert.equal(only(plan, target, "monitoring-releases").inputs["arn"], topicArn);
    });

    it("writes what the address takes", async () => {
      const text = /^<state>: <description> <reason> https:\/\/eu-central-1\.console\.aws\.amazon\.com\/.*<alarm>$/;
      const slack = template(await posted("https://hooks.slack.com/services/T0/B0/x"), "monitoring-webhook");
      assert.deepEqual(Object.keys(slack), ["text"]);
      assert.match(slack["text"] as string, text);
      const teams = template(
        await posted("https://prod-1.westeurope.logic.azure.com/workflows/x"),
        "monitoring-webhook",
      );
      const [{ contentType, content }] = teams["attachments"] as [
        { contentType: string; content: { body: [{ text: string }] } },
      ];
      assert.equal(contentType, "application/vnd.microsoft.card.adaptive");
      assert.match(content.body[0].text, text);
      const discord = template(await posted("https://discord.com/api/webhooks/1/x"), "monitoring-webhook");
      assert.deepEqual(Object.keys(discord), ["content"]);
      const other = template(await posted("https://hooks.example.com/x"), "monitoring-webhook");
      assert.deepEqual(Object.keys(other), ["text", "alarm", "state", "description", "reason"]);
    });

    it("stays within what EventBridge takes of a pattern, however many alarms there are", async () => {
      for (const { inputs } of all(await posted("https://hooks.example.com/x"), "aws:cloudwatch/eventRule:EventRule")) {
        const given = inputs["eventPattern"];
        assert.ok((typeof given === "string" ? given : JSON.stringify(given)).length < 1000);
      }
    });
  });

  it("draws every signal on one dashboard", async () => {
    const plan = await monitoring();
    const { widgets } = json<{ widgets: { properties: { title: string; region: string } }[] }>(
      only(plan, "aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"],
    );
    const watched = signals
      .filter(hasCloudWatch)
      .filter((signal) => !["worker", "job", "log", "site", "backup-plan"].includes(signal.of));
    assert.deepEqual(
      widgets.map(({ properties }) => properties.title),
      watched.map(({ title, unit }) => `${title} (${unit})`),
    );
    assert.equal(widgets.find(({ properties }) => properties.title.includes("CDN"))?.properties.region, "us-east-1");
    assert.match(plan.outputs["dashboard"] as string, /#dashboards\/dashboard\/shop-test$/);
  });

  it("says what a source lacks, rather than watching something else", () => {
    const connections = signals.filter(hasCloudWatch).find(({ id }) => id === "database-connections")!;
    const source: SignalSource = { kind: "database", name: "db", identifiers: { DBInstanceIdentifier: "x" } };
    assert.throws(() => alarmOf(connections, source, thresholds), /db: .*needs the capacity maxConnections/);
    assert.throws(
      () => alarmOf(connections, { ...source, identifiers: {} }, thresholds),
      /needs the identifier DBInstanceIdentifier/,
    );
  });

  it("is the parent of all it creates", async () => {
    assert.deepEqual(
      orphans(await monitoring({ notify: { emails: ["a@example.com"], webhook: "https://hooks.example.com" } })),
      [],
    );
  });
});

describe("AwsAlertTopic", () => {
  it("is encrypted, lets in CloudWatch and RDS of this account, and tells each address", async () => {
    const plan = await record(
      () => void new AwsAlertTopic("alerts", { keyArn, emails: ["a@example.com", "b@example.com"], events: true }),
    );
    assert.deepEqual(only(plan, "aws:sns/topic:Topic").inputs, { kmsMasterKeyId: keyArn });
    const allowed = statements(only(plan, "aws:sns/topicPolicy:TopicPolicy"));
    assert.deepEqual(
      allowed.map(({ Principal }) => Principal),
      ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com", "events.amazonaws.com"].map((Service) => ({ Service })),
    );
    // EventBridge publishes only where there is no condition.
    assert.ok(
      allowed.slice(0, 2).every(({ Condition }) => Condition?.["StringEquals"]?.["aws:SourceAccount"] !== undefined),
    );
    assert.deepEqual(
      all(plan, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => [
        inputs["protocol"],
        inputs["endpoint"],
      ]),
      [
        ["email", "a@example.com"],
        ["email", "b@example.com"],
      ],
    );
  });
});
