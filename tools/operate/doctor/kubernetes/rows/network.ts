import * as ipaddr from "ipaddr.js";
import { ingressNamespaceOf } from "../../../../../stacks/kubernetes/constraints";
import type { Cluster, KubernetesObject } from "../cluster";
import { type Facts, missing, present, type Row, setting, unknown } from "../facts";
import { running, type Workload } from "../operators";
import { probePolicies } from "../probe";
import { documentation } from "../../../../../components/shared/documentation";

interface EndpointSlice {
  readonly endpoints?: readonly { readonly addresses: readonly string[]; readonly conditions?: { ready?: boolean } }[];
  readonly ports?: readonly { readonly port?: number }[];
}

/** What enforces NetworkPolicies, by the name of its image. */
const enforcing =
  /(^|\/)(calico\/node|cilium\/cilium|cilium|antrea-agent[\w-]*|kube-router|azure-npm|kindnetd|ovn-kube[\w-]*|weave-npc|aws-network-policy-agent)$/;

export const networkRows: readonly Row[] = [
  {
    id: "network-policies",
    needs: "a network plugin that enforces NetworkPolicies",
    when: "every stack: its namespace denies by default",
    asked:
      "kubectl get --raw /apis/apps/v1/daemonsets; with --probe: three pods and a policy in a namespace of their own",
    remedy: `Calico, Cilium, or the cloud's own with policies switched on: ${documentation("kubernetes.md#clusters-that-differ")}`,
    applies: () => true,
    ask: (facts) => (facts.probe ? probePolicies(facts) : namedPlugin(facts)),
  },
  {
    id: "dns",
    needs: "DNS where the policies allow it",
    when: "every stack",
    asked: "kubectl get --raw /apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices",
    remedy: "`kubernetes.dnsCidrs`",
    applies: () => true,
    ask: askDns,
  },
  {
    id: "api-server",
    needs: "the Kubernetes API where the database's policies allow it",
    when: "`database.implementation: cloudnative-pg`",
    asked: "kubectl get --raw /apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
    remedy: "`kubernetes.apiServerPorts`, `kubernetes.apiServerCidrs`",
    applies: ({ settings: { database } }) => database.implementation === "cloudnative-pg",
    ask: askApiServer,
  },
  {
    id: "ingress-source",
    needs: "requests that come from where the policies allow it",
    when: "every stack",
    asked: "kubectl get --raw /api/v1/namespaces/NAMESPACE/pods",
    remedy: "`kubernetes.ingressNamespace`, `kubernetes.ingressCidrs`, `kubernetes.networkPlugin`",
    applies: () => true,
    ask: askIngressSource,
  },
];

async function namedPlugin(facts: Facts) {
  const { cluster, stack } = facts;
  const probe = `npx slipway doctor ${stack} --probe`;
  const { gitVersion = "" } = (await cluster.get<{ gitVersion: string }>("/version")) ?? {};
  for (const { workload } of await running(cluster, enforcing)) {
    const containers = workload.spec.template.spec.containers;
    // Of AWS the agent is always there, and idle until it is told.
    const aws = containers.find(({ image }) => /aws-network-policy-agent/.test(image));
    if (aws !== undefined && aws.args?.includes("--enable-network-policy=true") !== true) {
      return missing(
        "the VPC plugin's agent is there, and does not enforce",
        'aws eks update-addon --cluster-name CLUSTER --addon-name vpc-cni --configuration-values \'{"enableNetworkPolicy":"true"}\'',
      );
    }
    return present(`${workload.metadata.name} is known to enforce them; not tried (--probe)`);
  }
  if (gitVersion.includes("+k3s")) return present("k3s enforces them, unless it was told not to; not tried (--probe)");
  const [flannel] = await running(cluster, /(^|\/)flannel$/);
  if (flannel !== undefined) {
    return missing(
      "flannel, which enforces none: every pod of the cluster reaches the database",
      "# Calico beside it: https://docs.tigera.io/calico/latest/getting-started/kubernetes/flannel/install-for-flannel",
    );
  }
  return unknown("no plugin that is known here", probe);
}

