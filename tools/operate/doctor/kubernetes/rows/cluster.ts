import type { Condition, KubernetesObject } from "../cluster";
import { type Facts, kubectl, missing, present, type Row } from "../facts";
import { isOlder } from "../operators";

/** `preStop` sleeps without a shell from here on. https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/ */
const leastVersion = "1.30";

interface Node extends KubernetesObject {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export const clusterRows: readonly Row[] = [
  {
    id: "version",
    needs: `Kubernetes ${leastVersion} or later`,
    when: "every stack",
    asked: "kubectl get --raw /version",
    remedy: "upgrade the cluster",
    applies: () => true,
    async ask({ cluster }) {
      const { gitVersion = "" } = (await cluster.get<{ gitVersion: string }>("/version")) ?? {};
      const version = /^v(\d+\.\d+\.\d+)/.exec(gitVersion)?.[1] ?? "0";
      return isOlder(version, leastVersion)
        ? missing(`it is ${gitVersion}`, "# upgrade the control plane and the nodes, one minor version after the other")
        : present(`Kubernetes ${gitVersion}`);
    },
  },
  {
    id: "api-versions",
    needs: "every kind of object that the stack makes, in its version",
    when: "every stack",
    asked: "kubectl api-resources",
    remedy: "install what serves it; the rows below say what",
    applies: () => true,
    async ask(facts) {
      const lacking: string[] = [];
      const kinds = await facts.kinds();
      for (const each of kinds) {
        const [groupVersion, kind] = each.split(" ") as [string, string];
        if (!(await facts.cluster.kinds(groupVersion)).has(kind)) lacking.push(each);
      }
      return lacking.length === 0
        ? present(`all ${kinds.length} kinds are served`)
        : missing(`not served: ${lacking.join(", ")}`, "# install what serves them, as below, or upgrade it");
    },
  },
  {
    id: "permissions",
    needs: "you may make, read, change and delete what the stack is made of",
    when: "every stack",
    asked: "kubectl create --filename - # SelfSubjectAccessReviews",
    remedy: "a role in the cluster",
    applies: () => true,
    ask: askPermissions,
  },
  {
    id: "existing-namespace",
    needs: "the namespace",
    when: "`kubernetes.existingNamespace`",
    asked: "kubectl get --raw /api/v1/namespaces/NAMESPACE",
    remedy: "kubectl create namespace NAMESPACE",
    applies: ({ settings: { kubernetes } }) => kubernetes.existingNamespace === true,
    async ask(facts) {
      const { namespace } = facts.settings.kubernetes;
      return (await facts.cluster.get(`/api/v1/namespaces/${namespace}`)) === undefined
        ? missing(`there is no ${namespace}`, kubectl(facts, "create", "namespace", namespace))
        : present(namespace);
    },
  },
  {
    id: "service-account",
    needs: "the ServiceAccount",
    when: "`kubernetes.serviceAccount`",
    asked: "kubectl get --raw /api/v1/namespaces/NAMESPACE/serviceaccounts/NAME",
    remedy: "kubectl create serviceaccount NAME, or leave the setting out",
    applies: ({ settings: { kubernetes } }) => kubernetes.serviceAccount !== undefined,
    async ask(facts) {
      const { namespace, serviceAccount } = facts.settings.kubernetes;
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}`;
      return (await facts.cluster.get(path)) === undefined
        ? missing(
            `there is no ${serviceAccount} in ${namespace}`,
            kubectl(facts, "--namespace", namespace, "create", "serviceaccount", serviceAccount!),
          )
        : present(`${namespace}/${serviceAccount}`);
    },
  },
  {
    id: "priority-class",
    needs: "the PriorityClass",
    when: "`kubernetes.priorityClass`",
    asked: "kubectl get --raw /apis/scheduling.k8s.io/v1/priorityclasses/NAME",
    remedy: "kubectl create priorityclass NAME --value 1000, or leave the setting out",
    applies: ({ settings: { kubernetes } }) => kubernetes.priorityClass !== undefined,
    async ask(facts) {
      const name = facts.settings.kubernetes.priorityClass!;
      return (await facts.cluster.get(`/apis/scheduling.k8s.io/v1/priorityclasses/${name}`)) === undefined
        ? missing(`there is no ${name}`, kubectl(facts, "create", "priorityclass", name, "--value", "1000"))
        : present(name);
    },
  },
  {
    id: "nodes",
    needs: "nodes that may run the pods",
    when: "every stack",
    asked: "kubectl get --raw /api/v1/nodes",
    remedy: "more nodes, or another `kubernetes.nodeSelector`",
    applies: () => true,
    async ask(facts) {
      const usable = await usableNodes(facts);
      const { nodeSelector = {} } = facts.settings.kubernetes;
      const [[label, value] = [undefined, ""]] = Object.entries(nodeSelector);
      if (usable.length > 0) return present(usable.length === 1 ? "1 node" : `${usable.length} nodes`);
      return missing(
        label === undefined
          ? "no node is ready and takes pods"
          : `no node that is ready and takes pods has the labels of kubernetes.nodeSelector`,
        label === undefined
          ? kubectl(facts, "describe", "nodes")
          : kubectl(facts, "label", "node", "NODE", `${label}=${value}`),
      );
    },
  },
  {
    id: "zones",
    level: "recommended",
    needs: "nodes in more than one zone",
    when: "`database.standby`, or more than one replica",
    asked: "kubectl get --raw /api/v1/nodes",
    remedy: "nodes in another zone",
    applies: ({ settings: { database, service } }) => database.standby || service.minReplicas > 1,
    async ask(facts) {
      const label = "topology.kubernetes.io/zone";
      const zones = new Set((await usableNodes(facts)).map(({ metadata }) => metadata.labels?.[label] ?? ""));
      return zones.size > 1
        ? present([...zones].sort().join(", "))
        : missing(
            `all nodes are in ${[...zones][0] || "no zone that they name"}: losing it loses the site`,
            `# add nodes in another zone; where they are, label them: ${kubectl(facts, "label", "node", "NODE", `${label}=ZONE`)}`,
          );
    },
  },
  {
    id: "secrets-in-namespace",
    level: "recommended",
    needs: "the Secrets that the settings name",
    when: "`kubernetes.imagePullSecret`, `kubernetes.backupCredentialsSecret`, `secrets.NAME.reference: name/key`",
    asked: "kubectl get --raw /api/v1/namespaces/NAMESPACE/secrets/NAME",
    remedy: "kubectl create secret, while the first `pulumi up` waits for its pods",
    applies: (facts) => namedSecrets(facts).length > 0,
    async ask(facts) {
      const { namespace } = facts.settings.kubernetes;
      const absent: string[] = [];
      for (const name of namedSecrets(facts)) {
        const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
        if ((await facts.cluster.get(path)) === undefined) absent.push(name);
      }
      return absent.length === 0
        ? present(namedSecrets(facts).join(", "))
        : missing(
            `not in ${namespace}: ${absent.join(", ")}`,
            ...absent.map((name) => `# ${kubectl(facts, "--namespace", namespace, "create", "secret", "…", name)}`),
          );
    },
  },
];

