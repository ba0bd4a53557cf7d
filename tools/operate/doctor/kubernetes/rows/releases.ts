import { placeOf } from "../../../../../stacks/kubernetes/outbound";
import { charts, installOf, needsGatewayPlugin } from "../charts";
import { type Condition, type KubernetesObject, notTrue } from "../cluster";
import { commandLine } from "../../install";
import { type Facts, missing, present, type Row, setting, unknown } from "../facts";
import { askOperator, running } from "../operators";

const argoImage = /(^|\/)argo-rollouts$/;
const progressive = ({ settings: { release } }: Facts) => release.strategy !== "rolling";
const scalesByRequests = ({ settings: { kubernetes } }: Facts) => kubernetes.autoscaler === "keda";

export const releaseRows: readonly Row[] = [
  {
    id: "argo-rollouts",
    needs: "Argo Rollouts 1.8 or later",
    when: "`release.strategy` other than `rolling`",
    asked: "kubectl get --raw /apis/argoproj.io/v1alpha1",
    remedy: `chart argo-rollouts ${charts["argo-rollouts"].version}`,
    applies: progressive,
    ask: (facts) =>
      askOperator(
        facts,
        { groupVersion: "argoproj.io/v1alpha1", image: argoImage, least: "1.8", chart: "argo-rollouts" },
        "Argo Rollouts",
      ),
  },
  {
    id: "argo-gateway-plugin",
    needs: "Argo's Gateway API plugin, without which such a release never begins",
    when: "`release.strategy: canary` with `kubernetes.gateway` or `kubernetes.gatewayClass`",
    asked: "kubectl get --raw /api/v1/namespaces/argo-rollouts/configmaps/argo-rollouts-config",
    remedy: "https://rollouts-plugin-trafficrouter-gatewayapi.readthedocs.io; --install does it with Argo's chart",
    applies: needsGatewayPlugin,
    async ask(facts) {
      const [argo] = await running(facts.cluster, argoImage);
      const namespace = argo?.workload.metadata.namespace ?? "argo-rollouts";
      const map = await facts.cluster.get<{ data?: Record<string, string> }>(
        `/api/v1/namespaces/${namespace}/configmaps/argo-rollouts-config`,
      );
      if (map?.data?.["trafficRouterPlugins"]?.includes("argoproj-labs/gatewayAPI") === true) {
        return present(`argoproj-labs/gatewayAPI, in ${namespace}/argo-rollouts-config`);
      }
      const install = installOf("argo-rollouts", facts);
      return {
        state: "missing",
        found: `${namespace}/argo-rollouts-config ${map === undefined ? "is not there" : "names no such plugin"}`,
        fix: [commandLine(install.program, install.args)],
        // Where Argo was installed in another way, the chart would be a second one.
        ...(argo === undefined ? { install } : {}),
      };
    },
  },
  {
    id: "prometheus-url",
    needs: "the Prometheus that judges releases and counts requests",
    when: "`kubernetes.prometheusUrl`",
    asked: "kubectl get --raw /api/v1/namespaces/NAMESPACE/services/NAME",
    remedy: "`kubernetes.prometheusUrl`",
    applies: (facts) =>
      (progressive(facts) || scalesByRequests(facts)) && facts.settings.kubernetes.prometheusUrl !== undefined,
    async ask(facts) {
      const { prometheusUrl, monitoringNamespace } = facts.settings.kubernetes;
      const url = new URL(prometheusUrl!);
      const { namespace } = placeOf(prometheusUrl!, "argo-rollouts") ?? {};
      if (namespace === undefined)
        return unknown(`${url.host} is outside of the cluster: only who asks it there knows if it answers`);
      const [name] = url.hostname.split(".");
      const path = `/api/v1/namespaces/${namespace}/services/${name}`;
      const service = await facts.cluster.get<{ spec: { ports: { port: number }[] } }>(path);
      const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
      if (service?.spec.ports.some((each) => each.port === port) === true) return present(prometheusUrl!);
      const [other] = (await facts.cluster.list("v1", "services", monitoringNamespace)).filter(({ metadata }) =>
        /prometheus$/.test(metadata.name),
      );
      return missing(
        service === undefined ? `there is no Service ${name} in ${namespace}` : `that Service has no port ${port}`,
        other === undefined
          ? "# name its Service"
          : setting(facts, "kubernetes.prometheusUrl", `http://${other.metadata.name}.${monitoringNamespace}:9090`),
      );
    },
  },
  {
    id: "keda",
    needs: "KEDA 2.15 or later",
    when: "`kubernetes.autoscaler: keda`",
    asked: "kubectl get --raw /apis/keda.sh/v1alpha1",
    remedy: `chart keda ${charts.keda.version}`,
    applies: scalesByRequests,
    ask: (facts) =>
      askOperator(
        facts,
        { groupVersion: "keda.sh/v1alpha1", image: /(^|\/)keda$/, least: "2.15", chart: "keda" },
        "KEDA",
      ),
  },
  {
    id: "metrics-server",
    needs: "the metrics API",
    when: "`service.minReplicas` below `service.maxReplicas`",
    asked: "kubectl get --raw /apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io",
    remedy: `chart metrics-server ${charts["metrics-server"].version}`,
    applies: ({ settings: { service } }) => service.minReplicas < service.maxReplicas,
    async ask(facts) {
      const path = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io";
      const found = await facts.cluster.get<{ status?: { conditions?: Condition[] } }>(path);
      const install = installOf("metrics-server", facts);
      const fix = [commandLine(install.program, install.args)];
      if (found === undefined) return { state: "missing", found: "nothing serves it", fix, install };
      const problem = notTrue(found, "Available");
      return problem === undefined
        ? present("metrics.k8s.io is available")
        : missing(problem, "kubectl --namespace kube-system logs deployment/metrics-server");
    },
  },
];

