import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { hardened, labels, secretPath } from "../shared/docker-container";
import { DockerFiles, type FilledVolume } from "../shared/docker-files";
import type { DockerNetwork } from "../network/contract";
import { dockerSecretFiles } from "../shared/docker-secret-files";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";
import type { Composed } from "./composite-alarms";
import type { Monitoring, MonitoringArgs } from "./contract";
import { composedOf, compositeRules, inhibitions, type Matched, sameStack, waiting } from "./prometheus/composites";
import { dashboard } from "./prometheus/dashboard";
import { fileReceiver } from "./prometheus/receivers";
import { prometheusRules, siteLabels } from "./prometheus/rules";
import { type Watch, watches } from "./prometheus/watches";

export interface DockerPrometheusArgs extends MonitoringArgs {
  /** Networks of the host. @example new DockerNetworks("shop") */
  readonly network: DockerNetwork;
  /**
   * Images as the public `prom/prometheus` and `prom/alertmanager`.
   * @example { prometheus: "prom/prometheus:v3.7.3", alertmanager: "prom/alertmanager:v0.28.1" }
   */
  readonly images: { readonly prometheus: pulumi.Input<string>; readonly alertmanager: pulumi.Input<string> };
  /**
   * Whose `/metrics` is read: a name that Docker's DNS resolves to every replica.
   * @example { host: "web", metricsPort: 9464 }
   */
  readonly scrape: { readonly host: string; readonly metricsPort: number };
  /** More to scrape, each under its host as the job. @default [] @example [{ host: "shop-job-cleanup", metricsPort: 9464 }] */
  readonly alsoScrape?: readonly ScrapeTarget[];
  /**
   * Server that takes e-mail; needed when somebody is notified by e-mail.
   *
   * @default none
   * @example { host: "smtp.example.com", port: 587, from: "alerts@example.com" }
   */
  readonly smtp?: { readonly host: string; readonly from: string };
  /** Port on 127.0.0.1 for Prometheus' own pages. @example 9090 */
  readonly port: number;
  /** Days that measurements are kept. @example 30 */
  readonly retentionDays: number;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly prometheus?: Transform<docker.ContainerArgs>;
    readonly alertmanager?: Transform<docker.ContainerArgs>;
  };
}

export interface ScrapeTarget {
  /** Name that Docker's DNS resolves on one of the networks. It is the job. @example "shop-exporters-node" */
  readonly host: string;
  /** @example 9100 */
  readonly metricsPort: number;
  /** @default "/metrics" @example "/probe" */
  readonly path?: string;
  /** Query of the request. @default none @example { module: "site" } */
  readonly parameters?: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * Prometheus and Alertmanager on one Docker host, with a rule for each row of the table of signals. Their pages are
 * published on 127.0.0.1 alone: they have no sign-in. Free.
 */
export class DockerPrometheus extends pulumi.ComponentResource implements Monitoring {
  readonly dashboard: pulumi.Output<string>;
  /** Address on the internal network. */
  readonly address: pulumi.Output<string>;
  /** For Grafana: JSON by file name. */
  readonly dashboards: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: DockerPrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:DockerPrometheus", name, {}, transforming(opts, args.transform));
    // Database and cache have no exporter of their own: they are seen through the application, under its job.
    const sources = args.sources.map((source) => ({
      ...source,
      identifiers: { job: args.scrape.host, ...source.identifiers },
    }));
    const watched = watches(sources, args.thresholds);
    const together = watched.apply((all) => (args.compositeAlarms === false ? [] : composedOf(all)));
    this.alertmanager(name, args, together);
    this.prometheus(name, args, watched, together);
    this.address = pulumi.output(`http://${name}:9090`);
    this.dashboards = {
      "site.json": watched.apply((all) => JSON.stringify(dashboard("slipway", args.domain ?? name, all))),
    };
    this.dashboard = pulumi.output(`http://127.0.0.1:${args.port}/alerts`);
    this.registerOutputs({ dashboard: this.dashboard });
  }