async function usableNodes({ cluster, settings: { kubernetes } }: Facts): Promise<Node[]> {
  const nodes = await cluster.list<Node>("v1", "nodes");
  return nodes.filter(
    ({ spec, status, metadata: { labels } }) =>
      spec?.unschedulable !== true &&
      status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true &&
      Object.entries(kubernetes.nodeSelector ?? {}).every(([label, value]) => labels?.[label] === value),
  );
}

function namedSecrets({ settings: { kubernetes, secrets } }: Facts): string[] {
  const { imagePullSecret, backupCredentialsSecret } = kubernetes;
  const references = Object.values(secrets).flatMap((source) =>
    typeof source === "object" && "reference" in source && !source.reference.includes(":")
      ? [source.reference.split("/")[0]!]
      : [],
  );
  return [...new Set([imagePullSecret ?? [], backupCredentialsSecret ?? [], references].flat())];
}

const verbs = ["create", "get", "patch", "delete"] as const;

/** All in one request, each answered by the API server as for the act itself. */
async function askPermissions(facts: Facts) {
  const { cluster, settings } = facts;
  const reviews: object[] = [];
  for (const each of await facts.kinds()) {
    const [groupVersion, kind] = each.split(" ") as [string, string];
    const [version, group = ""] = groupVersion.split("/").reverse() as [string, string?];
    const resource = (await cluster.kinds(groupVersion)).get(kind);
    if (resource === undefined) continue;
    for (const verb of verbs) {
      const resourceAttributes = {
        ...{ verb, group, version, resource },
        ...(kind === "Namespace" ? {} : { namespace: settings.kubernetes.namespace }),
      };
      reviews.push({
        ...{ apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview" },
        spec: { resourceAttributes },
      });
    }
  }
  const at = (field: string) => `{.spec.resourceAttributes.${field}}`;
  const answered = await cluster.ask(reviews, [at("verb"), at("resource"), at("group"), "{.status.allowed}"]);
  const refused = answered.flatMap(([verb, resource, group, allowed]) =>
    allowed === "true" ? [] : [`${verb} ${resource}${group ? `.${group}` : ""}`],
  );
  return refused.length === 0
    ? present(`all ${answered.length} were allowed`)
    : missing(
        `not allowed: ${refused.join(", ")}`,
        "# a cluster administrator can give you the role:",
        kubectl(
          facts,
          ...["create", "rolebinding", "slipway", "--clusterrole", "admin", "--user", "YOU"],
          ...["--namespace", settings.kubernetes.namespace],
        ),
        "# the namespace itself, and kinds of operators that do not add theirs to `admin`, need a ClusterRole",
      );
}
