import { defaultBodyMb } from "../../components/ingress/contract";
import { isAlb } from "../../components/ingress/kubernetes-alb";
import { isIngressNginx } from "../../components/ingress/kubernetes-nginx";
import { expectedReference, kubernetesSecretReference } from "../../components/secrets/kubernetes-secret-reference";
import { documentation } from "../../components/shared/documentation";
import { requestsPerMinutePerReplica } from "../../components/workload/scaling-defaults";
import { type Constraint, referencesIn } from "../settings/constraint";
import { leastAnalysisMinutes } from "../../components/workload/kubernetes/rollout";
import { problem } from "../settings/problems";
import type { KubernetesSettings } from "../settings/settings";

const releases: Constraint = ({ release: { strategy }, kubernetes }) => {
  if (strategy === "linear") {
    return problem(
      "release.strategy",
      strategy,
      "is what ECS calls a canary in equal steps: expected rolling, blue-green or canary",
    );
  }
  return strategy === "canary" && kubernetes.prometheusUrl === undefined
    ? problem("kubernetes.prometheusUrl", undefined, "is missing: a canary is judged by what Prometheus says of it")
    : [];
};

const backups: Constraint = ({ preset, database, kubernetes }) => {
  const { backupBucket, backupEndpoint, backupServerName, backupCredentialsSecret } = kubernetes;
  if (database.implementation !== "cloudnative-pg") return [];
  if (backupBucket !== undefined) {
    return backupEndpoint === undefined || backupBucket.startsWith("s3://")
      ? []
      : problem(
          "kubernetes.backupEndpoint",
          backupEndpoint,
          `is the address of an S3 API, and backupBucket is none of S3: expected s3://bucket/path, or no endpoint`,
        );
  }
  return [
    ...(preset === "production"
      ? problem(
          "kubernetes.backupBucket",
          undefined,
          "is missing: s3://bucket/path for the backups of a production database; or preset staging, which goes without, or an external database",
        )
      : []),
    ...Object.entries({ backupEndpoint, backupServerName, backupCredentialsSecret }).flatMap(([key, value]) =>
      value === undefined ? [] : problem(`kubernetes.${key}`, value, "is of no use without kubernetes.backupBucket"),
    ),
  ];
};

const rdsBeside: Constraint = ({ database }) =>
  database.implementation !== "rds"
    ? []
    : (["vpcId", "subnetIds", "clientSecurityGroupIds"] as const).flatMap((key) =>
        database[key] === undefined
          ? problem(`database.${key}`, undefined, "is missing: RDS beside Kubernetes lives in the cluster's VPC")
          : [],
      );

/** A release that can only pass is not judged. */
const analysis: Constraint = ({ release, kubernetes }) => {
  if (kubernetes.prometheusUrl === undefined || release.strategy === "rolling") return [];
  const key = release.strategy === "blue-green" ? "bakeMinutes" : "stepMinutes";
  return release[key] >= leastAnalysisMinutes
    ? []
    : problem(
        `release.${key}`,
        release[key],
        `is too short to judge a release by: the first measurement looks back at 2 minutes, and it takes two; expected ${leastAnalysisMinutes} or more`,
      );
};

/** By the usual names of classes; what another name stands for, only the cluster knows. */
function ownGateway(gatewayClass: string): ReturnType<Constraint> {
  // https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/gateway-api/
  if (gatewayClass === "traefik") {
    return problem(
      "kubernetes.gatewayClass",
      gatewayClass,
      "takes no ports but those of its own entry points, 8000 and 8443 by its chart; expected kubernetes.gateway, the one that the chart makes",
    );
  }
  return besideTheirGateway.includes(gatewayClass)
    ? problem(
        "kubernetes.gatewayClass",
        gatewayClass,
        "runs its proxies and their load balancer in the Gateway's namespace, and the stack's lets in neither; expected kubernetes.gateway, a Gateway in a namespace of its own",
      )
    : [];
}

/**
 * https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment,
 * https://docs.nginx.com/nginx-gateway-fabric/install/deploy-data-plane/, https://kgateway.dev/docs/,
 * https://projectcontour.io/docs/main/config/gateway-api/ (its provisioner)
 */
const besideTheirGateway = ["istio", "nginx", "kgateway", "agentgateway", "contour"];

