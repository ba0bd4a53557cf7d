import * as ipaddr from "ipaddr.js";
import { z } from "zod";
import * as format from "../formats";
import { flag, oneOf, text, whole } from "../formats";
import { affinity } from "./affinity";

/** Annotations or labels: keys of Kubernetes with values of text. */
export const annotations = (description: string, example: Readonly<Record<string, string>>) =>
  z
    .record(
      z
        .string()
        .regex(
          /^([a-z0-9.-]+\/)?[A-Za-z0-9][\w.-]{0,62}$/,
          "expected a key such as eks.amazonaws.com/role-arn or release",
        ),
      z.string("expected text"),
    )
    .meta({ description, example });

/** Labels: values are short and plain, or the API server refuses them. */
export const labels = (description: string, example: Readonly<Record<string, string>>) =>
  z
    .record(
      z
        .string()
        .regex(
          /^([a-z0-9.-]+\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/,
          "expected a key such as kubernetes.io/arch or release",
        ),
      z
        .string("expected text")
        .regex(
          /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/,
          "expected letters, digits, hyphens, dots and underscores, at most 63, as every label's value",
        ),
    )
    .meta({ description, example });

const cidr = (value: string): string | undefined =>
  ipaddr.isValidCIDR(value) ? undefined : "expected a range of addresses such as 10.0.0.0/16";

const cidrs = (description: string, example: readonly string[]) =>
  z
    .array(text({ description: "A range.", example: example[0] }, cidr))
    .min(1)
    .meta({ description, example });

const port = whole(1, 65535, { description: "TCP port." });

/** What NetworkPolicies allow beside what follows from the other settings. */
export const outbound = z
  .array(
    z
      .strictObject({
        cidr: text({ description: "Addresses.", example: "10.8.0.0/16" }, cidr).optional(),
        namespace: text(
          { description: "Namespace of the cluster, all of its pods." },
          format.kubernetesName,
        ).optional(),
        ports: z
          .array(port)
          .min(1)
          .meta({ description: "TCP ports. Default: all.", example: [8080] })
          .optional(),
      })
      .refine((to) => (to.cidr === undefined) !== (to.namespace === undefined), "expected either cidr or namespace"),
  )
  .meta({
    on: ["kubernetes"],
    description:
      "What the application may call beside what the settings name: addresses or a namespace. NetworkPolicies know no names.",
    example: [{ namespace: "search", ports: [7700] }, { cidr: "10.8.0.0/16" }],
  });

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
const toleration = z
  .strictObject({
    key: z.string().optional(),
    operator: z.enum(["Exists", "Equal"], "expected Exists or Equal").optional(),
    value: z.string("expected text").optional(),
    effect: z
      .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"], "expected NoSchedule, PreferNoSchedule or NoExecute")
      .optional(),
    tolerationSeconds: z.int().optional(),
  })
  .superRefine(({ key, operator, value, effect, tolerationSeconds }, context) => {
    const say = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (operator === "Exists" && value !== undefined) say("value", "goes with operator Equal: Exists takes no value");
    if (!key && operator !== "Exists")
      say("key", "is missing: expected a taint's key, or operator Exists for all of them");
    if (tolerationSeconds !== undefined && effect !== "NoExecute")
      say("tolerationSeconds", "goes with effect NoExecute");
  });

/** How the cluster's network, nodes and clouds differ from the plainest. All are optional. */
export const clusterShape = {
  existingNamespace: flag({
    description:
      "The namespace is there already and somebody else's: its labels, quota and limits are left alone. All of its pods are denied what no NetworkPolicy allows, also those of others. Default: false.",
  }).optional(),
  networkPlugin: oneOf(["standard", "cilium"], {
    description:
      "What enforces NetworkPolicies. Cilium knows its own ingress, the API server and the node's DNS cache by names of its own, for which CiliumNetworkPolicies are made. Default: standard.",
  }).optional(),
  ingressCidrs: cidrs(
    "Addresses that requests come from where the ingress controller is no pod, or one in its node's network: a cloud's load balancer or an ingress controller with hostNetwork.",
    ["10.0.0.0/16"],
  ).optional(),
  dnsCidrs: cidrs(
    "Addresses of DNS beside kube-system and the node's cache at 169.254.20.10. On GKE with Cloud DNS: 169.254.169.254/32.",
    ["169.254.169.254/32"],
  ).optional(),
  apiServerCidrs: cidrs("Addresses of the Kubernetes API, which the database's servers call. Default: any.", [
    "172.16.0.2/32",
  ]).optional(),
  apiServerPorts: z
    .array(port)
    .min(1)
    .meta({
      description: "Ports of the Kubernetes API behind its Service. Default: 443 and 6443.",
      example: [443, 16443],
    })
    .optional(),
  workloadIdentity: oneOf(["eks", "gke", "aks", "none"], {
    description:
      "How pods get a role of the cloud, for which its metadata address is opened or pods are labelled. Default: eks, which opens the address of EKS Pod Identity alone.",
  }).optional(),
  serviceAccount: text(
    { description: "ServiceAccount of the application that exists. Default: the stack makes one." },
    format.kubernetesSubdomain,
  ).optional(),
  gatewayClass: text(
    {
      description:
        "The stack makes a Gateway of this class, with a certificate of `tls.issuer`, instead of using one that exists.",
      example: "envoy",
    },
    format.kubernetesSubdomain,
  ).optional(),
  routeAnnotations: annotations("Annotations of the Ingress or the HTTPRoutes, which controllers read.", {
    "external-dns.alpha.kubernetes.io/ttl": "60",
  }).optional(),
  nodeSelector: labels("Labels that nodes must have to run any pod of the stack.", {
    "kubernetes.io/arch": "arm64",
  }).optional(),
  tolerations: z
    .array(toleration)
    .meta({
      description: "Taints of nodes that any pod of the stack tolerates.",
      example: [{ key: "dedicated", operator: "Equal", value: "web", effect: "NoSchedule" }],
    })
    .optional(),
  affinity: affinity.optional(),
  priorityClass: text(
    { description: "PriorityClass of the application's and the database's pods. Default: the cluster's own." },
    format.kubernetesSubdomain,
  ).optional(),
  podLabels: labels("More labels of the application's pods.", { team: "shop" }).optional(),
  podAnnotations: annotations("More annotations of the application's pods.", {
    "sidecar.istio.io/inject": "false",
  }).optional(),
  requestCpuMillis: whole(10, 16000, {
    description:
      "CPU that a node keeps for each replica, `service.cpuMillis` at most, which stays the limit. `service.targetCpuPercent` is a share of this. Default: the limit.",
    unit: "thousandths of a CPU",
    example: 250,
  }).optional(),
  requestMemoryMb: whole(32, 122880, {
    description:
      "Memory that a node keeps for each replica, `service.memoryMb` at most, which stays the limit. `service.targetMemoryPercent` is a share of this. Default: the limit.",
    unit: "MiB",
    example: 384,
  }).optional(),
  cpuLimit: flag({
    description:
      "Whether replicas, workers and jobs are throttled at their CPU. `false`: they take what their node has left. Default: true.",
  }).optional(),
  autoscaler: oneOf(["hpa", "keda"], {
    description:
      "What adds replicas. `hpa`: Kubernetes' own autoscaler, by CPU and memory. `keda`: [KEDA](https://keda.sh) 2.15 or later, by requests too (`service.requestsPerMinutePerReplica`), which it asks `kubernetes.prometheusUrl` for. Default: hpa.",
  }).optional(),
  poolerCpuMillis: whole(50, 16000, {
    description: "CPU of each pgbouncer. Default: a quarter of the database's, 250 at least.",
    unit: "thousandths of a CPU",
  }).optional(),
  poolerMemoryMb: whole(64, 16384, {
    description:
      "Memory of each pgbouncer. Default: for the connections of all replicas and workers, 164 at least: docs/kubernetes.md#sizes.",
    unit: "MiB",
  }).optional(),
  backupCpuMillis: whole(50, 16000, {
    description: "CPU of what archives beside each database server. Default: a quarter of the server's, 250 at least.",
    unit: "thousandths of a CPU",
  }).optional(),
  backupMemoryMb: whole(64, 16384, {
    description: "Memory of what archives beside each database server. Default: 256.",
    unit: "MiB",
  }).optional(),
  cacheCpuMillis: whole(50, 16000, {
    description: "CPU of the cache. Default: 250, and 500 from 1 GiB of entries on.",
    unit: "thousandths of a CPU",
  }).optional(),
  serviceZones: oneOf(["required", "preferred"], {
    description:
      "Whether replicas are spread evenly over the zones there are. `required`: one waits rather than make a zone have two more than another. Default: `preferred`.",
  }).optional(),
  databaseZones: oneOf(["required", "preferred"], {
    description:
      "Whether database servers must be in two zones at least. `required`: a standby waits for a second zone rather than run beside its primary. Default: `required` in production with a standby, else `preferred`.",
  }).optional(),
  uploadsGb: whole(1, 65536, {
    description: "Size of the uploads' volume, with `storage.implementation: volume`. Default: 20.",
    unit: "GiB",
  }).optional(),
  uploadsStorageClass: text(
    { description: "Class of the uploads' volume: one whose volumes several nodes can write.", example: "efs" },
    format.kubernetesSubdomain,
  ).optional(),
  walStorageGb: whole(1, 4096, {
    description: "A volume of its own for the database's write-ahead log. Default: on the volume of the data.",
    unit: "GiB",
  }).optional(),
};
