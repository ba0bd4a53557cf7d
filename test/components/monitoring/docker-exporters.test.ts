import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { DockerExporters } from "../../../components/monitoring/docker-exporters";
import { DockerGrafana } from "../../../components/monitoring/docker-grafana";
import { DockerPrometheus } from "../../../components/monitoring/docker-prometheus";
import { isSecret, type Plan } from "../../../tools/plan/plan";
import { record } from "../../record";
import { container, fileNamed, network, textNamed } from "../docker-mocks";

describe("exporters and Grafana of one host", () => {
  let plan: Plan;
  before(async () => {
    plan = await record(() => {
      const { signals, scrape } = new DockerExporters("shop-exporters", {
        network,
        images: { node: "node:1", nginx: "nginx:1", blackbox: "blackbox:0" },
        ingress: "shop-nginx",
        domain: "shop.example.com",
      });
      const { address, dashboards } = new DockerPrometheus("shop-monitoring", {
        ...{ network, images: { prometheus: "prometheus:3", alertmanager: "alertmanager:0" }, port: 9090 },
        ...{ scrape: { host: "shop-app", metricsPort: 9464 }, alsoScrape: scrape, sources: signals },
        thresholds: { errorPercent: 1, p95Milliseconds: 1000, saturationPercent: 80 },
        ...{ notify: { emails: [] }, domain: "shop.example.com", retentionDays: 30 },
      });
      new DockerGrafana("shop-grafana", { network, image: "grafana:12", prometheus: address, dashboards, port: 3001 });
    });
  });

  it("run without privileges with no port for others, and with nothing of the host", () => {
    for (const [exporter, networks] of [
      ["node", ["shop-internal"]],
      ["nginx", ["shop-edge"]],
      ["blackbox", ["shop-edge"]],
    ] as const) {
      const { inputs } = container(plan, `shop-exporters-${exporter}`);
      assert.deepEqual(
        [inputs.user, inputs["readOnly"], inputs["capabilities"]],
        ["65534:65534", true, { drops: ["ALL"] }],
      );
      assert.equal("ports" in inputs, false);
      assert.deepEqual(
        inputs.networksAdvanced,
        networks.map((name) => ({ name })),
      );
    }
    assert.equal("mounts" in container(plan, "shop-exporters-node").inputs, false);
  });

  it("are read by Prometheus, the site by the name that visitors use", () => {
    const { scrape_configs: scraped } = parse(textNamed(plan, "prometheus.yaml")) as {
      scrape_configs: {
        job_name: string;
        metrics_path?: string;
        params?: object;
        dns_sd_configs: [{ port: number }];
      }[];
    };
    assert.deepEqual(
      scraped.map(({ job_name, dns_sd_configs: [{ port }] }) => `${job_name}:${port}`),
      ["shop-app:9464", "shop-exporters-node:9100", "shop-exporters-nginx:9113", "shop-exporters-blackbox:9115"],
    );
    assert.deepEqual(
      [scraped[3]!.metrics_path, scraped[3]!.params],
      ["/probe", { module: ["site"], target: ["https://shop-nginx:8443/"] }],
    );
    const { modules } = parse(textNamed(plan, "blackbox.yaml")) as {
      modules: { site: { http: Record<string, unknown> } };
    };
    assert.deepEqual(modules.site.http["headers"], { Host: "shop.example.com" });
    assert.deepEqual(modules.site.http["tls_config"], { server_name: "shop.example.com", insecure_skip_verify: true });
    assert.deepEqual(container(plan, "shop-exporters-nginx").inputs.command, [
      "--nginx.scrape-uri=http://shop-nginx:8082/stub_status",
    ]);
  });

  it("have a rule and a panel for each signal", () => {
    const { groups } = parse(textNamed(plan, "rules.yaml")) as { groups: [{ rules: { expr: string }[] }] };
    assert.equal(groups[0].rules.length, 9);
    const { uid, panels } = JSON.parse(textNamed(plan, "site.json")) as { uid: string; panels: { title: string }[] };
    assert.deepEqual([uid, panels.length], ["slipway", 9]);
  });

  it("Grafana is on this machine alone, with a password that is a secret, and knows Prometheus", () => {
    const { inputs } = container(plan, "shop-grafana-server");
    assert.deepEqual(inputs.ports, [{ ip: "127.0.0.1", external: 3001, internal: 3000 }]);
    assert.ok(isSecret(fileNamed(plan, "password/value")));
    assert.ok(inputs.envs?.includes("GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/password/value"));
    assert.doesNotMatch(JSON.stringify(inputs.envs), /ADMIN_PASSWORD=/);
    const { datasources } = parse(textNamed(plan, "datasource.yaml")) as { datasources: [{ url: string }] };
    assert.equal(datasources[0].url, "http://shop-monitoring:9090");
    assert.equal(inputs["memory"], 256);
  });
});
