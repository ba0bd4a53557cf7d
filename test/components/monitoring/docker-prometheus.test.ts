import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { DockerPrometheus, type DockerPrometheusArgs } from "../../../components/monitoring/docker-prometheus";
import { isSecret, type Plan } from "../../../tools/plan/plan";
import { only, record } from "../../record";
import {
  type ContainerInputs,
  container,
  fileNamed,
  textNamed,
  labelNames,
  network,
  volumeType,
} from "../docker-mocks";

describe("DockerPrometheus", () => {
  const create = (more: Partial<DockerPrometheusArgs> = {}) =>
    record(
      () =>
        new DockerPrometheus("shop-monitoring", {
          network,
          images: { prometheus: "prometheus:3", alertmanager: "alertmanager:0" },
          scrape: { host: "shop-app", metricsPort: 9464 },
          sources: [{ kind: "cache", name: "shop-cache", identifiers: { exporter: "application" } }],
          thresholds: { errorPercent: 1, p95Milliseconds: 1000, saturationPercent: 80 },
          notify: { emails: [] },
          port: 9090,
          retentionDays: 30,
          ...more,
        }).dashboard,
    );
  const file = (plan: Plan, name: string) => parse(textNamed(plan, name)) as never;
  let plan: Plan;
  let server: ContainerInputs;
  let alertmanager: ContainerInputs;
  before(async () => {
    plan = await create();
    server = container(plan, "shop-monitoring-server").inputs;
    alertmanager = container(plan, "shop-monitoring-alertmanager").inputs;
  });

  it("shows its pages on this machine alone: they have no sign-in", () => {
    assert.deepEqual(server.ports, [{ ip: "127.0.0.1", external: 9090, internal: 9090 }]);
    assert.equal("ports" in alertmanager, false);
  });

  it("runs both hardened, as nobody", () => {
    for (const { user, readOnly, capabilities } of [server, alertmanager]) {
      assert.deepEqual([user, readOnly, capabilities], ["65534:65534", true, { drops: ["ALL"] }]);
    }
  });

  it("reads the figures of every replica that Docker's DNS names", () => {
    const { scrape_configs } = file(plan, "prometheus.yaml") as { scrape_configs: unknown };
    assert.deepEqual(scrape_configs, [
      {
        job_name: "shop-app",
        dns_sd_configs: [{ names: ["shop-app"], type: "A", port: 9464, refresh_interval: "5s" }],
      },
    ]);
  });

  it("has a rule for each signal of its sources, seen through the application", () => {
    const { groups } = file(plan, "rules.yaml") as {
      groups: [{ rules: { alert: string; expr: string; labels: { source: string } }[] }];
    };
    assert.ok(groups[0].rules.length > 0);
    for (const { alert, expr, labels } of groups[0].rules) {
      assert.match(alert, /^[A-Z][A-Za-z]+$/);
      assert.equal(labels.source, "shop-cache");
      assert.ok(expr.includes("shop-app"), expr);
      // Compared as a whole: `a or vector(0) < 1` would be there always.
      assert.match(expr, /^\(.+\) [<>] [\d.]+$/);
    }
  });

  it("keeps measurements as long as asked, on a volume", () => {
    assert.ok(server.command?.includes("--storage.tsdb.retention.time=30d"));
    assert.ok(only(plan, volumeType, "shop-monitoring-data"));
    assert.deepEqual(server.mounts[0], { type: "volume", target: "/prometheus", source: "shop-monitoring-data" });
  });

  it("starts anew for a new configuration, the old one gone first", () => {
    for (const name of ["shop-monitoring-server", "shop-monitoring-alertmanager"]) {
      const { inputs, resource } = container(plan, name);
      assert.ok(labelNames(inputs).includes("app.slipway.configuration"), name);
      assert.equal(resource.options.deleteBeforeReplace, true, name);
    }
  });

  it("sends mail through the server it is given", async () => {
    const mailing = await create({
      notify: { emails: ["ops@example.com"] },
      smtp: { host: "smtp.example.com:587", from: "alerts@example.com" },
    });
    const { receivers } = file(mailing, "alertmanager.yaml") as { receivers: unknown };
    assert.deepEqual(receivers, [
      {
        name: "team",
        email_configs: [
          { to: "ops@example.com", send_resolved: true, from: "alerts@example.com", smarthost: "smtp.example.com:587" },
        ],
        webhook_configs: [],
      },
    ]);
  });

  it("reads a webhook's address from a file: it is a key to the channel behind it", async () => {
    const calling = await create({ notify: { emails: [], webhook: "https://hooks.example.com/hunter2" } });
    const { receivers } = file(calling, "alertmanager.yaml") as { receivers: [{ webhook_configs: unknown }] };
    assert.deepEqual(receivers[0].webhook_configs, [{ url_file: "/run/secrets/webhook/value", send_resolved: true }]);
    assert.ok(isSecret(fileNamed(calling, "webhook/value")));
    assert.equal(JSON.stringify(calling).includes("hunter2"), false);
    assert.deepEqual(container(calling, "shop-monitoring-alertmanager").inputs.mounts.at(-1), {
      type: "volume",
      target: "/run/secrets/webhook",
      source: "shop-monitoring-alertmanager-secrets-webhook",
      readOnly: true,
    });
  });

  it("writes to a chat in the form that it takes", async () => {
    const calling = await create({ notify: { emails: [], webhook: "https://hooks.slack.com/services/T0/hunter2" } });
    const { receivers } = file(calling, "alertmanager.yaml") as {
      receivers: [Record<string, [Record<string, unknown>]>];
    };
    assert.equal(receivers[0]["slack_configs"]![0]["api_url_file"], "/run/secrets/webhook/value");
    assert.equal(receivers[0]["webhook_configs"], undefined);
  });

  it("has no file for a webhook that nobody asked for", () => {
    assert.deepEqual(alertmanager.mounts, [
      {
        type: "volume",
        target: "/etc/slipway",
        source: "shop-monitoring-alertmanager-files-configuration",
        readOnly: true,
      },
    ]);
  });
});