const ingress: Constraint = ({ kubernetes, tls, preset }) => {
  const { gateway, gatewayClass, ingressClass, networkPlugin } = kubernetes;
  return [
    ...(gateway !== undefined && gatewayClass !== undefined
      ? problem(
          "kubernetes.gatewayClass",
          gatewayClass,
          "makes a Gateway; expected that or kubernetes.gateway, which exists",
        )
      : []),
    ...(gateway !== undefined && tls.issuer !== undefined
      ? problem(
          "tls.issuer",
          tls.issuer,
          "is of no use with kubernetes.gateway: the Gateway's owner gives its listener a certificate; expected neither, or kubernetes.gatewayClass for a Gateway of the stack",
        )
      : []),
    ...(gatewayClass !== undefined && tls.issuer === undefined
      ? problem(
          "tls.issuer",
          undefined,
          "is missing: the stack's Gateway needs a certificate; expected a ClusterIssuer",
        )
      : []),
    ...((gateway ?? gatewayClass) !== undefined && ingressClass !== undefined
      ? problem(
          "kubernetes.ingressClass",
          ingressClass,
          "is of no use with kubernetes.gateway: an HTTPRoute has no class",
        )
      : []),
    ...(gatewayClass === undefined ? [] : ownGateway(gatewayClass)),
    ...((gatewayClass ?? ingressClass) === "cilium" && networkPlugin !== "cilium"
      ? problem(
          "kubernetes.networkPlugin",
          networkPlugin,
          "lets nothing in from Cilium's own ingress, which is no pod and has no address: expected cilium",
        )
      : []),
    ...(isAlb(ingressClass) && tls.issuer !== undefined
      ? problem(
          "tls.issuer",
          tls.issuer,
          "is of no use with an ALB, whose certificates are those of ACM for the domain: expected none",
        )
      : []),
    ...(preset === "production" && ingressIsAnyPod(kubernetes)
      ? problem(
          "kubernetes.ingressNamespace",
          undefined,
          "is missing: the namespace of the ingress controller's pods, which alone may reach the application; or kubernetes.ingressCidrs",
        )
      : []),
  ];
};

/** An Ingress has no word for a redirect to another name, and controllers' annotations for it lose the path. */
const redirects: Constraint = ({ domain, network: { redirectFrom = [] }, kubernetes: { gateway, gatewayClass } }) => [
  ...redirectFrom.flatMap((name, index) =>
    name === domain || redirectFrom.indexOf(name) !== index
      ? problem("network.redirectFrom", name, "is another name of the stack already")
      : [],
  ),
  ...(redirectFrom.length > 0 && (gateway ?? gatewayClass) === undefined
    ? problem(
        "network.redirectFrom",
        undefined,
        "takes a gateway, since an Ingress cannot redirect one name to another: expected kubernetes.gateway, kubernetes.gatewayClass, or a redirect of your DNS provider",
      )
    : []),
];

/** Only one kind of Ingress has a word for it, and what nobody reads must not look as if it were kept to. */
const bodySize: Constraint = ({ network: { maxBodyMb }, kubernetes: { gateway, gatewayClass, ingressClass } }) => {
  if (maxBodyMb === defaultBodyMb) return [];
  const routed = (gateway ?? gatewayClass) !== undefined;
  if (!routed && isIngressNginx(ingressClass)) return [];
  const through = routed
    ? "an HTTPRoute has no word for it"
    : `an Ingress of class ${ingressClass ?? "of the cluster's own choice"} has no annotation for it`;
  return problem(
    "network.maxBodyMb",
    maxBodyMb,
    `cannot act: ${through}. Expected kubernetes.ingressClass nginx, or the controller's own way: ${documentation("kubernetes.md#ingress")}`,
  );
};

/** Kubernetes' own autoscaler sees CPU and memory; KEDA asks Prometheus for what the platform in the application counts. */
const requestScaling: Constraint = ({ service, kubernetes: { autoscaler, prometheusUrl } }) => {
  if (autoscaler !== "keda") {
    return service.requestsPerMinutePerReplica === requestsPerMinutePerReplica
      ? []
      : problem(
          "service.requestsPerMinutePerReplica",
          service.requestsPerMinutePerReplica,
          "cannot act: Kubernetes' own autoscaler sees CPU and memory. Expected kubernetes.autoscaler: keda, which asks kubernetes.prometheusUrl",
        );
  }
  return [
    ...(prometheusUrl === undefined
      ? problem("kubernetes.prometheusUrl", undefined, "is missing: KEDA asks Prometheus how many requests there are")
      : []),
    ...(service.health === undefined
      ? []
      : problem(
          "kubernetes.autoscaler",
          autoscaler,
          "counts requests by metrics, which an image without @slipway/next has none of: expected hpa",
        )),
  ];
};

/** The API server refuses a pod that asks for more than it may take. */
const requests: Constraint = ({ service, kubernetes: { requestCpuMillis, requestMemoryMb } }) => [
  ...(requestCpuMillis !== undefined && requestCpuMillis > service.cpuMillis
    ? problem("kubernetes.requestCpuMillis", requestCpuMillis, `is more than service.cpuMillis, ${service.cpuMillis}`)
    : []),
  ...(requestMemoryMb !== undefined && requestMemoryMb > service.memoryMb
    ? problem("kubernetes.requestMemoryMb", requestMemoryMb, `is more than service.memoryMb, ${service.memoryMb}`)
    : []),
];

