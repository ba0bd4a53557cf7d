import { strict as assert } from "node:assert";
import type { SignalSource } from "../../../../components/monitoring/contract";
import {
  KubernetesPrometheus,
  type KubernetesPrometheusArgs,
} from "../../../../components/monitoring/kubernetes/prometheus";
import { signals } from "../../../../components/monitoring/signals";
import { all, only, record } from "../../../record";
import { network } from "../../kubernetes-mocks";

const web = { exporter: "application", namespace: "shop", workload: "web", job: "shop/web" };
const sources: SignalSource[] = [
  { kind: "ingress", name: "web-ingress", identifiers: web },
  { kind: "service", name: "web", identifiers: web, capacity: { minReplicas: 4, cpus: 0.5, memoryBytes: 536870912 } },
  {
    kind: "database",
    name: "database",
    identifiers: { exporter: "cloudnative-pg", namespace: "shop", cluster: "database" },
    capacity: { storageGb: 50, cpus: 1 },
  },
];
const args: KubernetesPrometheusArgs = {
  network,
  sources,
  thresholds: { errorPercent: 1, p95Milliseconds: 1000, saturationPercent: 80 },
  notify: { emails: ["ops@example.com"], webhook: "https://hooks.example.com/T0/secret" },
  smtp: { host: "smtp.example.com:587", from: "alerts@example.com" },
};

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

describe("KubernetesPrometheus", () => {
  // Those have tests of their own: prometheus/composites.test.ts.
  const create = (more: Partial<KubernetesPrometheusArgs> = {}) =>
    record(() => void new KubernetesPrometheus("monitoring", { ...args, compositeAlarms: false, ...more }));
  const rulesOf = async (): Promise<readonly Rule[]> => {
    const { spec } = only(await create(), "kubernetes:monitoring.coreos.com/v1:PrometheusRule").inputs as unknown as {
      spec: { groups: { rules: readonly Rule[] }[] };
    };
    return spec.groups[0]!.rules;
  };

  it("has a rule for every row of the table that Prometheus can see", async () => {
    const seen = signals.filter(({ of, prometheus }) =>
      sources.some(({ kind, identifiers }) => kind === of && prometheus?.[identifiers["exporter"] as "application"]),
    );
    assert.equal((await rulesOf()).length, seen.length);
    assert.ok(seen.length >= 10);
  });

  it("writes a rule with its limit, its urgency and what to do", async () => {
    const rule = (await rulesOf()).find(({ alert }) => alert === "Replicas");
    assert.deepEqual(rule, {
      alert: "Replicas",
      expr: '(sum(up{job="shop/web"}) or vector(0)) < 2',
      for: "2m",
      labels: { severity: "page", source: "web", signal: "replicas", namespace: "shop" },
      annotations: {
        summary: "Too few healthy replicas (web)",
        description: "{{ $value | humanize }}; the limit is at least 2.",
        runbook: signals.find(({ id }) => id === "replicas")!.runbook,
        runbook_url: "docs/runbooks/replicas.md",
      },
    });
  });

  it("leaves no placeholder in a query", async () => {
    for (const { expr } of await rulesOf()) assert.doesNotMatch(expr, /\$/);
  });

  it("refuses a source that does not state what a signal needs, naming both", async () => {
    const [, service] = sources as [SignalSource, SignalSource];
    await assert.rejects(
      create({ sources: [{ ...service, capacity: {} }] }),
      /signal cpu needs \$cpus, which web does not state/,
    );
  });

  it("scrapes each workload once, under the name that the queries use", async () => {
    const monitors = all(await create(), "kubernetes:monitoring.coreos.com/v1:PodMonitor");
    assert.deepEqual(
      monitors.map(({ inputs }) => [(inputs["metadata"] as { name: string }).name, inputs["spec"]]).sort(),
      [
        [
          "database",
          {
            selector: { matchLabels: { "cnpg.io/cluster": "database" } },
            podMetricsEndpoints: [
              {
                port: "metrics",
                interval: "15s",
                relabelings: [
                  { sourceLabels: ["__meta_kubernetes_pod_label_cnpg_io_cluster"], targetLabel: "cluster" },
                ],
              },
            ],
          },
        ],
        [
          "web",
          {
            selector: { matchLabels: { "app.kubernetes.io/name": "web" } },
            podMetricsEndpoints: [
              {
                port: "metrics",
                interval: "15s",
                relabelings: [
                  {
                    sourceLabels: ["__meta_kubernetes_pod_label_rollouts_pod_template_hash"],
                    targetLabel: "rollouts_pod_template_hash",
                  },
                ],
              },
            ],
          },
        ],
      ],
    );
  });

  it("writes to a chat in the form that it takes, with whose alarm it is and what to do", async () => {
    const receiver = async (webhook: string) => {
      const plan = await create({ notify: { emails: [], webhook } });
      const { spec } = only(plan, "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig").inputs as unknown as {
        spec: { receivers: [Record<string, [Record<string, unknown>]>] };
      };
      return spec.receivers[0];
    };
    const address = { name: "monitoring-webhook", key: "url" };
    const slack = (await receiver("https://hooks.slack.com/services/T0/B0/x"))["slackConfigs"]![0];
    assert.deepEqual(slack["apiURL"], address);
    assert.match(slack["text"] as string, /Labels\.stack.*Labels\.domain.*Annotations\.runbook_url/);
    const teams = (await receiver("https://a.b.environment.api.powerplatform.com/x"))["msteamsv2Configs"]![0];
    assert.deepEqual(teams["webhookURL"], address);
    assert.deepEqual((await receiver("https://discord.com/api/webhooks/1/x"))["discordConfigs"]![0]["apiURL"], address);
  });

  it("tells people by e-mail and by webhook, whose address stays secret", async () => {
    const plan = await create();
    const { spec } = only(plan, "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig").inputs as {
      spec: { receivers: unknown };
    };
    assert.deepEqual(spec.receivers, [
      {
        name: "team",
        emailConfigs: [
          { to: "ops@example.com", sendResolved: true, smarthost: "smtp.example.com:587", from: "alerts@example.com" },
        ],
        webhookConfigs: [{ urlSecret: { name: "monitoring-webhook", key: "url" }, sendResolved: true }],
      },
    ]);
    assert.equal(JSON.stringify(plan).includes("hooks.example.com"), false);
  });

  it("makes no receiver without recipients", async () => {
    const plan = await create({ notify: { emails: [] } });
    assert.equal(all(plan, "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig").length, 0);
  });

  it("draws a panel for each rule, for Grafana to find by its label", async () => {
    const { metadata, data } = only(await create(), "kubernetes:core/v1:ConfigMap").inputs as {
      metadata: { labels: object };
      data: Record<string, string>;
    };
    assert.deepEqual(metadata.labels, { grafana_dashboard: "1" });
    const dashboard = JSON.parse(data["slipway.json"]!) as { uid: string; panels: { targets: { expr: string }[] }[] };
    assert.equal(dashboard.uid, "slipway-shop");
    assert.equal(dashboard.panels.length, (await rulesOf()).length);
  });
});