async function askDns(facts: Facts) {
  const { cluster, settings } = facts;
  const allowed = ["169.254.20.10/32", ...(settings.kubernetes.dnsCidrs ?? [])];
  const [cache] = (await cluster.list<Workload>("apps/v1", "daemonsets")).filter(
    ({ metadata }) => metadata.name === "node-local-dns",
  );
  if (cache !== undefined) {
    const args = cache.spec.template.spec.containers.flatMap(({ args = [] }) => args);
    const listens = (args[args.indexOf("-localip") + 1] ?? "169.254.20.10").split(",");
    const shut = listens.filter((address) => !within(address, allowed));
    if (shut.length > 0 && shut.length === listens.length) {
      return missing(
        `NodeLocal DNSCache answers on ${shut.join(", ")}, which the policies do not allow`,
        setting(facts, "kubernetes.dnsCidrs[0]", `${shut[0]}/32`),
      );
    }
    if (shut.length > 0) {
      // With iptables it also answers on the Service's address, which is what pods have.
      return missing(
        `NodeLocal DNSCache also answers on ${shut.join(", ")}, which the policies do not allow`,
        setting(facts, "kubernetes.dnsCidrs[0]", `${shut[0]}/32`),
      );
    }
    return present(`NodeLocal DNSCache on ${listens.join(", ")}`);
  }
  const ready = (await slicesOf(cluster, "kube-system", "kube-dns")).flatMap(readyAddresses);
  if (ready.length > 0) return present(`kube-dns in kube-system, ${ready.length} addresses`);
  const nodes = await cluster.list<{ spec?: { providerID?: string } }>("v1", "nodes");
  const google = nodes.some(({ spec }) => spec?.providerID?.startsWith("gce:") === true);
  const metadata = "169.254.169.254";
  if (google && within(metadata, allowed)) return present(`Cloud DNS on ${metadata}`);
  if (google) {
    return missing(
      "no pod of kube-dns: GKE with Cloud DNS, whose address the policies do not allow",
      setting(facts, "kubernetes.dnsCidrs[0]", `${metadata}/32`),
    );
  }
  if (settings.kubernetes.dnsCidrs !== undefined) {
    return unknown(
      `no pod of kube-dns in kube-system; whether DNS is at ${settings.kubernetes.dnsCidrs.join(", ")} cannot be seen from here`,
      "# what a pod has: kubectl run dns --rm --stdin --image busybox --restart Never -- cat /etc/resolv.conf",
    );
  }
  return missing(
    "no pod of kube-dns in kube-system",
    "# what a pod has: kubectl run dns --rm --stdin --image busybox --restart Never -- cat /etc/resolv.conf",
    setting(facts, "kubernetes.dnsCidrs[0]", "ADDRESS/32"),
  );
}

async function askApiServer(facts: Facts) {
  const { apiServerPorts = [443, 6443], apiServerCidrs, networkPlugin } = facts.settings.kubernetes;
  if (networkPlugin === "cilium") return present("Cilium knows it as kube-apiserver");
  const slices = await slicesOf(facts.cluster, "default", "kubernetes");
  const ports = [...new Set(slices.flatMap(({ ports = [] }) => ports.flatMap(({ port }) => port ?? [])))];
  const servers = slices.flatMap(readyAddresses);
  if (ports.length === 0) return unknown("the Service default/kubernetes has no address");
  const shut = ports.filter((port) => !apiServerPorts.includes(port));
  if (shut.length > 0) {
    const [port] = shut;
    return missing(
      `it listens on ${shut.join(", ")}; the policies allow ${apiServerPorts.join(", ")}`,
      setting(facts, "kubernetes.apiServerPorts[0]", "443"),
      setting(facts, "kubernetes.apiServerPorts[1]", String(port)),
    );
  }
  const outside = apiServerCidrs === undefined ? [] : servers.filter((address) => !within(address, apiServerCidrs));
  return outside.length > 0
    ? missing(
        `it is at ${outside.join(", ")}, outside of kubernetes.apiServerCidrs`,
        setting(facts, `kubernetes.apiServerCidrs[${apiServerCidrs!.length}]`, `${outside[0]}/32`),
      )
    : present(`on ${ports.join(", ")}`);
}

/** Controllers whose requests come from no pod: what the policies have to allow instead. */
const withoutPods: readonly { readonly controller: RegExp; readonly allow: (facts: Facts) => string | undefined }[] = [
  {
    controller: /cilium/,
    allow: (facts) =>
      facts.settings.kubernetes.networkPlugin === "cilium"
        ? undefined
        : setting(facts, "kubernetes.networkPlugin", "cilium"),
  },
  {
    controller: /^(k8s\.io\/ingress-gce|ingress\.gke\.io|networking\.gke\.io)/,
    allow: (facts) => cidrsOr(facts, "130.211.0.0/22", "35.191.0.0/16"),
  },
  {
    controller: /^(ingress|eks|gateway)\.(k8s|amazonaws)\.(aws|com)\/(alb|nlb)/,
    allow: (facts) => cidrsOr(facts, "SUBNET"),
  },
  { controller: /azure/, allow: (facts) => cidrsOr(facts, "SUBNET") },
];

