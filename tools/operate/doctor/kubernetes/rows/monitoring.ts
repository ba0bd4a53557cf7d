import { charts } from "../charts";
import type { KubernetesObject } from "../cluster";
import { type Facts, missing, present, type Row, setting } from "../facts";
import { askOperator } from "../operators";
import { documentation } from "../../../../../components/shared/documentation";

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

interface Server extends KubernetesObject {
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What is read by whom, by which fields. A selector that is not there matches nothing; an empty one, everything. */
const readers = [
  ["prometheuses", "podMonitor", "PodMonitors"],
  ["prometheuses", "rule", "PrometheusRules"],
  ["alertmanagers", "alertmanagerConfig", "AlertmanagerConfigs"],
] as const;

export const monitoringRows: readonly Row[] = [
  {
    id: "prometheus-operator",
    needs: "the Prometheus operator",
    when: "every stack: alarms and dashboard",
    asked: "kubectl get --raw /apis/monitoring.coreos.com/v1",
    remedy: `chart kube-prometheus-stack ${charts["kube-prometheus-stack"].version}, with the values of ${documentation("kubernetes.md")}`,
    applies: () => true,
    ask: (facts) =>
      askOperator(
        facts,
        {
          groupVersion: "monitoring.coreos.com/v1",
          image: /(^|\/)prometheus-operator$/,
          chart: "kube-prometheus-stack",
        },
        "Prometheus operator",
      ),
  },
  {
    id: "prometheus-namespace",
    needs: "Prometheus in `kubernetes.monitoringNamespace`, which alone may read metrics",
    when: "every stack",
    asked: "kubectl get --raw /apis/monitoring.coreos.com/v1/prometheuses",
    remedy: "`kubernetes.monitoringNamespace`",
    applies: () => true,
    async ask(facts) {
      const { monitoringNamespace } = facts.settings.kubernetes;
      const servers = await facts.cluster.list<Server>("monitoring.coreos.com/v1", "prometheuses");
      const namespaces = servers.map(({ metadata }) => metadata.namespace!);
      if (namespaces.length === 0) return missing("no Prometheus of the operator runs", "# install it, as above");
      return namespaces.includes(monitoringNamespace)
        ? present(monitoringNamespace)
        : missing(
            `it is in ${namespaces.join(", ")}`,
            setting(facts, "kubernetes.monitoringNamespace", namespaces[0]!),
          );
    },
  },
  {
    id: "prometheus-selects",
    needs: "a Prometheus and an Alertmanager that read this namespace's objects, by their labels",
    when: "every stack",
    asked: "kubectl get --raw /apis/monitoring.coreos.com/v1/prometheuses",
    remedy: `\`kubernetes.monitoringLabels\`, or the chart's values of ${documentation("kubernetes.md")}`,
    applies: () => true,
    ask: askSelectors,
  },
];

async function askSelectors(facts: Facts) {
  const { cluster, settings } = facts;
  const { namespace, monitoringLabels = {} } = settings.kubernetes;
  const { emails, webhook } = settings.monitoring;
  const own = {
    "kubernetes.io/metadata.name": namespace,
    "pod-security.kubernetes.io/enforce": "restricted",
    ...(await cluster.get<KubernetesObject>(`/api/v1/namespaces/${namespace}`))?.metadata.labels,
  };
  const problems: string[] = [];
  for (const [plural, field, what] of readers) {
    if (what === "AlertmanagerConfigs" && emails.length === 0 && webhook === undefined) continue;
    const servers = await cluster.list<Server>("monitoring.coreos.com/v1", plural);
    const reads = servers.some(({ metadata, spec }) => {
      const namespaces = spec[`${field}NamespaceSelector`] as Selector | undefined;
      // Without one, only its own namespace.
      const inScope = namespaces === undefined ? metadata.namespace === namespace : matches(namespaces, own);
      const selector = spec[`${field}Selector`] as Selector | undefined;
      return inScope && selector !== undefined && matches(selector, monitoringLabels);
    });
    if (!reads) problems.push(servers.length === 0 ? `there are no ${plural}` : `no one reads its ${what}`);
  }
  if (problems.length === 0) return present("alarms, metrics and receivers are read");
  const servers = await cluster.list<Server>("monitoring.coreos.com/v1", "prometheuses");
  const wanted = servers.flatMap(({ spec }) =>
    Object.entries((spec["ruleSelector"] as Selector | undefined)?.matchLabels ?? {}),
  );
  return missing(
    [...new Set(problems)].join("; "),
    ...(wanted.length === 0
      ? [`# select every namespace: the values of ${documentation("kubernetes.md#what-the-cluster-must-have")}`]
      : wanted.map(([label, value]) => setting(facts, `kubernetes.monitoringLabels["${label}"]`, value))),
  );
}

function matches(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([label, value]) => labels[label] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      const among = value !== undefined && values.includes(value);
      return operator === "In" ? among : !among;
    })
  );
}