export const secretRows: readonly Row[] = [
  {
    id: "external-secrets",
    needs: "External Secrets 0.17 or later",
    when: "`secrets.NAME.reference: store:path`",
    asked: "kubectl get --raw /apis/external-secrets.io/v1",
    remedy: `chart external-secrets ${charts["external-secrets"].version}`,
    applies: (facts) => stores(facts).length > 0,
    ask: (facts) =>
      askOperator(
        facts,
        { groupVersion: "external-secrets.io/v1", image: /(^|\/)external-secrets$/, chart: "external-secrets" },
        "External Secrets",
      ),
  },
  {
    id: "secret-stores",
    needs: "the ClusterSecretStores, ready",
    when: "`secrets.NAME.reference: store:path`",
    asked: "kubectl get --raw /apis/external-secrets.io/v1/clustersecretstores",
    remedy: "https://external-secrets.io/latest/api/clustersecretstore/",
    applies: (facts) => stores(facts).length > 0,
    async ask(facts) {
      const found = await facts.cluster.list<KubernetesObject & { status?: { conditions?: Condition[] } }>(
        ...(["external-secrets.io/v1", "clustersecretstores"] as const),
      );
      const problems = stores(facts).flatMap((name) => {
        const store = found.find(({ metadata }) => metadata.name === name);
        const problem = store === undefined ? "is not there" : notTrue(store, "Ready");
        return problem === undefined ? [] : [`${name}: ${problem}`];
      });
      return problems.length === 0
        ? present(stores(facts).join(", "))
        : missing(problems.join("; "), "# https://external-secrets.io/latest/api/clustersecretstore/");
    },
  },
  {
    id: "reloader",
    level: "recommended",
    needs: "Reloader, which replaces pods when a secret changes outside of Pulumi",
    when: "`secrets.NAME.reference`",
    asked: "kubectl get --raw /apis/apps/v1/deployments",
    remedy: "https://github.com/stakater/Reloader, with --is-Argo-Rollouts=true for Rollouts",
    applies: ({ settings: { secrets } }) =>
      Object.values(secrets).some((source) => typeof source === "object" && "reference" in source),
    async ask(facts) {
      const [found] = await running(facts.cluster, /(^|\/)reloader$/);
      return found === undefined
        ? missing("pods keep the old value until they are replaced", "# https://github.com/stakater/Reloader")
        : present(`${found.workload.metadata.namespace}/${found.workload.metadata.name}`);
    },
  },
];

function stores({ settings: { secrets } }: Facts): string[] {
  const references = Object.values(secrets).flatMap((source) =>
    typeof source === "object" && "reference" in source && source.reference.includes(":")
      ? [source.reference.split(":")[0]!]
      : [],
  );
  return [...new Set(references)];
}
