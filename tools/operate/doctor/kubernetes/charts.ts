import type { Install } from "../contract";
import type { Facts } from "./facts";

/** A chart, pinned: what was the newest on 2026-09-01. What its operator is called in the cluster is an operator's row. */
export interface Chart {
  readonly release: string;
  readonly chart: string;
  /** Of a repository that is no OCI registry. */
  readonly repository?: string;
  readonly version: string;
  readonly namespace: (facts: Facts) => string;
  readonly values?: (facts: Facts) => Readonly<Record<string, unknown>>;
  /** What it needs is installed before. */
  readonly order?: number;
}

/** Argo loads it when it starts. https://rollouts-plugin-trafficrouter-gatewayapi.readthedocs.io/en/latest/installation/ */
const gatewayPlugin = {
  "controller.trafficRouterPlugins": [
    { name: "argoproj-labs/gatewayAPI", location: "file:///plugins/rollouts-plugin-trafficrouter-gatewayapi" },
  ],
  "controller.initContainers": [
    {
      name: "copy-gateway-api-plugin",
      image: "ghcr.io/argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi:v0.15.0",
      command: ["/bin/sh", "-c"],
      args: ["cp /bin/rollouts-plugin-trafficrouter-gatewayapi /plugins"],
      volumeMounts: [{ name: "plugins", mountPath: "/plugins" }],
    },
  ],
  "controller.volumes": [{ name: "plugins", emptyDir: {} }],
  "controller.volumeMounts": [{ name: "plugins", mountPath: "/plugins" }],
};

export const charts = {
  "cert-manager": {
    release: "cert-manager",
    chart: "oci://quay.io/jetstack/charts/cert-manager",
    version: "v1.21.2",
    namespace: () => "cert-manager",
    values: () => ({ "crds.enabled": true }),
  },
  "cloudnative-pg": {
    release: "cnpg",
    chart: "cloudnative-pg",
    repository: "https://cloudnative-pg.github.io/charts",
    version: "0.29.0",
    namespace: ({ settings }) => settings.kubernetes.operatorNamespace,
  },
  "barman-plugin": {
    release: "plugin-barman-cloud",
    chart: "plugin-barman-cloud",
    repository: "https://cloudnative-pg.github.io/charts",
    version: "0.7.0",
    namespace: ({ settings }) => settings.kubernetes.operatorNamespace,
    // Its certificates are cert-manager's, and it announces itself to the operator.
    order: 2,
  },
  "argo-rollouts": {
    release: "argo-rollouts",
    chart: "argo-rollouts",
    repository: "https://argoproj.github.io/argo-helm",
    version: "2.41.0",
    namespace: () => "argo-rollouts",
    values: (facts) => (needsGatewayPlugin(facts) ? gatewayPlugin : {}),
  },
  "metrics-server": {
    release: "metrics-server",
    chart: "metrics-server",
    repository: "https://kubernetes-sigs.github.io/metrics-server",
    version: "3.13.1",
    namespace: () => "kube-system",
  },
  "kube-prometheus-stack": {
    release: "kube-prometheus-stack",
    chart: "kube-prometheus-stack",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "88.5.3",
    namespace: ({ settings }) => settings.kubernetes.monitoringNamespace,
    // As docs/kubernetes.md has it: it looks at every namespace.
    values: () => ({
      "prometheus.prometheusSpec.podMonitorSelectorNilUsesHelmValues": false,
      "prometheus.prometheusSpec.ruleSelectorNilUsesHelmValues": false,
      "alertmanager.alertmanagerSpec.alertmanagerConfigSelector": {},
      "grafana.sidecar.dashboards.searchNamespace": "ALL",
    }),
  },
  keda: {
    release: "keda",
    chart: "keda",
    repository: "https://kedacore.github.io/charts",
    version: "2.20.2",
    namespace: () => "keda",
  },
  "external-secrets": {
    release: "external-secrets",
    chart: "external-secrets",
    repository: "https://charts.external-secrets.io",
    version: "2.9.0",
    namespace: () => "external-secrets",
  },
} as const satisfies Readonly<Record<string, Chart>>;

export type ChartName = keyof typeof charts;

/** Whether Argo has to move the weights of a route. A blue-green release moves a Service's selector. */
export function needsGatewayPlugin({ settings: { kubernetes, release } }: Facts): boolean {
  return release.strategy === "canary" && (kubernetes.gateway ?? kubernetes.gatewayClass) !== undefined;
}

export function installOf(name: ChartName, facts: Facts): Install {
  const { release, chart, repository, version, namespace, values, order = 1 }: Chart = charts[name];
  const context = facts.cluster.flags.flatMap((flag) => flag.replace(/^--context$/, "--kube-context"));
  return {
    program: "helm",
    order,
    args: [
      ...["upgrade", "--install", release, chart],
      ...(repository === undefined ? [] : ["--repo", repository]),
      ...["--version", version, "--namespace", namespace(facts), "--create-namespace", ...context],
      ...Object.entries(values?.(facts) ?? {}).flatMap(([path, value]) => [
        "--set-json",
        `${path}=${JSON.stringify(value)}`,
      ]),
      ...["--wait", "--timeout", "5m"],
    ],
  };
}