/** Where the charts of ingress controllers put them by default. */
const namespaces: Readonly<Record<string, string>> = {
  traefik: "traefik",
  nginx: "ingress-nginx",
  haproxy: "haproxy-controller",
  kong: "kong",
  contour: "projectcontour",
  envoy: "envoy-gateway-system",
  eg: "envoy-gateway-system",
  istio: "istio-system",
  "webapprouting.kubernetes.azure.com": "app-routing-system",
};

/** Namespace of the pods that requests come from: as the settings say, or as follows from gateway and class. */
export function ingressNamespaceOf(kubernetes: KubernetesSettings["kubernetes"]): string | undefined {
  const { ingressNamespace, gateway, gatewayClass, ingressClass } = kubernetes;
  return ingressNamespace ?? gateway?.split("/")[0] ?? namespaces[gatewayClass ?? ingressClass ?? ""];
}

/** Whether nothing tells the requests of visitors from those of any pod in the cluster. */
export function ingressIsAnyPod(kubernetes: KubernetesSettings["kubernetes"]): boolean {
  const { ingressCidrs, networkPlugin } = kubernetes;
  return ingressNamespaceOf(kubernetes) === undefined && ingressCidrs === undefined && networkPlugin !== "cilium";
}

const uploads: Constraint = ({ preset, storage }) =>
  preset === "production" && storage.implementation === "none"
    ? problem(
        "storage.implementation",
        "none",
        "does not work with target kubernetes: each replica would keep uploads for itself, and lose them when it ends, which production cannot; expected external, with a bucket, or volume",
      )
    : [];

/** The stack makes the namespace, deletes it and says what may reach it. */
const namespace: Constraint = ({ kubernetes: { existingNamespace, namespace } }) => {
  if (namespace.startsWith("kube-")) {
    return problem(
      "kubernetes.namespace",
      namespace,
      "is Kubernetes' own: what a stack denies by default would be denied to the cluster's DNS too; expected another, such as shop",
    );
  }
  return namespace === "default" && existingNamespace !== true
    ? problem(
        "kubernetes.namespace",
        namespace,
        "is there already and the cluster's own: expected a name for a namespace of the stack, such as shop",
      )
    : [];
};

/** The namespace admits pods at `restricted` alone, and Prometheus has nothing to judge a release by. */
const plainImage: Constraint = ({ service: { user, health }, release }) => [
  ...(user === 0
    ? problem(
        "service.user",
        0,
        "is root, which the namespace's Pod Security Standard `restricted` refuses: expected 1 or more, an image that runs as another user, or target aws-ecs or docker with an exemption",
      )
    : []),
  ...(health !== undefined && release.strategy === "canary"
    ? problem(
        "release.strategy",
        release.strategy,
        "is judged by metrics, which an image without @slipway/next has none of: expected rolling or blue-green",
      )
    : []),
];

/** What a reference leads to is asked for when the pods start: a wrong one would be noticed by then. */
const references: Constraint = ({ secrets }) =>
  referencesIn(secrets).flatMap(({ setting, reference }) =>
    kubernetesSecretReference(reference) === undefined
      ? problem(`${setting}.reference`, undefined, `is none that Kubernetes knows: ${expectedReference}`)
      : [],
  );

/** What the stack would set on an account of its own. */
const serviceAccount: Constraint = ({ kubernetes: { serviceAccount, serviceAnnotations } }) =>
  serviceAccount !== undefined && serviceAnnotations !== undefined
    ? problem(
        "kubernetes.serviceAnnotations",
        undefined,
        "is of no use with kubernetes.serviceAccount, which is somebody else's: annotate that, or let the stack make one",
      )
    : [];

/** By these the stack's Services, budgets and network policies find its pods, and controllers theirs. */
const podLabels: Constraint = ({ kubernetes }) =>
  Object.entries(kubernetes.podLabels ?? {})
    .filter(([key]) => /^(app\.kubernetes\.io|slipway|cnpg\.io)\/|^(rollouts-)?pod-template-hash$/.test(key))
    .flatMap(([key, value]) =>
      problem(
        `kubernetes.podLabels.${key}`,
        value,
        "is the stack's own: expected labels of another prefix, such as team",
      ),
    );

export const kubernetesConstraints: readonly Constraint[] = [
  releases,
  analysis,
  backups,
  rdsBeside,
  ingress,
  uploads,
  namespace,
  plainImage,
  podLabels,
  redirects,
  bodySize,
  requestScaling,
  references,
  serviceAccount,
  requests,
];
