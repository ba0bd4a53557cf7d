import type { types } from "@pulumi/kubernetes";
import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import {
  output,
  type Input,
  all,
  ComponentResource,
  interpolate,
  type ComponentResourceOptions,
  type Output,
} from "@pulumi/pulumi";
import type { KubernetesNetwork } from "../../network/contract";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import type { Composed } from "../composite-alarms";
import type { Monitoring, MonitoringArgs, SignalKind, SignalSource } from "../contract";
import {
  composedOf,
  compositeRules,
  type Inhibition,
  inhibitions,
  type Matched,
  sameStack,
  waiting,
} from "../prometheus/composites";
import { dashboard } from "../prometheus/dashboard";
import { secretReceiver } from "../prometheus/receivers";
import { prometheusRules, siteLabels } from "../prometheus/rules";
import { watches, type Watch } from "../prometheus/watches";

export interface KubernetesPrometheusArgs extends MonitoringArgs {
  /**
   * Namespace, and the labels of the pods that may connect.
   * @example new KubernetesNamespace("shop", { namespace: "shop" })
   */
  readonly network: KubernetesNetwork;
  /**
   * Server that takes e-mail, with its port, and the sender.
   *
   * @default what Alertmanager's own configuration says
   * @example { host: "smtp.example.com", port: 587, from: "alerts@example.com" }
   */
  readonly smtp?: { readonly host: string; readonly from: string };
  /** Labels by which the cluster's Prometheus and Alertmanager choose. @default none @example { release: "prometheus" } */
  readonly selectorLabels?: Readonly<Record<string, string>>;
  /** Namespace of Prometheus and Grafana, for the port-forward. @default monitoring @example "observability" */
  readonly monitoringNamespace?: Input<string>;
  /**
   * Address of Grafana.
   *
   * @default the output says how to reach it by a port-forward
   * @example "https://grafana.example.com"
   */
  readonly grafanaUrl?: Input<string>;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly rules?: Transform<CustomResourceArgs>;
    readonly alertmanagerConfig?: Transform<CustomResourceArgs>;
  };
}

type ObjectMeta = types.input.meta.v1.ObjectMeta;

interface Scrape {
  /** Pod label to the identifier of the source that is its value. */
  readonly selector: Readonly<Record<string, string>>;
  /** Pod labels that become labels of the series, under the names that the table's queries use. */
  readonly keep?: Readonly<Record<string, string>>;
}

/** What is scraped for a kind of source. The other kinds are seen by what these say. */
const scrapes: Partial<Record<SignalKind, Scrape>> = {
  service: {
    selector: { "app.kubernetes.io/name": "workload" },
    // Which release a replica is of: Argo Rollouts' analysis compares two.
    keep: { "rollouts-pod-template-hash": "rollouts_pod_template_hash" },
  },
  cache: { selector: { "app.kubernetes.io/name": "workload" } },
  database: { selector: { "cnpg.io/cluster": "cluster" }, keep: { "cnpg.io/cluster": "cluster" } },
};

/**
 * The table of signals on the Prometheus operator (https://prometheus-operator.dev): a PodMonitor for each source, one
 * PrometheusRule, an AlertmanagerConfig with the receivers, and a dashboard that Grafana's sidecar picks up by its label.
 * It needs the operator in the cluster, for example by the chart kube-prometheus-stack. Costs a few time series.
 */