  private prometheus(
    name: string,
    args: DockerPrometheusArgs,
    watched: pulumi.Output<Watch[]>,
    together: pulumi.Output<Composed[]>,
  ): void {
    const data = new docker.Volume(`${name}-data`, { name: `${name}-data` }, { parent: this });
    const site = siteLabels(args.domain);
    const rules = pulumi.all([watched, together]).apply(([all, composites]) =>
      stringify({
        groups: [
          {
            name: "slipway",
            rules: [...prometheusRules(all, site), ...compositeRules(composites, all, site)],
          },
        ],
      }),
    );
    const configuration = pulumi.output([args.scrape, ...(args.alsoScrape ?? [])] as ScrapeTarget[]).apply((targets) =>
      stringify({
        global: { scrape_interval: "15s", evaluation_interval: "15s" },
        rule_files: [`${folder}/rules.yaml`],
        alerting: { alertmanagers: [{ static_configs: [{ targets: [`${name}-alertmanager:9093`] }] }] },
        scrape_configs: targets.map(({ host, metricsPort, path, parameters }) => ({
          job_name: host,
          ...(path !== undefined && { metrics_path: path }),
          ...(parameters !== undefined && {
            params: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, [value]])),
          }),
          dns_sd_configs: [{ names: [host], type: "A", port: metricsPort, refresh_interval: "5s" }],
        })),
      }),
    );
    const files = this.files(`${name}-server-files`, args.images.prometheus, {
      "prometheus.yaml": configuration,
      "rules.yaml": rules,
    });
    new docker.Container(
      ...childOf<docker.ContainerArgs>(
        `${name}-server`,
        {
          ...hardened({ cpuMillis: 500, memoryMb: 512 }),
          name,
          image: args.images.prometheus,
          user: nobody,
          command: [
            `--config.file=${folder}/prometheus.yaml`,
            "--storage.tsdb.path=/prometheus",
            `--storage.tsdb.retention.time=${args.retentionDays}d`,
          ],
          labels: labels("monitoring", { "app.slipway.configuration": files.version }),
          networksAdvanced: [{ name: args.network.edge }, { name: args.network.internal }],
          ports: [{ ip: "127.0.0.1", external: args.port, internal: 9090 }],
          mounts: [
            { type: "volume", target: "/prometheus", source: data.name },
            { type: "volume", target: folder, source: files.volume, readOnly: true },
          ],
          healthcheck: healthcheck("promtool", "check", "healthy", "--url=http://127.0.0.1:9090"),
          waitTimeout: 60,
          stopTimeout: 30,
        },
        { parent: this, deleteBeforeReplace: true },
        args.transform?.prometheus,
      ),
    );
  }

  private alertmanager(name: string, args: DockerPrometheusArgs, together: pulumi.Output<Composed[]>): void {
    const { emails, webhook } = args.notify;
    const mail = emails.map((to) => ({
      to,
      send_resolved: true,
      ...(args.smtp && { from: args.smtp.from, smarthost: args.smtp.host }),
    }));
    // A webhook's address is a key to the channel behind it.
    const secrets =
      webhook === undefined
        ? {}
        : dockerSecretFiles(
            `${name}-alertmanager-secrets`,
            { image: args.images.alertmanager, files: { webhook } },
            { parent: this },
          );
    const hooks =
      webhook === undefined ? { webhook_configs: [] } : fileReceiver(webhook, secretPath("webhook", "value"));
    const configuration = together.apply((composites) =>
      stringify({
        route: {
          receiver: "team",
          group_by: ["alertname"],
          group_wait: "30s",
          group_interval: "5m",
          repeat_interval: "4h",
          ...(composites.length > 0 && { routes: routes(composites) }),
        },
        ...(composites.length > 0 && { inhibit_rules: inhibitRules(composites) }),
        receivers: [
          { name: "team", email_configs: mail, ...hooks },
          ...(composites.length > 0 ? [{ name: "nobody" }] : []),
        ],
      }),
    );
    const files = this.files(`${name}-alertmanager-files`, args.images.alertmanager, {
      "alertmanager.yaml": configuration,
    });
    new docker.Container(
      ...childOf<docker.ContainerArgs>(
        `${name}-alertmanager`,
        {
          ...hardened({ cpuMillis: 250, memoryMb: 128 }),
          name: `${name}-alertmanager`,
          image: args.images.alertmanager,
          user: nobody,
          // One member: without this it looks for others to form a cluster with.
          command: [
            `--config.file=${folder}/alertmanager.yaml`,
            "--storage.path=/tmp/alertmanager",
            "--cluster.listen-address=",
          ],
          labels: labels("alerts", { "app.slipway.configuration": files.version }),
          // On `edge` too: it calls the mail server and the webhook.
          networksAdvanced: [
            { name: args.network.edge },
            { name: args.network.internal, aliases: [`${name}-alertmanager`] },
          ],
          mounts: [
            { type: "volume", target: folder, source: files.volume, readOnly: true },
            ...Object.entries(secrets).map(([secret, { volume }]) => ({
              type: "volume",
              target: `/run/secrets/${secret}`,
              source: volume,
              readOnly: true,
            })),
          ],
          healthcheck: healthcheck("amtool", "--alertmanager.url=http://127.0.0.1:9093", "config", "show"),
          waitTimeout: 60,
        },
        { parent: this, deleteBeforeReplace: true },
        args.transform?.alertmanager,
      ),
    );
  }

  private files(
    name: string,
    image: pulumi.Input<string>,
    files: Readonly<Record<string, pulumi.Input<string>>>,
  ): FilledVolume {
    return new DockerFiles(name, { kind: "configuration", image, volumes: { configuration: files } }, { parent: this })
      .volumes["configuration"]!;
  }
}

/** https://prometheus.io/docs/alerting/latest/configuration/#inhibition-related-settings */
const inhibitRules = (composites: readonly Composed[]) =>
  inhibitions(composites).map(({ source, target }) => ({
    source_matchers: [matcher(source)],
    target_matchers: [matcher(target)],
    equal: [...sameStack],
  }));

const routes = (composites: readonly Composed[]) => [
  { matchers: ['severity="none"'], receiver: "nobody" },
  ...waiting(composites).map(({ id, seconds }) => ({ matchers: [`composite="${id}"`], group_wait: `${seconds}s` })),
];

const matcher = ({ label, values }: Matched): string =>
  `${label}${values.length > 1 ? "=~" : "="}${JSON.stringify(values.join("|"))}`;

const folder = "/etc/slipway";
/** The user both images run as. */
const nobody = "65534:65534";

/** With the tool that each image brings: neither has a shell tool for certain. */
function healthcheck(...command: readonly string[]): docker.types.input.ContainerHealthcheck {
  return { tests: ["CMD", ...command], interval: "10s", timeout: "5s", retries: 6 };
}
