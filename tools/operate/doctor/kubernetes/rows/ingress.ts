import { charts } from "../charts";
import { type Condition, type KubernetesObject, notTrue } from "../cluster";
import { type Facts, kubectl, missing, present, type Row, setting } from "../facts";
import { askOperator, isOlder } from "../operators";
import { documentation } from "../../../../../components/shared/documentation";

const api = "/apis/gateway.networking.k8s.io/v1";
/** `timeouts` of a rule are in its standard channel from here on. */
const leastGatewayApi = "1.2";

interface Listener {
  readonly name: string;
  readonly hostname?: string;
  readonly allowedRoutes?: {
    readonly namespaces?: {
      readonly from?: "Same" | "All" | "Selector" | "None";
      readonly selector?: {
        readonly matchLabels?: Readonly<Record<string, string>>;
        readonly matchExpressions?: object[];
      };
    };
  };
}

interface Gateway extends KubernetesObject {
  readonly spec: { readonly gatewayClassName: string; readonly listeners: readonly Listener[] };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const viaGateway = ({ settings: { kubernetes } }: Facts) =>
  (kubernetes.gateway ?? kubernetes.gatewayClass) !== undefined;

export const ingressRows: readonly Row[] = [
  {
    id: "ingress-class",
    needs: "an ingress controller's class",
    when: "neither `kubernetes.gateway` nor `kubernetes.gatewayClass`",
    asked: "kubectl get --raw /apis/networking.k8s.io/v1/ingressclasses",
    remedy: "install an ingress controller, or name a class that is there",
    applies: (facts) => !viaGateway(facts),
    async ask(facts) {
      const classes = await facts.cluster.list("networking.k8s.io/v1", "ingressclasses");
      const { ingressClass } = facts.settings.kubernetes;
      const isDefault = ({ metadata }: KubernetesObject) =>
        metadata.annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true";
      const found = classes.find((each) =>
        ingressClass === undefined ? isDefault(each) : each.metadata.name === ingressClass,
      );
      if (found !== undefined) return present(found.metadata.name);
      return missing(
        ingressClass === undefined ? "no class is the default" : `there is no class ${ingressClass}`,
        ...(classes.length === 0
          ? [
              "# none at all: install an ingress controller, such as https://doc.traefik.io/traefik/getting-started/install-traefik/",
            ]
          : classes.map(({ metadata }) => setting(facts, "kubernetes.ingressClass", metadata.name))),
      );
    },
  },
  {
    id: "gateway-api",
    needs: `Gateway API ${leastGatewayApi} or later`,
    when: "`kubernetes.gateway` or `kubernetes.gatewayClass`",
    asked:
      "kubectl get --raw /apis/apiextensions.k8s.io/v1/customresourcedefinitions/httproutes.gateway.networking.k8s.io",
    remedy: "kubectl apply --server-side of the release's standard-install.yaml",
    applies: viaGateway,
    async ask(facts) {
      const definition = await facts.cluster.get<KubernetesObject>(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/httproutes.gateway.networking.k8s.io",
      );
      const version = definition?.metadata.annotations?.["gateway.networking.k8s.io/bundle-version"]?.replace(/^v/, "");
      if (version !== undefined && !isOlder(version, leastGatewayApi)) return present(`Gateway API ${version}`);
      return missing(
        definition === undefined ? "nothing serves HTTPRoutes" : `its definitions are of ${version ?? "no version"}`,
        kubectl(
          facts,
          ...["apply", "--server-side", "--filename"],
          "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.3.0/standard-install.yaml",
        ),
      );
    },
  },
  {
    id: "gateway",
    needs: "the Gateway, with listeners `https` and `http` that let the namespace's routes attach",
    when: "`kubernetes.gateway`",
    asked: `kubectl get --raw ${api}/namespaces/NAMESPACE/gateways/NAME`,
    remedy: `${documentation("kubernetes.md#ingress")} has the listeners; or \`kubernetes.gatewayClass\` for one of the stack's own`,
    applies: ({ settings: { kubernetes } }) => kubernetes.gateway !== undefined,
    ask: askGateway,
  },
  {
    id: "gateway-class",
    needs: "the GatewayClass, accepted by its controller",
    when: "`kubernetes.gatewayClass`",
    asked: `kubectl get --raw ${api}/gatewayclasses/NAME`,
    remedy: "install a Gateway API implementation, or name a class that is there",
    applies: ({ settings: { kubernetes } }) => kubernetes.gatewayClass !== undefined,
    async ask(facts) {
      const name = facts.settings.kubernetes.gatewayClass!;
      const found = await facts.cluster.get<{ status?: { conditions?: Condition[] } }>(`${api}/gatewayclasses/${name}`);
      if (found === undefined) {
        const classes = await facts.cluster.list("gateway.networking.k8s.io/v1", "gatewayclasses");
        return missing(
          `there is no class ${name}`,
          ...(classes.length === 0
            ? ["# install an implementation: https://gateway-api.sigs.k8s.io/implementations/"]
            : classes.map(({ metadata }) => setting(facts, "kubernetes.gatewayClass", metadata.name))),
        );
      }
      const problem = notTrue(found, "Accepted");
      return problem === undefined ? present(name) : missing(problem, kubectl(facts, "describe", "gatewayclass", name));
    },
  },
  {
    id: "cert-manager",
    needs: "cert-manager 1.15 or later",
    when: "`tls.issuer`, and the Barman Cloud plugin of `kubernetes.backupBucket`",
    asked: "kubectl get --raw /apis/cert-manager.io/v1",
    remedy: `chart cert-manager ${charts["cert-manager"].version}`,
    applies: ({ settings: { tls, kubernetes, database } }) =>
      tls.issuer !== undefined ||
      (database.implementation === "cloudnative-pg" && kubernetes.backupBucket !== undefined),
    ask: (facts) =>
      askOperator(
        facts,
        {
          groupVersion: "cert-manager.io/v1",
          image: /(^|\/)cert-manager-controller$/,
          least: "1.15",
          chart: "cert-manager",
        },
        "cert-manager",
      ),
  },
  {
    id: "issuer",
    needs: "the ClusterIssuer, ready",
    when: "`tls.issuer`",
    asked: "kubectl get --raw /apis/cert-manager.io/v1/clusterissuers/NAME",
    remedy: "https://cert-manager.io/docs/configuration/acme/",
    applies: ({ settings: { tls } }) => tls.issuer !== undefined,
    async ask(facts) {
      const name = facts.settings.tls.issuer!;
      const path = `/apis/cert-manager.io/v1/clusterissuers/${name}`;
      const issuer = await facts.cluster.get<{ status?: { conditions?: Condition[] } }>(path);
      if (issuer === undefined) {
        return missing(`there is no ${name}`, "# make it: https://cert-manager.io/docs/configuration/acme/");
      }
      const problem = notTrue(issuer, "Ready");
      return problem === undefined
        ? present(name)
        : missing(problem, kubectl(facts, "describe", "clusterissuer", name));
    },
  },
];

async function askGateway(facts: Facts) {
  const { cluster, settings } = facts;
  const [namespace, name] = settings.kubernetes.gateway!.split("/") as [string, string];
  const gateway = await cluster.get<Gateway>(`${api}/namespaces/${namespace}/gateways/${name}`);
  if (gateway === undefined) {
    return missing(
      `there is no Gateway ${name} in ${namespace}`,
      `# its owner makes it, with the listeners of ${documentation("kubernetes.md#ingress")}`,
    );
  }
  const describe = kubectl(facts, "--namespace", namespace, "describe", "gateway", name);
  const problem = notTrue(gateway, "Programmed");
  if (problem !== undefined) return missing(problem, describe);
  const own = settings.kubernetes.namespace;
  const labels = {
    "kubernetes.io/metadata.name": own,
    ...(await cluster.get<KubernetesObject>(`/api/v1/namespaces/${own}`))?.metadata.labels,
  };
  const problems = ["https", "http"].flatMap((listener) => {
    const found = gateway.spec.listeners.find((each) => each.name === listener);
    if (found === undefined) return [`it has no listener ${listener}`];
    return [
      ...(admits(found, namespace, own, labels)
        ? []
        : [`its listener ${listener} does not let routes of ${own} attach`]),
      ...(covers(found.hostname, settings.domain) ? [] : [`its listener ${listener} is for ${found.hostname}`]),
    ];
  });
  return problems.length === 0
    ? present(`${namespace}/${name}`)
    : missing(problems.join("; "), `# its owner adds what is missing: ${documentation("kubernetes.md#ingress")}`);
}

function admits(
  { allowedRoutes }: Listener,
  namespace: string,
  own: string,
  labels: Readonly<Record<string, string>>,
): boolean {
  const { from = "Same", selector } = allowedRoutes?.namespaces ?? {};
  if (from === "All") return true;
  if (from === "Same") return namespace === own;
  // Expressions are not read here: the Gateway's own status says whether the route is attached.
  return (
    from === "Selector" &&
    Object.entries(selector?.matchLabels ?? {}).every(([label, value]) => labels[label] === value)
  );
}

function covers(hostname: string | undefined, domain: string): boolean {
  if (hostname === undefined || hostname === domain) return true;
  return hostname.startsWith("*.") && domain.endsWith(hostname.slice(1));
}