function cidrsOr(facts: Facts, ...cidrs: readonly string[]): string | undefined {
  return facts.settings.kubernetes.ingressCidrs === undefined
    ? cidrs.map((cidr, index) => setting(facts, `kubernetes.ingressCidrs[${index}]`, cidr)).join("\n")
    : undefined;
}

/** What is a proxy, by the name of its image. */
const proxies =
  /(^|\/)(traefik|ingress-nginx\/controller|kubernetes-ingress|haproxy-ingress|kong|envoy|proxyv2|nginx-gateway[\w-]*|contour)$/;

async function askIngressSource(facts: Facts) {
  const { cluster, settings } = facts;
  const controller = await controllerOf(facts);
  const special = withoutPods.find((each) => controller !== undefined && each.controller.test(controller));
  if (special !== undefined) {
    const fix = special.allow(facts);
    return fix === undefined
      ? present(`from ${controller}`)
      : missing(`requests of ${controller} come from no pod, and the policies allow pods`, ...fix.split("\n"));
  }
  const namespace = ingressNamespaceOf(settings.kubernetes);
  const cidrs = settings.kubernetes.ingressCidrs;
  if (namespace === undefined) {
    return present(cidrs === undefined ? "from any pod of the cluster" : `from ${cidrs.join(", ")}`);
  }
  const pods =
    (
      await cluster.get<{ items: { spec: { hostNetwork?: boolean } }[] }>(
        `/api/v1/namespaces/${namespace}/pods?limit=50`,
      )
    )?.items ?? [];
  if (pods.length > 0 && pods.every(({ spec }) => spec.hostNetwork === true)) {
    return cidrs === undefined
      ? missing(
          `the pods in ${namespace} are in their nodes' network, whose requests come from the nodes' addresses`,
          setting(facts, "kubernetes.ingressCidrs[0]", "RANGE-OF-THE-NODES"),
        )
      : present(`from ${cidrs.join(", ")}`);
  }
  if (pods.length > 0) return present(`from the pods in ${namespace}`);
  const elsewhere = [
    ...new Set((await running(cluster, proxies)).map(({ workload }) => workload.metadata.namespace!)),
  ].filter((each) => each !== namespace);
  return missing(
    `no pod runs in ${namespace}, whose pods alone may reach the application`,
    ...(elsewhere.length === 0
      ? ["# install the ingress controller or the gateway there"]
      : elsewhere.map((each) => setting(facts, "kubernetes.ingressNamespace", each))),
  );
}

/** `spec.controller` of the class that the stack's Ingress or Gateway has. */
async function controllerOf({ cluster, settings: { kubernetes } }: Facts): Promise<string | undefined> {
  const gateways = "/apis/gateway.networking.k8s.io/v1";
  const { gateway, gatewayClass, ingressClass } = kubernetes;
  let className = gatewayClass;
  if (gateway !== undefined) {
    const [namespace, name] = gateway.split("/");
    const found = await cluster.get<{ spec: { gatewayClassName: string } }>(
      `${gateways}/namespaces/${namespace}/gateways/${name}`,
    );
    className = found?.spec.gatewayClassName;
  }
  if (className !== undefined) {
    return (await cluster.get<{ spec: { controllerName: string } }>(`${gateways}/gatewayclasses/${className}`))?.spec
      .controllerName;
  }
  if (gateway !== undefined || ingressClass === undefined) return undefined;
  return (await cluster.get<IngressClass>(`/apis/networking.k8s.io/v1/ingressclasses/${ingressClass}`))?.spec
    ?.controller;
}

interface IngressClass extends KubernetesObject {
  readonly spec?: { readonly controller?: string };
}

async function slicesOf(cluster: Cluster, namespace: string, service: string): Promise<EndpointSlice[]> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  return (
    (await cluster.get<{ items: EndpointSlice[] }>(`${path}?labelSelector=kubernetes.io%2Fservice-name%3D${service}`))
      ?.items ?? []
  );
}

function readyAddresses({ endpoints = [] }: EndpointSlice): string[] {
  return endpoints.filter(({ conditions }) => conditions?.ready !== false).flatMap(({ addresses }) => addresses);
}

function within(address: string, cidrs: readonly string[]): boolean {
  const parsed = ipaddr.parse(address);
  return cidrs.some((cidr) => {
    const [range, bits] = ipaddr.parseCIDR(cidr);
    return range.kind() === parsed.kind() && parsed.match(range, bits);
  });
}