export class KubernetesPrometheus extends ComponentResource implements Monitoring {
  readonly dashboard: Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: KubernetesPrometheusArgs,
    options?: ComponentResourceOptions,
  ) {
    super("slipway:monitoring:KubernetesPrometheus", name, {}, transforming(options, args.transform));
    const watched = watches(args.sources, args.thresholds);

    for (const source of args.sources) this.scrape(source);
    // Where somebody else decides who is notified, each alert of them is one more.
    const { emails, webhook } = args.notify;
    const own = args.compositeAlarms !== false && (emails.length > 0 || webhook !== undefined);
    const together = watched.apply((each) => (own ? composedOf(each) : []));
    this.createRules(watched, together);
    this.createReceivers(together);
    this.dashboard = this.createDashboard(watched);
    this.registerOutputs({ dashboard: this.dashboard });
  }

  private metadata(suffix = "", more?: Readonly<Record<string, string>>): ObjectMeta {
    const labels = { ...this.args.selectorLabels, ...more };
    return {
      name: `${this.name}${suffix}`,
      namespace: this.args.network.namespace,
      // Servers drop an empty mapping, which Pulumi would then add at every deployment.
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
    };
  }

  private scrape(source: SignalSource): void {
    const scrape = scrapes[source.kind];
    if (scrape === undefined) return;
    const relabelings = Object.entries(scrape.keep ?? {}).map(([label, targetLabel]) => ({
      sourceLabels: [`__meta_kubernetes_pod_label_${label.replaceAll(/[^a-zA-Z0-9]/g, "_")}`],
      targetLabel,
    }));
    const matchLabels = Object.fromEntries(
      Object.entries(scrape.selector).map(([label, identifier]) => [label, source.identifiers[identifier]]),
    );
    new CustomResource(
      `${this.name}-${source.name}`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PodMonitor",
        // Prometheus calls the job `namespace/name` after this object: the sources' queries count on it.
        metadata: { ...this.metadata(), name: source.name },
        spec: {
          selector: { matchLabels },
          podMetricsEndpoints: [
            { port: "metrics", interval: "15s", ...(relabelings.length === 0 ? {} : { relabelings }) },
          ],
        },
      },
      { parent: this },
    );
  }

  private createRules(watched: Output<Watch[]>, together: Output<Composed[]>): void {
    const rules = all([watched, together, this.args.network.namespace]).apply(([each, composites, namespace]) => {
      const labels = { namespace, ...siteLabels(this.args.domain) };
      return [...prometheusRules(each, labels), ...compositeRules(composites, each, labels)];
    });
    new CustomResource(
      ...childOf<CustomResourceArgs>(
        `${this.name}-rules`,
        {
          apiVersion: "monitoring.coreos.com/v1",
          kind: "PrometheusRule",
          metadata: this.metadata(),
          spec: { groups: [{ name: "slipway", rules }] },
        },
        { parent: this },
        this.args.transform?.rules,
      ),
    );
  }

  /** Alertmanager takes only alerts with this namespace's label to these receivers: no other team's. */
  private createReceivers(together: Output<Composed[]>): void {
    const { emails, webhook } = this.args.notify;
    if (emails.length === 0 && webhook === undefined) return;
    const receiver = {
      name: "team",
      ...(emails.length === 0 ? {} : { emailConfigs: emails.map((to) => this.email(to)) }),
      ...(webhook === undefined ? {} : secretReceiver(webhook, this.webhook(webhook))),
    };
    new CustomResource(
      ...childOf<CustomResourceArgs>(
        `${this.name}-receivers`,
        {
          apiVersion: "monitoring.coreos.com/v1alpha1",
          kind: "AlertmanagerConfig",
          metadata: this.metadata(),
          spec: {
            route: {
              receiver: receiver.name,
              groupBy: ["alertname", "source"],
              groupWait: "30s",
              groupInterval: "5m",
              repeatInterval: "24h",
              routes: together.apply((composites) => [
                ...composedRoutes(composites, receiver.name),
                {
                  receiver: receiver.name,
                  matchers: [{ name: "severity", matchType: "=", value: "page" }],
                  repeatInterval: "2h",
                },
              ]),
            },
            // The operator adds the namespace to each rule: https://prometheus-operator.dev/docs/api-reference/api/
            inhibitRules: together.apply((composites) =>
              composites.length > 0 ? inhibitions(composites).map(inhibitRule) : undefined,
            ),
            receivers: together.apply((composites) => [
              receiver,
              ...(composites.length > 0 ? [{ name: "nobody" }] : []),
            ]),
          },
        },
        { parent: this },
        this.args.transform?.alertmanagerConfig,
      ),
    );
  }

  private email(to: string): object {
    const { smtp } = this.args;
    return { to, sendResolved: true, ...(smtp === undefined ? {} : { smarthost: smtp.host, from: smtp.from }) };
  }

  /** The address of a chat's webhook is its password. The SDK keeps what is in a Secret secret in state and previews. */
  private webhook(url: string): { readonly name: Output<string>; readonly key: string } {
    const object = new Secret(
      `${this.name}-webhook`,
      { metadata: this.metadata("-webhook"), type: "Opaque", stringData: { url } },
      { parent: this },
    );
    return { name: object.metadata.name, key: "url" };
  }

  private createDashboard(watched: Output<Watch[]>): Output<string> {
    const { network, grafanaUrl, monitoringNamespace = "monitoring" } = this.args;
    const uid = network.namespace.apply((namespace) => `slipway-${namespace}`.slice(0, 40));
    const json = watched.apply((each) =>
      uid.apply((uid) => JSON.stringify(dashboard(uid, `Slipway ${uid.slice("slipway-".length)}`, each), null, 2)),
    );
    new ConfigMap(
      `${this.name}-dashboard`,
      { metadata: this.metadata("-dashboard", { grafana_dashboard: "1" }), data: { "slipway.json": json } },
      { parent: this },
    );
    return grafanaUrl === undefined
      ? interpolate`kubectl -n ${monitoringNamespace} port-forward service/kube-prometheus-stack-grafana 3000:80, then http://localhost:3000/d/${uid}`
      : interpolate`${output(grafanaUrl).apply((url) => url.replace(/\/$/, ""))}/d/${uid}`;
  }
}

const matcher = ({ label, values }: Matched) => ({
  name: label,
  matchType: values.length > 1 ? "=~" : "=",
  value: values.join("|"),
});

const inhibitRule = ({ source, target }: Inhibition) => ({
  sourceMatch: [matcher(source)],
  targetMatch: [matcher(target)],
  equal: [...sameStack],
});

/** Those that wait for what is worse, and those that notify nobody. */
const composedRoutes = (composites: readonly Composed[], receiver: string) => [
  ...(composites.length > 0
    ? [{ receiver: "nobody", matchers: [{ name: "severity", matchType: "=", value: "none" }] }]
    : []),
  ...waiting(composites).map(({ id, seconds, severity }) => ({
    receiver,
    matchers: [{ name: "composite", matchType: "=", value: id }],
    groupWait: `${seconds}s`,
    ...(severity === "page" && { repeatInterval: "2h" }),
  })),
];
