import { ingressIsAnyPod, ingressNamespaceOf } from "../../stacks/kubernetes/constraints";
import type { KubernetesSettings } from "../../stacks/settings/settings";
import { findProgram, run } from "./programs";

/** An end of a connection: a pod, or an address that is no pod's. */
export interface End {
  readonly title: string;
  readonly address: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
  /** What is promised. */
  readonly allowed: boolean;
}

/** Who there is, in a stack and around it. Labels of the database's pods are those that CloudNativePG gives them. */
function endsOf(settings: KubernetesSettings) {
  const { namespace, operatorNamespace, monitoringNamespace } = settings.kubernetes;
  const ingressNamespace = ingressNamespaceOf(settings.kubernetes);
  let count = 0;
  const pod = (title: string, labels: Readonly<Record<string, string>>, of = namespace): End => ({
    ...{ title, labels },
    namespace: of,
    address: `10.244.1.${++count}`,
  });
  const application = (name: string) => ({ "app.kubernetes.io/name": name, "slipway/role": "application" });
  const address = (title: string, value: string): End => ({ title, address: value });
  return {
    ingress: pod("ingress controller", { app: "ingress" }, ingressNamespace ?? "elsewhere"),
    prometheus: pod("Prometheus", { app: "prometheus" }, monitoringNamespace),
    operator: pod("CloudNativePG's operator", { app: "operator" }, operatorNamespace),
    stranger: pod("another pod of the namespace", { app: "stranger" }),
    neighbour: pod("a pod of another namespace", { app: "neighbour" }, "neighbours"),
    dns: pod("DNS", { "k8s-app": "kube-dns" }, "kube-system"),
    web: pod("application", application("web")),
    worker: pod("worker", application("worker-mail")),
    job: pod("job", application("job-cleanup")),
    migration: pod("migration", { "slipway/role": "application" }),
    cache: pod("cache", { "app.kubernetes.io/name": "cache" }),
    server: pod("PostgreSQL server", serverLabels),
    standby: pod("another PostgreSQL server", serverLabels),
    pooler: pod("pooler", poolerLabels),
    solver: pod("cert-manager's solver", { "acme.cert-manager.io/http01-solver": "true" }),
    search: pod("what network.outbound names", { app: "search" }, "search"),
    loadBalancer: address(
      "the load balancer",
      (settings.kubernetes.ingressCidrs?.[0] ?? "198.51.100.1").split("/")[0]!,
    ),
    internet: address("the internet", "203.0.113.7"),
    metadata: address("the node's metadata address", "169.254.169.254"),
    identity: address("EKS Pod Identity", "169.254.170.23"),
  };
}

/** What the policies go by. That the operator's pods have these is seen where it makes them: variants.cluster.test.ts. */
export const serverLabels = { "cnpg.io/cluster": "database", "cnpg.io/podRole": "instance" };
export const poolerLabels = { "cnpg.io/cluster": "database", "cnpg.io/poolerName": "database-pooler-rw" };

/** What a stack promises of each connection, by its settings. */
export function connectionsOf(settings: KubernetesSettings): Connection[] {
  const ends = endsOf(settings);
  const { kubernetes: cluster, service } = settings;
  const database = settings.database.implementation === "cloudnative-pg";
  const cache = settings.cache.implementation === "kubernetes";
  const cloud = cluster.workloadIdentity ?? "eks";
  const anyPod = ingressIsAnyPod(cluster);
  const rows: Connection[] = [];
  const add = (
    from: keyof typeof ends | readonly (keyof typeof ends)[],
    to: keyof typeof ends,
    ports: number | readonly number[],
    allowed: boolean,
    protocol: "TCP" | "UDP" = "TCP",
  ) => {
    for (const each of typeof from === "string" ? [from] : from) {
      for (const port of typeof ports === "number" ? [ports] : ports) {
        rows.push({ from: ends[each], to: ends[to], port, protocol, allowed });
      }
    }
  };

  add("ingress", "web", service.port, ingressNamespaceOf(cluster) !== undefined || anyPod);
  add("ingress", "web", service.metricsPort, false);
  add(["neighbour", "prometheus"], "web", service.port, anyPod);
  // A pod of the namespace is one of the cluster, but may send to nobody.
  add(["stranger", "cache", "pooler"], "web", service.port, false);
  add("internet", "web", service.port, false);
  add("prometheus", "web", service.metricsPort, true);
  add("neighbour", "web", service.metricsPort, false);
  add(["web", "stranger"], "dns", 53, true, "UDP");

  add("loadBalancer", "web", service.port, cluster.ingressCidrs !== undefined);
  if (settings.tls.issuer !== undefined) {
    add("ingress", "solver", 8089, ingressNamespaceOf(cluster) !== undefined || anyPod);
    add("ingress", "solver", 22, false);
  }

  const applications = ["web", "worker", "job", "migration"] as const;
  add(applications, "internet", 443, true);
  add(applications, "internet", 25, false);
  add(applications, "metadata", 80, cloud === "gke");
  add(applications, "identity", 80, cloud === "eks");
  add("stranger", "internet", 443, false);
  add(["neighbour", "ingress"], "worker", 8080, false);

  const search = settings.network.outbound?.some(({ namespace }) => namespace === "search") ?? false;
  add("web", "search", 7700, search);
  add("web", "search", 22, false);
  add("stranger", "search", 7700, false);

  if (cache) {
    add(applications, "cache", 6379, true);
    add(["stranger", "neighbour", "pooler", "server", "prometheus"], "cache", 6379, false);
    add("prometheus", "cache", 9121, true);
    add("cache", "internet", 443, false);
  }
  if (database) {
    add(applications, "pooler", 5432, true);
    add(applications, "server", 5432, true);
    add(applications, "server", 8000, false);
    add(["stranger", "neighbour", "cache", "prometheus", "ingress"], "server", 5432, false);
    add(["stranger", "neighbour", "cache", "ingress"], "pooler", 5432, false);
    add("operator", "server", [5432, 8000], true);
    add("pooler", "server", 5432, true);
    add("server", "standby", [5432, 8000], true);
    add("prometheus", "server", 9187, true);
    add("prometheus", "pooler", 9127, true);
    // The Kubernetes API and the bucket, which no selector can name.
    add("server", "internet", 443, true);
    add("server", "internet", 25, false);
    add("server", "metadata", 80, cloud === "gke");
  }
  return rows;
}

/**
 * Whether policies allow each connection, by cyclonus.
 *
 * @param policies objects of kind NetworkPolicy
 */
export async function judge(policies: readonly object[], connections: readonly Connection[]): Promise<boolean[]> {
  const peer = ({ namespace, labels, address }: End) => ({
    IP: address,
    ...(namespace === undefined
      ? {}
      : {
          Internal: {
            Namespace: namespace,
            NamespaceLabels: { "kubernetes.io/metadata.name": namespace },
            PodLabels: labels,
          },
        }),
  });
  const traffic = connections.map(({ from, to, port, protocol }) => ({
    Source: peer(from),
    Destination: peer(to),
    ResolvedPort: port,
    ResolvedPortName: "",
    Protocol: protocol,
  }));
  const said = await run(findProgram("cyclonus")!, [], JSON.stringify({ policies, traffic }));
  return said
    .trim()
    .split("\n")
    .map((line) => {
      const { egress, ingress } = JSON.parse(line) as { egress: boolean; ingress: boolean };
      return egress && ingress;
    });
}
